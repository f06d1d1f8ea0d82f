// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "workloads/analytics/radix_partition.h"
#include "workloads/analytics/skewed_ids.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// One group of `select key, sum(value), count(*) group by key`. A count of 0: an empty slot.
struct Aggregate {
  std::int64_t key, sum, count;
};

/// Groups in a hash table with linear probing, at most half full, a third as expected; grows by itself.
class AggregateTable {
 public:
  explicit AggregateTable(std::size_t groups_expected);
  /// `rows` rows, of which at(i) tells {key, sum, count}.
  template <class At>
  void add(std::size_t rows, const At& at) {
    Aggregate* slots = slots_.data();
    std::size_t mask = mask_, used = used_;
    int shift = shift_;
    const int skip = skip_;
    for (std::size_t i = 0; i < rows; ++i) {
      const Aggregate row = at(i);
      std::size_t slot = (hash_of(row.key) << skip) >> shift;
      while (slots[slot].key != row.key || slots[slot].count == 0) {
        if (slots[slot].count == 0) {
          slots[slot].key = row.key;
          ++used;
          break;
        }
        slot = (slot + 1) & mask;
      }
      slots[slot].sum += row.sum;
      slots[slot].count += row.count;
      if (used * 2 <= mask) [[likely]]
        continue;
      grow();
      slots = slots_.data();
      mask = mask_;
      shift = shift_;
    }
    used_ = used;
  }
  std::size_t groups() const { return used_; }
  /// Writes the groups to `out`, which has room for groups(), and empties the table.
  void take(Aggregate* out);
  /// The bits of a hash behind the first `bits` choose the slot.
  void skip_bits(int bits) { skip_ = bits; }

 private:
  void grow();

  std::vector<Aggregate> slots_;
  std::size_t mask_, used_ = 0;
  int shift_, skip_ = 0;
};

/// An aggregation by a key of 64 bits. Few groups: a table a thread in its cache, merged at the end. Many:
/// rows are partitioned first, so that the table of a partition stays in the second-level cache; partitions
/// are taken by whichever thread is free. The number of groups expected, as a catalogue would tell it,
/// chooses the way.
class GroupBy {
 public:
  /// `groups_expected` groups at most; `zipf`: of SkewedIds.
  static Result<std::shared_ptr<GroupBy>> make(std::size_t rows, std::size_t groups_expected,
                                               std::uint64_t seed, const std::vector<int>& cpus,
                                               std::int64_t zipf = 1);
  /// Groups again; the result stands in groups() until the next time.
  void run();
  std::size_t groups() const { return found_; }
  const Aggregate* begin() const { return result_.as<Aggregate>(); }
  /// What the result must be, told by the generator: tests every group against a plain array of sums. False
  /// too when the user interrupts.
  bool right() const;

  bool partitioned() const { return parts_.has_value(); }
  KeyColumns columns() const { return {key_.as<std::int64_t>(), value_.as<std::int64_t>(), rows_}; }
  KernelCost cost() const;
  double working_set_byte() const;
  /// Columns, partitions, result, and the arrays of the copy roof.
  static double memory_byte(std::size_t rows, std::size_t groups);
  const std::shared_ptr<Team>& team() const { return team_; }

 private:
  GroupBy(Buffer key, Buffer value, Buffer result, std::size_t rows, std::size_t groups, std::uint64_t seed,
          const std::vector<int>& cpus, std::int64_t zipf);
  void run_local();
  void run_partitioned();

  Buffer key_, value_, result_;
  std::size_t rows_, expected_, found_ = 0;
  std::uint64_t seed_;
  SkewedIds ids_;
  std::shared_ptr<Team> team_;
  std::vector<AggregateTable> tables_;  // one a thread
  std::optional<RadixPartition> parts_;
};

}  // namespace ridgepoint
