// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/calibration.h"
#include "model/core/machine.h"
#include "model/core/recommendation.h"
#include "model/core/runs.h"
#include "model/core/workload.h"
#include "model/money/settings.h"

namespace ridgepoint {

/// Everything an answer depends on. Same question, same bytes.
struct Question {
  std::vector<Platform> platforms;
  std::vector<Workload> workloads;
  std::optional<Machine> machine;  ///< takes part as one more platform
  std::optional<RunSet> runs;      ///< calibrates the class efficiencies; needs the machine
  std::string as_of;               ///< YYYY-MM
  Objective objective = Objective::cost;
  std::optional<Calibration> calibration;      ///< of the time law; absent: class efficiencies alone
  std::optional<double> deadline_s;            ///< for one unit of work of training and solver jobs
  std::optional<double> slo_s;                 ///< for one unit of work of inference and queries
  std::optional<double> machine_usd_per_hour;  ///< what an hour of the measured machine costs its owner
  money::Settings money = {};                  ///< how machines are paid for
};

/// Ranks every platform for every workload. The provenance is left to the caller.
Recommendation recommend(const Question& question);

}  // namespace ridgepoint
