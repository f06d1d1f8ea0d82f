// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/fit.h"
#include "model/core/ports.h"
#include "model/core/study.h"

// What a network needs and costs on a platform: the program's own `fit`, asked through a port, because
// kernels may not include the model.

namespace ridgepoint::study {

/// A question to `fit`.
struct JobQuestion {
  std::string network;
  std::string input;               ///< shape, batch first
  std::string phase = "training";  ///< or inference
  std::string precision = "fp32";
  std::string as_of;
};

/// The answer of `fit` for one platform; refused where the program offers no other command.
Result<FitStudy> ask_fit(const JobQuestion& question, const std::string& platform, const Ports& ports);

/// The part of it that a study keeps.
StudyJob job_of(const FitStudy& answer);

}  // namespace ridgepoint::study
