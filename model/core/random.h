// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ridgepoint {

/// Counter-based random numbers: the value depends on (seed, index) only, so threads and order do not matter.
/// The mixer is SplitMix64's finaliser (Steele, Lea, Flood 2014).
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// Uniform in [0, 1).
constexpr double random_unit(std::uint64_t seed, std::uint64_t index) {
  return static_cast<double>(random_bits(seed, index) >> 11) * 0x1.0p-53;
}

/// Uniform in [0, n): the high half of a 64 x 32 bit product; the bias is below n / 2^32. Precondition: 0 < n
/// < 2^32.
constexpr std::uint32_t random_below(std::uint64_t seed, std::uint64_t index, std::uint32_t n) {
  return static_cast<std::uint32_t>(((random_bits(seed, index) >> 32) * n) >> 32);
}

}  // namespace ridgepoint
