// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/core/cost.h"
#include "model/core/platform.h"

namespace ridgepoint::money {

/// What a cost is asked under. Without assumptions only renting on demand has a cost, and energy is that of
/// the board's rated power.
struct Settings {
  CostBasis basis = CostBasis::rented;
  std::string region;                  ///< only offers of this region; empty = any
  int reserved_years = 1;              ///< 1 or 3
  std::optional<double> purchase_usd;  ///< of one device or socket, instead of the price files
  Facts assumptions;                   ///< configs/prices/assumptions.json and what overrides it
};

/// Which of the assumptions by class apply: "cpu" for sockets that boot, "accelerator" for the rest.
std::string family_of(PlatformClass kind);

/// Devices or sockets that share a server: the platform's own figure, else the assumption of its family.
std::optional<double> devices_per_server(const Platform& platform, const Settings& settings);

}  // namespace ridgepoint::money
