// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/team.h"
#include "probes/chase.h"

namespace ridgepoint {

/// A table of 2^k lines of random words for kernels of random access. The first word of every line is the
/// pointer of one ring through all of them.
class RandomTable {
 public:
  /// The most lines within `bytes`; touched by the members of the team, each its share.
  static Result<RandomTable> make(double bytes, Team& team);

  std::uint64_t lines() const { return lines_; }
  double bytes() const { return static_cast<double>(lines_ * kLineByte); }
  char* base() const { return first_line(memory_); }
  Ring& ring() { return ring_; }

  /// Sum of one word each of `count` random lines. The places do not depend on each other or on what is read,
  /// so the processor may have as many loads under way as it can.
  std::uint64_t sum(std::uint64_t seed, std::uint64_t count) const;
  /// The same sum without reading the table.
  std::uint64_t expected_sum(std::uint64_t seed, std::uint64_t count) const;

 private:
  RandomTable(Buffer memory, std::uint64_t lines, Ring ring)
      : memory_(std::move(memory)), lines_(lines), ring_(ring) {}
  Buffer memory_;
  std::uint64_t lines_;
  Ring ring_;
};

}  // namespace ridgepoint
