// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "model/core/team.h"
#include "workloads/analytics/sort_simd.h"

namespace ridgepoint {

/// Sorts ascending by key on all members of a team; equal keys in any order. Not in place: it needs as much
/// memory again.
///  1. Each member counts its share by bucket (up to 4096, by the leading bits of the key within the range
///     that a sample shows) and scatters it to `spare`.
///  2. Members take the buckets in turn; a usual bucket stays in the L2 cache while it is sorted by counting.
/// A bucket that is too large for that, or whose keys are too alike, goes to Highway's vectorised quicksort,
/// so that skew costs time but never the order of growth.
/// Item: std::int64_t or KeyPayload, w bytes. Cost an item: 3 w read (count, scatter, bucket), 2 w written
/// (scatter, bucket), 26 integer operations.
template <class Item>
class ParallelSort {
 public:
  explicit ParallelSort(std::shared_ptr<Team> team);

  /// Both arrays hold n items and begin on a line of 64 B; the answer is in `data`. Stops early, with the
  /// items in no order, when the user interrupts.
  void run(Item* data, Item* spare, std::size_t n);

  static constexpr double kReadsEach = 3, kWritesEach = 2, kOpsEach = 26;

 private:
  void finish(const Item* spare, Item* data, SortMemory& memory);

  std::shared_ptr<Team> team_;
  std::vector<std::unique_ptr<SortMemory>> memory_;
  SortRange range_ = {};
  std::vector<std::size_t> start_ = {};  ///< of each bucket, and the end
  std::atomic<std::size_t> next_ = 0;
};

/// Highway's sort, in the calling thread.
void vector_sort(std::int64_t* items, std::size_t n);
void vector_sort(KeyPayload* items, std::size_t n);

}  // namespace ridgepoint
