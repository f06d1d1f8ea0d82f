// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/law/predict.h"

namespace ridgepoint {

/// A measured time, with everything the law says about it.
struct Observation {
  std::string id;
  std::vector<StageTerms> stages;
  Occasion occasion;
  Resources resources;
  Setting setting;
  double device_seconds = 0;  ///< measured, of one unit of work on one device
};

/// Fits every effect at once: maximum a posteriori of
///
///   ln T_i = ln combine(terms_i, effects) + common effects + error_i,   effects ~ Normal(0, prior^2)
///
/// with Student-t errors (4 degrees of freedom, by re-weighting), Gauss-Newton in the space of observations.
/// The posterior's covariance gives the spreads. Deterministic: same observations in any order, same bytes up
/// to rounding. `leave_platform_out` and `widening` are left empty.
Calibration fit_calibration(const std::vector<Observation>& observations);

}  // namespace ridgepoint
