// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <limits>

#include "workloads/analytics/radix_simd.h"

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
  static constexpr std::size_t kAhead = 64;  ///< rows between a prefetch and its use

  Tuple* slots = nullptr;                         ///< 64-byte aligned
  std::size_t capacity = 0;                       ///< slots: a power of two, 8 at least, more than the rows
  int skip_bits = 0;                              ///< of the hash, used up by the partition
  std::size_t bucket_of(std::int64_t key) const;  ///< its first slot
  std::size_t next(std::size_t bucket) const { return (bucket + kBucket) & (capacity - 1); }
  void clear(std::size_t begin, std::size_t end) const;
  void insert(const Tuple& row) const;
  /// The same while other threads insert too.
  void insert_shared(const Tuple& row) const;
  /// Adds the partners in one bucket. Is it full? Then there may be more in the next one.
  bool look(std::size_t bucket, const Tuple& row, JoinAnswer& answer) const;
  /// All partners of a row, from `bucket` on.
  void probe(std::size_t bucket, const Tuple& row, JoinAnswer& answer) const;
  /// All partners of the rows at(0) to at(rows - 1). Far: the table is larger than the caches near by, so
  /// that a row's line is asked for kAhead rows earlier.
  template <bool kFar, class At>
  void probe_rows(std::size_t rows, const At& at, JoinAnswer& answer) const;
  /// Inlined by force: GCC 12 takes a function that only prefetches for pure and drops the call.
  [[gnu::always_inline]] void prefetch(std::size_t bucket) const { __builtin_prefetch(slots + bucket); }
};

/// Rows whose bucket was full: they look into the next one some rows later, when its prefetch has come, so
/// that neither a branch guessed wrong nor a line under way holds up the rows behind them.
class LateRows {
 public:
  explicit LateRows(const JoinTable& table) : table_(table) {}
  /// Kept if `late`; costs no branch that depends on it.
  void add(std::size_t bucket, const Tuple& row, bool late, JoinAnswer& answer) {
    const std::size_t keep = late ? 1 : 0, next = table_.next(bucket);
    table_.prefetch(bucket ^ ((bucket ^ next) & (0 - keep)));
    bucket_[rows_] = next;
    row_[rows_] = row;
    rows_ += keep;
    if (rows_ < kMost) [[likely]]
      return;
    visit(kBatch, answer);
    std::copy(row_.begin() + kBatch, row_.end(), row_.begin());
    std::copy(bucket_.begin() + kBatch, bucket_.end(), bucket_.begin());
    rows_ = kMost - kBatch;
  }
  void finish(JoinAnswer& answer) {
    visit(rows_, answer);
    rows_ = 0;
  }

 private:
  static constexpr std::size_t kBatch = 64, kMost = kBatch + 16;  ///< the last 16 are not here yet

  void visit(std::size_t rows, JoinAnswer& answer) const {
    for (std::size_t i = 0; i < rows; ++i) table_.probe(bucket_[i], row_[i], answer);
  }

  const JoinTable& table_;
  std::size_t rows_ = 0;
  std::array<std::size_t, kMost> bucket_ = {};
  std::array<Tuple, kMost> row_ = {};
};

inline std::size_t JoinTable::bucket_of(std::int64_t key) const {
  return ((hash_of(key) << skip_bits) >> (64 - std::countr_zero(capacity))) / kBucket * kBucket;
}

inline void JoinTable::clear(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) slots[i] = {kNoKey, 0};
}

inline void JoinTable::insert(const Tuple& row) const {
  std::size_t bucket = bucket_of(row.key);
  while (slots[bucket + kBucket - 1].key != kNoKey) bucket = next(bucket);
  const auto taken = [&](std::size_t k) { return slots[bucket + k].key != kNoKey ? std::size_t{1} : 0; };
  slots[bucket + taken(0) + taken(1) + taken(2)] = row;
}

inline void JoinTable::insert_shared(const Tuple& row) const {
  for (std::size_t bucket = bucket_of(row.key);;) {
    const auto key_at = [&](std::size_t k) { return std::atomic_ref(slots[bucket + k].key); };
    const auto taken = [&](std::size_t k) {
      return key_at(k).load(std::memory_order_relaxed) != kNoKey ? std::size_t{1} : 0;
    };
    static_assert(kBucket == 4);
    const std::size_t used = taken(0) + taken(1) + taken(2) + taken(3);
    if (used == kBucket) {
      bucket = next(bucket);
      continue;
    }
    std::int64_t seen = kNoKey;  // another thread may have taken it meanwhile: look again
    if (!key_at(used).compare_exchange_strong(seen, row.key, std::memory_order_relaxed)) continue;
    slots[bucket + used].value = row.value;  // read behind the next barrier only
    return;
  }
}

inline bool JoinTable::look(std::size_t bucket, const Tuple& row, JoinAnswer& answer) const {
  const Tuple* const line = slots + bucket;
  const auto one = [&](std::size_t k) {
    const std::uint64_t same = line[k].key == row.key ? ~std::uint64_t{0} : 0;
    answer.matches -= same;
    answer.sum += (static_cast<std::uint64_t>(line[k].value) + static_cast<std::uint64_t>(row.value)) & same;
  };
  static_assert(kBucket == 4);
  one(0), one(1), one(2), one(3);
  return line[kBucket - 1].key != kNoKey;
}

inline void JoinTable::probe(std::size_t bucket, const Tuple& row, JoinAnswer& answer) const {
  while (look(bucket, row, answer)) bucket = next(bucket);
}

template <bool kFar, class At>
void JoinTable::probe_rows(std::size_t rows, const At& at, JoinAnswer& answer) const {
  JoinAnswer sum;  // of its own, so that it stays in registers
  LateRows late(*this);
  const std::size_t early = kFar ? std::min(rows, kAhead) : 0;
  for (std::size_t i = 0; i < early; ++i) prefetch(bucket_of(at(i).key));
  for (std::size_t i = 0; i < rows; ++i) {
    if constexpr (kFar) prefetch(bucket_of(at(std::min(i + early, rows - 1)).key));
    const Tuple row = at(i);
    const std::size_t bucket = bucket_of(row.key);
    const bool full = look(bucket, row, sum);
    late.add(bucket, row, full, sum);
  }
  late.finish(sum);
  answer.matches += sum.matches;
  answer.sum += sum.sum;
}

}  // namespace ridgepoint
