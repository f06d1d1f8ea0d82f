// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace ridgepoint {

/// A key and what goes with it, as a row.
struct Tuple {
  std::int64_t key, value;
};

/// Fibonacci hashing: the high bits are the good ones.
constexpr std::uint64_t hash_of(std::int64_t key) {
  return static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15ULL;
}

/// The high `bits` of the hash; 0 to 63.
constexpr std::size_t partition_of(std::int64_t key, int bits) { return hash_of(key) >> 1 >> (63 - bits); }

inline constexpr std::size_t kLineTuples = 64 / sizeof(Tuple);

/// Where the rows of each partition go.
struct ScatterTarget {
  std::uint64_t* cursor;  ///< next place of each partition, in tuples; each began at a line
  Tuple* lines;           ///< one line of 64 B each: rows that wait for their line to be full
  Tuple* out;             ///< 64-byte aligned
};

/// Rows [0, rows) of two columns to their partitions; full lines leave with non-temporal stores.
void scatter_rows(const std::int64_t* key, const std::int64_t* value, std::size_t rows, int bits,
                  const ScatterTarget& target);

/// What is left in the lines.
void scatter_rest(int bits, const ScatterTarget& target);

}  // namespace ridgepoint
