// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/core/platform.h"
#include "model/core/workload.h"
#include "model/validation/baselines.h"
#include "model/validation/cross.h"

namespace ridgepoint {

/// What a law predicts from: facts and definitions, never row ids.
struct LawInput {
  std::vector<Platform> platforms;  ///< the catalogue with --platforms added, sorted by id
  std::vector<Workload> workloads;  ///< the same of --workloads
  std::string calibration;          ///< path of --calibration; empty = the one shipped
  std::string configs;              ///< folder of the shipped files
};

/// The model behind `validate`: how to calibrate it anew, and as it is shipped.
struct Law {
  FitPredictor fit;                    ///< --leave-out platform, workload, round
  std::shared_ptr<Predictor> shipped;  ///< --leave-out none
  Roofline roofline;                   ///< of the baselines
};

/// The one place where `validate` gets its law.
Result<Law> make_law(const LawInput& input);

}  // namespace ridgepoint
