// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/core/calibration.h"
#include "model/core/cost.h"
#include "model/core/platform.h"
#include "model/core/workload.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

struct SheetQuestion {
  Platform platform;
  std::optional<Workload> workload;
  std::string as_of;  ///< YYYY-MM
  double units = 1000;
  Settings settings;
  std::shared_ptr<const Calibration> calibration = {};  ///< of the time law; null: class efficiencies alone
};

/// What the platform costs under every way of paying, and the job's cost, energy and carbon under each. The
/// provenance is left to the caller.
CostSheet cost_sheet(const SheetQuestion& question);

}  // namespace ridgepoint::money
