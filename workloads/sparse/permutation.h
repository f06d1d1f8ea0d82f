// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "model/core/random.h"

namespace ridgepoint {

/// A pseudo-random bijection of [0, n), by seed, without a table: a Feistel network of four rounds over the
/// next even number of bits; values beyond n walk on along their cycle.
class Permutation {
 public:
  Permutation(std::uint64_t n, std::uint64_t seed)
      : n_(n), seed_(seed), half_(n < 2 ? 1 : static_cast<int>(std::bit_width(n - 1) + 1) / 2) {}

  std::uint64_t operator()(std::uint64_t i) const {
    do i = once(i);
    while (i >= n_);
    return i;
  }

 private:
  std::uint64_t once(std::uint64_t i) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    std::uint64_t left = i >> half_, right = i & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t next = left ^ (random_bits(seed_ + round, right) & mask);
      left = right;
      right = next;
    }
    return left << half_ | right;
  }

  std::uint64_t n_, seed_;
  int half_;
};

}  // namespace ridgepoint
