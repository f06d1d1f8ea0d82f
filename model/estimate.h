// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "model/core/recommendation.h"
#include "model/core/workload.h"
#include "model/efficiency.h"
#include "model/law/predict.h"
#include "model/money/job.h"
#include "model/money/settings.h"

namespace ridgepoint {

/// Time, cost and energy of one workload on one platform.
///
/// Time comes from the calibrated law (law/law.h, law/predict.h). On the machine whose own kernels were
/// measured in every class that the job needs, and where no calibration is given, it is
///
///   T = sum over stages of max(work / P, (read + written) / B) / u        (Williams, Waterman, Patterson
///   2009)
///
/// P and B are sustained roofs (roofs.h), B that of the fastest tier which holds the whole footprint, u the
/// class's measured utilisation. ln T is taken as normal; the interval is 10 % to 90 %. Cost = T * price of
/// a useful hour / 3600; energy = T * power of device and host (model/money). What is not known is refused
/// with its reason, never replaced by zero.
struct EstimateContext {
  std::string as_of;
  Objective objective = Objective::cost;
  std::map<std::string, Efficiency> efficiency;
  std::string measured_id;     ///< id of the platform that the efficiencies were measured on; may be empty
  money::Settings money = {};  ///< how it is paid for; cost, energy and carbon follow model/money
  /// Rates worked out before, by platform; those that are not here are worked out each time.
  std::map<const Platform*, money::Rates> rates = {};
  std::shared_ptr<const Calibration> calibration = {};  ///< of the time law; null: class efficiencies alone
  /// What the law reads of platforms, worked out before; of those that are not here, each time.
  std::map<const Platform*, Resources> resources = {};
};

Estimate estimate(const Workload& workload, const Platform& platform, const EstimateContext& context);

/// The interval of the objective, if the estimate has one.
const std::optional<Interval>& objective_of(const Estimate& estimate, Objective objective);

/// Does the footprint fit, and in which tier does it live?
Fit fit_memory(const Workload& workload, const Facts& facts);

/// 10 % to 90 % interval of a log-normal number. `sigma` is the deviation of the logarithm.
Interval log_normal(double median, double sigma);

/// The deviation of the logarithm that an interval of log_normal stands for.
double sigma_of(const Interval& interval);

}  // namespace ridgepoint
