// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "model/core/events.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// What the machine counted over some executions of a kernel, per execution. Counted apart from the timed
/// samples, so that reading counters disturbs none of them. Empty where nothing but the kernel's own account
/// counts (no PMU): page faults say nothing about declared work.
struct Counted {
  Facts facts;
  std::vector<Warning> warnings;
};

/// `seconds_once` is the time of one execution; enough of them follow one another to last about 0.2 s.
Counted count_kernel(EventCounter& counter, const std::function<void()>& body, double seconds_once);

}  // namespace ridgepoint
