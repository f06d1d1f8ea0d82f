// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// Raw samples of one kernel, seconds per execution, in the order in which they were taken.
struct Timings {
  std::vector<double> wall_s;
  std::vector<double> cpu_s;  ///< process CPU time
  bool interrupted = false;
};

/// Times `body` through Google Benchmark: one warm-up, then `samples` repetitions of at least `min_sample_s`
/// each, all kept. Stops early, keeping what it has, when the user interrupts.
Timings time_kernel(const std::string& name, const std::function<void()>& body, int samples,
                    double min_sample_s);

}  // namespace ridgepoint
