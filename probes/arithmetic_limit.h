// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probes/arithmetic.h"
#include "probes/probe.h"

namespace ridgepoint {

/// compute.<dtype>.<isa>.<n>t
std::string rate_key(const ArithmeticLoop& loop, int threads);

/// Adds to each fact compute.<dtype>.<isa>.<n>t that has its clock beside it (<...>t.clock)
///   <...>t.per_cycle  arithmetic instructions a cycle and core, and
///   <...>t.of_limit   their share of the limit: the loop's own instruction_limit, else the next whole number
///                     of pipelines (or of cycles for one instruction) above what one thread alone did, an
///                     inference that says so.
/// Basis: derived; the interval is that of the rate. `cores`: threads beyond it share cores.
void add_limit_shares(const std::vector<ArithmeticLoop>& loops, int cores, ProbeOutcome& outcome);

}  // namespace ridgepoint
