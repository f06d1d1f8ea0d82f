// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/team.h"

namespace ridgepoint {

/// The A/A control: two fixed pieces of work whose time should never change. If it does, the machine has
/// changed and not the thing that is measured.
class NoiseControl {
 public:
  struct Times {
    double compute_s = 0;
    std::optional<double> memory_s;  ///< absent where no memory was to be had
  };

  /// One pinned thread a processor of `cpus` (not empty). `memory_byte` is shared among them.
  NoiseControl(const std::vector<int>& cpus, double memory_byte);

  /// The best of three executions of each piece: about 10 ms. The best, because a control looks for a drift
  /// (clock, neighbours, memory traffic of others); what strikes single samples shows in the samples
  /// themselves.
  Times sample();

 private:
  Team team_;
  std::optional<Buffer> memory_;
  std::vector<double> results_;  ///< one a thread, so that no compiler drops the work
};

}  // namespace ridgepoint
