// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ridgepoint {

/// One run of the multiply-add loop.
struct FmaRun {
  double flop = 0;      ///< operations done, FMA = 2
  double residual = 0;  ///< largest relative distance of any lane from the loop's fixed point
};

/// `rounds` rounds of twelve independent vector chains x = x * a + b on registers only. Twelve chains cover
/// two FMA pipes of latency up to six; each chain converges to b / (1 - a), which the residual verifies, so a
/// loop that was optimised away or dropped to another arithmetic is seen.
FmaRun fma_fp64(std::int64_t rounds);
FmaRun fma_fp32(std::int64_t rounds);

/// Instruction set used here: "avx512", "avx2", "sse4", "neon" ...
std::string fma_isa();

}  // namespace ridgepoint
