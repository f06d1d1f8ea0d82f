// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "model/core/random.h"
#include "probes/arithmetic.h"

// What the loops of arithmetic_x86.cpp and arithmetic_amx.cpp share.

namespace ridgepoint {

constexpr double kExact = 0.5;  // the residual counts wrong lanes

// BF16 data are small whole numbers, so that the FP32 sums are exact for 2^16 rounds, after which they begin
// anew.
constexpr std::int64_t kExactRounds = 1 << 16;

/// -4 ... 4 without 0.
inline int small_number(std::uint64_t stream, std::size_t k) {
  const int n = static_cast<int>(random_below(stream, k, 8)) - 4;
  return n >= 0 ? n + 1 : n;
}

inline std::uint16_t bf16(int value) {  // exact: 8 bits are enough
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> 16);
}

inline ArithmeticRun arithmetic_done(std::int64_t rounds, int chains, double operations, double residual) {
  const double steps = static_cast<double>(chains) * static_cast<double>(rounds);
  return {operations * steps, steps, residual};
}

}  // namespace ridgepoint
