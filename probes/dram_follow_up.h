// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/core/simd_stream.h"
#include "probes/probe.h"

namespace ridgepoint {

/// Adds to each fact memory.dram.bandwidth.<pattern>.cached.<n>t (program bytes) the fact .cached.bus.<n>t:
/// with the lines that ordinary stores read before they write them. Derived: a CPU that avoids some of these
/// reads moves less.
void add_bus_bytes(const std::vector<StreamKernel>& kernels, ProbeOutcome& outcome);

/// Adds memory.dram.bandwidth.<pattern>.saturation, the threads n_s that fill the memory: the highest rate
/// over the rate of one thread (Hofmann et al., 2018: B(n) = min(n B(1), B_s)). Absent where the threads at
/// hand do not fill it, that is, where all together still gain more than 85 % of their number.
void add_saturation(const std::vector<StreamKernel>& kernels, const std::vector<int>& counts,
                    ProbeOutcome& outcome);

}  // namespace ridgepoint
