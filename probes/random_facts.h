// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/probe.h"

namespace ridgepoint {

/// From memory.dram.chains.* and memory.dram.random.*: memory.dram.mlp, the lines under way at once on one
/// thread = its best line rate over that of one chain; memory.dram.mlp.chains, the fewest chains that reach
/// 95 % of the best chain rate; and the figures of all threads under the machine's keys.
void conclude_random(const ProbeContext& context, ProbeOutcome& outcome);

}  // namespace ridgepoint
