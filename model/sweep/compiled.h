// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/core/recommendation.h"

namespace ridgepoint {

/// Factors on the inputs of an estimate; 1 = as it is.
struct WhatIf {
  double work = 1;        ///< operations of the workload
  double traffic = 1;     ///< bytes it moves, in memory and on chip
  double compute = 1;     ///< the platform's peak arithmetic
  double bandwidth = 1;   ///< its memory bandwidth
  double efficiency = 1;  ///< of everything
  double price = 1;       ///< of an hour (objective cost)
};

/// One workload on one platform by the calibrated law, reduced to numbers, so that a what-if costs a few
/// nanoseconds. Efficiencies are taken not to change with the factors.
class CompiledJob {
 public:
  /// From the terms of an estimate; absent where it has no time of the law or no figure for the objective.
  static std::optional<CompiledJob> make(const Estimate& estimate, Objective objective);

  /// Seconds of one unit of work: sum over stages of
  ///   sqrt((compute w / c)^2 + (memory t / b)^2 + (on-chip t)^2) + what adds, over the efficiency.
  double seconds(const WhatIf& what) const;
  /// The objective: seconds, or seconds times what a second costs.
  double value(const WhatIf& what) const {
    return seconds(what) * per_second_ * (by_price_ ? what.price : 1);
  }

 private:
  struct Stage {
    double compute2 = 0, memory2 = 0, on_chip2 = 0;  ///< squares of seconds
    double adding = 0;
  };
  std::vector<Stage> stages_;
  double per_second_ = 1;
  bool by_price_ = false;
};

}  // namespace ridgepoint
