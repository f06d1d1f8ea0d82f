// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/core/random.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {

/// Which of n ids a row has: uniform, or by Zipf's law, id 0 most often. Depends on (seed, row) only. Keys
/// are made of ids by a mixer, so ids that are near to one another share no lines.
class SkewedIds {
 public:
  /// `hundredths` of the exponent; 1: uniform. Precondition: 0 < n < 2^32.
  SkewedIds(std::size_t n, std::int64_t hundredths) : n_(static_cast<std::uint32_t>(n)) {
    if (hundredths > 1) ranks_.emplace(n, static_cast<double>(hundredths) / 100);
  }
  std::uint32_t operator()(std::uint64_t seed, std::size_t row) const {
    return ranks_ ? static_cast<std::uint32_t>((*ranks_)(seed, row)) : random_below(seed, row, n_);
  }

 private:
  std::uint32_t n_;
  std::optional<ZipfRanks> ranks_ = {};
};

}  // namespace ridgepoint
