// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/core/workload.h"

namespace ridgepoint {

/// Micro-benchmarks whose id is their definition, so that none of them needs a file:
///
///   deepbench/gemm-MxNxK · deepbench/conv-nNcChHwW-kK-fRxS-sT · compute/fma-peak · compute/gemm-best ·
///   bandwidth/(likwid|babelstream|stream)-PATTERN[-dram|-l1|-l2|-l3] · bandwidth/triad-2l1s
///
/// Anything else: nothing. Convolutions are padded to keep their size ("same"), as DeepBench's are.
std::optional<Workload> workload_of_shape(const std::string& id);

}  // namespace ridgepoint
