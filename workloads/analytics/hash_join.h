// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "workloads/analytics/join_choice.h"
#include "workloads/analytics/join_table.h"
#include "workloads/analytics/radix_partition.h"
#include "workloads/analytics/skewed_ids.h"
#include "workloads/kernel.h"

namespace ridgepoint {

class HashJoin {
 public:
  /// `zipf`, of SkewedIds: which build keys the probe rows ask for. Without a way: the one that join_seconds
  /// finds shorter at roofs measured here.
  static Result<std::shared_ptr<HashJoin>> make(std::size_t build_rows, std::size_t probe_rows,
                                                std::optional<JoinWay> way, std::uint64_t seed,
                                                const std::vector<int>& cpus, std::int64_t zipf = 1);
  JoinAnswer run();
  /// The answer from the generator, which knows the partner of every row.
  JoinAnswer reference() const;

  JoinWay way() const { return way_; }
  /// Absent where the way was given.
  const std::optional<JoinRoofs>& roofs() const { return roofs_; }
  KeyColumns build() const {
    return {build_key_.as<std::int64_t>(), build_value_.as<std::int64_t>(), build_rows_};
  }
  KeyColumns probe() const {
    return {probe_key_.as<std::int64_t>(), probe_value_.as<std::int64_t>(), probe_rows_};
  }
  KernelCost cost() const;
  AdjacentRoof roof() const;
  /// Columns, the larger of what either way needs beside them, and the arrays of the copy roof.
  static double memory_byte(std::size_t build_rows, std::size_t probe_rows);

 private:
  HashJoin(Buffer bk, Buffer bv, Buffer pk, Buffer pv, std::size_t build_rows, std::size_t probe_rows,
           std::uint64_t seed, const std::vector<int>& cpus, std::int64_t zipf);
  void fill(int member) const;
  Result<void> choose();
  Result<void> set_up();
  JoinAnswer run_whole();
  JoinAnswer run_partitioned();
  JoinAnswer total() const;

  Buffer build_key_, build_value_, probe_key_, probe_value_;
  std::size_t build_rows_, probe_rows_;
  std::uint64_t seed_;
  SkewedIds asked_;
  std::shared_ptr<Team> team_;
  JoinWay way_ = JoinWay::whole;
  std::optional<JoinRoofs> roofs_;
  std::vector<Buffer> table_;  // one for all (whole), one a thread (partitioned)
  std::size_t capacity_ = 0;
  int bits_ = 0;
  std::optional<RadixPartition> build_parts_, probe_parts_;
  std::vector<JoinAnswer> partial_;  // a cache line each
};

}  // namespace ridgepoint
