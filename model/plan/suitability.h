// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "model/core/calibration.h"
#include "model/core/plan.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// Which quantile of the throughput to count on.
enum class Speed { slow, median, fast };

/// The one place where a plan's throughputs come from: the scenario's own, else the model's estimate of the
/// demand's workload on the offer's platform. Demands outer, offers inner, in the scenario's order.
std::vector<Suitability> suitabilities(const Scenario& scenario, const std::vector<Platform>& platforms,
                                       const std::vector<Workload>& workloads, Speed speed,
                                       const std::shared_ptr<const Calibration>& calibration);

}  // namespace ridgepoint
