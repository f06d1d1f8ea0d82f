// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/core/platform.h"
#include "model/core/recommendation.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// Where two straight lines meet at a positive x: base_a + slope_a x = base_b + slope_b x. For a batch (fixed
/// time and time a sample), an electricity price (fixed cost and energy), a utilisation (rent and ownership).
std::optional<double> meeting_point(double base_a, double slope_a, double base_b, double slope_b);

/// Time at the nominal peaks of the platform over modelled time: "reaches 22 % of peak". Absent where a peak
/// is not known.
std::optional<double> share_of_peak(const Workload& workload, const Platform& platform,
                                    const Estimate& estimate);

using PlatformOf = std::function<const Platform*(const std::string& id)>;

/// For each of the first three rivals, in closed form: its price, power, efficiency and share of peak at
/// which it draws level, and the choice's price; then the footprint at which the choice no longer fits. What
/// has no input in the answer is absent. Precondition: the answer is concluded.
std::vector<BreakEven> break_evens(const Answer& answer, Objective objective, const Workload& workload,
                                   const PlatformOf& platform_of);

}  // namespace ridgepoint
