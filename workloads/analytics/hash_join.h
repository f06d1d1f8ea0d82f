// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "workloads/analytics/radix_partition.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// `select count(*), sum(build.value + probe.value) from probe join build using (key)`; the sum modulo 2^64.
struct JoinAnswer {
  std::uint64_t matches = 0, sum = 0;
  bool operator==(const JoinAnswer&) const = default;
};

/// The one key that a table cannot hold: it marks a free slot.
inline constexpr std::int64_t kNoKey = std::numeric_limits<std::int64_t>::min();

inline constexpr std::size_t kBucket = kLineTuples;

/// Build rows in buckets of four, a line of 64 B each, filled from the front; what does not fit goes to the
/// next bucket. Equal keys may stand in it many times. Looking at all four slots costs no branch.
struct JoinTable {
  Tuple* slots = nullptr;                         ///< 64-byte aligned
  std::size_t capacity = 0;                       ///< slots: a power of two, 8 at least, more than the rows
  int skip_bits = 0;                              ///< of the hash, used up by the partition
  std::size_t bucket_of(std::int64_t key) const;  ///< its first slot
  void clear(std::size_t begin, std::size_t end) const;
  void insert(const Tuple& row) const;
  /// The same while other threads insert too.
  void insert_shared(const Tuple& row) const;
  void probe(const Tuple& row, JoinAnswer& answer) const;
  void prefetch(std::int64_t key) const { __builtin_prefetch(slots + bucket_of(key)); }
};

inline std::size_t JoinTable::bucket_of(std::int64_t key) const {
  return ((hash_of(key) << skip_bits) >> (64 - std::countr_zero(capacity))) / kBucket * kBucket;
}

inline void JoinTable::clear(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) slots[i] = {kNoKey, 0};
}

inline void JoinTable::insert(const Tuple& row) const {
  std::size_t bucket = bucket_of(row.key);
  while (slots[bucket + kBucket - 1].key != kNoKey) bucket = (bucket + kBucket) & (capacity - 1);
  const auto taken = [&](std::size_t k) { return slots[bucket + k].key != kNoKey ? std::size_t{1} : 0; };
  slots[bucket + taken(0) + taken(1) + taken(2)] = row;
}

inline void JoinTable::insert_shared(const Tuple& row) const {
  for (std::size_t slot = bucket_of(row.key);; slot = (slot + 1) & (capacity - 1)) {
    const std::atomic_ref key(slots[slot].key);
    std::int64_t seen = key.load(std::memory_order_relaxed);
    if (seen != kNoKey) continue;
    if (key.compare_exchange_strong(seen, row.key, std::memory_order_relaxed)) {
      slots[slot].value = row.value;  // read behind the next barrier only
      return;
    }
  }
}

inline void JoinTable::probe(const Tuple& row, JoinAnswer& answer) const {
  for (std::size_t bucket = bucket_of(row.key);; bucket = (bucket + kBucket) & (capacity - 1)) {
    const Tuple* const line = slots + bucket;
    const auto look = [&](std::size_t k) {
      const std::uint64_t same = line[k].key == row.key ? ~std::uint64_t{0} : 0;
      answer.matches -= same;
      answer.sum +=
          (static_cast<std::uint64_t>(line[k].value) + static_cast<std::uint64_t>(row.value)) & same;
    };
    static_assert(kBucket == 4);
    look(0), look(1), look(2), look(3);
    if (line[kBucket - 1].key == kNoKey) return;
  }
}

enum class JoinWay { whole = 1, partitioned = 2 };

/// What the choice between the ways is made from, measured on the threads of the join.
struct JoinRoofs {
  double far_line = 0;   ///< random lines a second in a table of the build side
  double near_line = 0;  ///< the same within the second-level cache
  double copy = 0;       ///< B/s, read and written bytes together
};

/// Seconds that the traffic of each way takes at those roofs. Whole: the table cleared (its bytes at the copy
/// roof), both sides read, a far line for each row, twice for a build row (read and written back).
/// Partitioned: 40 B read and 16 B written a row of either side (RadixPartition, then the partition), and a
/// near line for each row.
double join_seconds(JoinWay way, const JoinRoofs& roofs, double build_rows, double probe_rows);

class HashJoin {
 public:
  /// Without a way: the one that join_seconds finds shorter at roofs measured here.
  static Result<std::shared_ptr<HashJoin>> make(std::size_t build_rows, std::size_t probe_rows,
                                                std::optional<JoinWay> way, std::uint64_t seed,
                                                const std::vector<int>& cpus);
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
           std::uint64_t seed, const std::vector<int>& cpus);
  void fill(int member) const;
  Result<void> choose();
  Result<void> set_up();
  JoinAnswer run_whole();
  JoinAnswer run_partitioned();
  JoinAnswer total() const;

  Buffer build_key_, build_value_, probe_key_, probe_value_;
  std::size_t build_rows_, probe_rows_;
  std::uint64_t seed_;
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
