// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/team.h"
#include "workloads/analytics/radix_simd.h"

namespace ridgepoint {

/// Two columns, apart: 16 bytes a row.
struct KeyColumns {
  const std::int64_t* key;
  const std::int64_t* value;
  std::size_t rows;
};

/// Rows sorted into 2^bits partitions by the high bits of their hash. A partition is one piece a thread.
/// Traffic: keys read for the histogram (8 B a row), columns read (16 B), rows written with non-temporal
/// stores a line at a time (16 B): software write-combining, so that few pages and lines are open at once.
class RadixPartition {
 public:
  static Result<RadixPartition> make(std::size_t rows, int bits, int members);

  /// Sorts the columns; ends early, with a part of the rows, when the user interrupts.
  void run(Team& team, const KeyColumns& columns);

  struct Piece {
    const Tuple* begin;
    std::size_t rows;
  };
  std::size_t partitions() const { return std::size_t{1} << bits_; }
  std::size_t members() const { return static_cast<std::size_t>(members_); }
  Piece piece(std::size_t partition, std::size_t member) const;
  double bytes() const { return static_cast<double>(tuples_.bytes()); }

 private:
  RadixPartition(Buffer tuples, Buffer lines, int bits, int members);
  std::uint64_t* counts(int member) { return counts_.data() + static_cast<std::size_t>(member) * stride_; }
  void count(int member, const KeyColumns& columns, Share share);
  void scatter(int member, const KeyColumns& columns, Share share);

  Buffer tuples_, lines_;  // lines_: one line of 64 B a partition and member
  int bits_, members_;
  std::size_t stride_;                         // of a member's counters, padded against false sharing
  std::vector<std::uint64_t> counts_, begin_;  // a piece's end and its begin, in tuples
};

/// Bytes of the second-level cache from sysfs; 1 MiB where it is not told.
double second_level_cache_byte();

/// Size of each array of the copy roof beside the partitioning of so many rows: as large, 128 MiB at most.
constexpr std::size_t copy_roof_byte(std::size_t rows) {
  return rows * sizeof(Tuple) < std::size_t{128} << 20 ? rows * sizeof(Tuple) : std::size_t{128} << 20;
}

/// Bits so that 2^bits parts of `bytes` fit three quarters of the second-level cache each; 0 to 11.
int partition_bits(double bytes);

}  // namespace ridgepoint
