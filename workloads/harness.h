// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// Raw samples of one kernel, seconds per execution, in the order in which they were taken.
struct Timings {
  std::vector<double> wall_s;
  std::vector<double> cpu_s;      ///< process CPU time
  std::vector<double> roof_rate;  ///< of the adjacent roof: one before the first sample and one after each
  std::optional<Error> trouble;   ///< why the samples ended early
  bool interrupted = false;
};

/// Times the body through Google Benchmark: one warm-up, then `samples` repetitions of at least
/// `min_sample_s` each (one execution each where the kernel must be reset), all kept, the adjacent roof in
/// between. Stops early, keeping what it has, when the user interrupts or the kernel reports trouble.
Timings time_kernel(const std::string& name, const Prepared& kernel, int samples, double min_sample_s);

}  // namespace ridgepoint
