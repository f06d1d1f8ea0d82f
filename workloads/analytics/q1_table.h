// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/team.h"
#include "workloads/analytics/q1_simd.h"
#include "workloads/kernel.h"

namespace ridgepoint {

inline constexpr double kQ1RowByte = 38;
inline constexpr std::int32_t kQ1Last = 10471;  ///< 1998-09-02

/// The seven columns of query 1 filled, and the threads that scan them.
class Q1Table {
 public:
  using Buffers = std::array<Buffer, 7>;  ///< in the order of Q1Columns

  static Result<std::shared_ptr<Q1Table>> make(std::size_t rows, std::uint64_t seed,
                                               const std::vector<int>& cpus);
  Q1Groups groups();
  /// The same from the rows as they are generated, one by one.
  Q1Groups reference();
  double bytes() const { return kQ1RowByte * static_cast<double>(rows_); }
  const Buffers& columns() const { return columns_; }
  AdjacentRoof roof() const;

 private:
  Q1Table(Buffers columns, std::size_t rows, std::uint64_t seed, const std::vector<int>& cpus);
  void fill(Share share);

  Buffers columns_;
  std::size_t rows_;
  std::uint64_t seed_;
  std::shared_ptr<Team> team_;
};

}  // namespace ridgepoint
