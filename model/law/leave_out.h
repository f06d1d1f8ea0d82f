// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/law/fit.h"

namespace ridgepoint {

/// A prediction by a fit that has not seen the observation's group.
struct LeftOut {
  double log_ratio = 0;  ///< ln(predicted / measured)
  double sd = 0;
  Tier tier = Tier::assumed;
};

/// An interrupt ends it early: what was not reached is then no prediction, and the caller drops the whole.
///
/// Leaves one group out at a time; `group` runs parallel to `observations`. Groups are spread over the
/// processors; the answer does not depend on how many.
std::vector<LeftOut> leave_out(const std::vector<Observation>& observations,
                               const std::vector<std::string>& group);

/// Fits to everything, and fills what leaving out tells: the errors by class with whole platforms left out
/// (class "all" first), and the factor by tier that makes 80 % of those predictions fall inside their
/// interval.
Calibration calibrate(const std::vector<Observation>& observations);

}  // namespace ridgepoint
