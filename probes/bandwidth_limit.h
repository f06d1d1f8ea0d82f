// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "probes/probe.h"

namespace ridgepoint {

/// Adds to each fact cache.<level>.bandwidth.<pattern>.<n>t, where the clock of the innermost level's read at
/// n threads was measured,
///   <...>t.per_cycle  bytes a cycle and core, and
///   <...>t.of_limit   their share of the limit. Innermost level: the next whole number of vector loads and
///                     stores a cycle above what one thread did (an inference that says so). Outer levels:
///                     one line of 64 bytes a cycle, which no core we know of exceeds.
/// Basis: derived; the interval is that of the rate. `cores`: threads beyond it share cores.
void add_bandwidth_limits(std::size_t vector_bytes, int cores, ProbeOutcome& outcome);

}  // namespace ridgepoint
