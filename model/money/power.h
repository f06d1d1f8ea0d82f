// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/money/factor.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

/// Watts of one device or socket with its share of the host, cooling left out.
struct Power {
  Factor rated;         ///< what room and cooling are built for
  Factor device, host;  ///< under load
  std::optional<Factor> idle;
  std::string how;  ///< of device + host
  Factor load() const { return device + host; }
};

/// From `power.load` and `power.idle` where the platform was measured, else class shares of its TDP. Without
/// those shares the board's TDP. Nothing when the platform says neither.
std::optional<Power> power_of(const Platform& platform, const Settings& settings);

/// g CO2e of one job of `time_s`: electricity (and idle hours where they are the user's), making the machine.
Bill carbon_of_job(const Platform& platform, const Settings& settings, const Factor& time_s);

/// J of one job: device and host.
Bill energy_of_job(const Platform& platform, const Settings& settings, const Factor& time_s);

}  // namespace ridgepoint::money
