// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/calibration.h"
#include "model/core/tier.h"
#include "model/law/effects.h"

namespace ridgepoint {

/// A term after calibration.
struct TermShare {
  std::string stage;
  LawTerm term;
  double seconds = 0;     ///< calibrated, alone
  double share = 0;       ///< of the whole time: how much it would fall if the term vanished, to first order
  double efficiency = 1;  ///< ideal over calibrated
};

/// Device-seconds of one unit of work: ln T ~ Normal(ln seconds, sd).
struct PredictedTime {
  double seconds = 0;
  double sd = 0;
  Tier tier = Tier::assumed;
  std::string kernel_class, precision, memory_tier;
  std::vector<TermShare> terms;
};

/// Terms combined without any calibration: every efficiency 1, full overlap (the datasheet roofline).
double roofline_seconds(const std::vector<StageTerms>& stages);

/// The class of the stage with the largest ideal time.
Occasion occasion_of(const Workload& workload, const std::vector<StageTerms>& stages, bool to_target);

/// Time with the calibrated efficiencies. Deterministic; no sampling.
PredictedTime predict_time(const std::vector<StageTerms>& stages, const Occasion& occasion,
                           const Resources& resources, const Setting& setting,
                           const Calibration& calibration);

}  // namespace ridgepoint
