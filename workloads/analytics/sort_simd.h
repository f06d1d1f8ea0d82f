// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ridgepoint {

/// A key with what travels with it, 16 bytes; the payload comes first, as Highway's sort wants it.
struct alignas(16) KeyPayload {
  std::uint64_t payload, key;
};

/// The key as an unsigned number of the same order.
inline std::uint64_t sort_key(std::int64_t item) {
  return static_cast<std::uint64_t>(item) ^ (std::uint64_t{1} << 63);
}
inline std::uint64_t sort_key(const KeyPayload& item) { return item.key; }

inline constexpr std::size_t kMostBuckets = 4096;
inline constexpr std::size_t kBucketByte = 1024 * 1024;  ///< largest bucket that is sorted by counting

/// Where keys go: bucket = (key - low) >> shift; what lies outside the sampled range goes to the first or the
/// last bucket.
struct SortRange {
  std::uint64_t low = 0, high = 0;
  int shift = 0;
};

/// What one thread needs to sort by buckets.
struct SortMemory {
  static constexpr std::size_t kLine = 64, kDigits = 2048;
  alignas(kLine) unsigned char lines[(kMostBuckets + 1) * kLine];
  std::size_t at[kMostBuckets + 1];    ///< counts, then the place of the next item
  std::size_t from[kMostBuckets + 1];  ///< first place that is this thread's
  std::uint32_t low_count[kDigits], high_count[kDigits];
  std::unique_ptr<unsigned char[]> scratch = std::make_unique_for_overwrite<unsigned char[]>(kBucketByte);
};

/// Adds the items of each bucket to memory.at. Cost an item of w bytes: w read, 3 integer operations.
void bucket_count(const std::int64_t* items, std::size_t n, const SortRange& range, SortMemory& memory);
void bucket_count(const KeyPayload* items, std::size_t n, const SortRange& range, SortMemory& memory);

/// Puts the items at memory.at of their buckets, by whole lines of 64 B past the caches (non-temporal); `to`
/// begins on a line. Cost an item: w read, w written, 5 integer operations.
void bucket_scatter(const std::int64_t* items, std::size_t n, const SortRange& range, std::size_t buckets,
                    std::int64_t* to, SortMemory& memory);
void bucket_scatter(const KeyPayload* items, std::size_t n, const SortRange& range, std::size_t buckets,
                    KeyPayload* to, SortMemory& memory);

/// Sorts a bucket whose keys differ in the `shift` last bits of (key - low) only: two counting passes over
/// the leading of them (at most 22) and an insertion pass. False, with `to` holding the items in no full
/// order, when the insertion would take more than a few moves an item. Cost an item: w read, w written (the
/// rest stays in the cache), 18 integer operations. Precondition: n * w <= kBucketByte.
bool bucket_sort(const std::int64_t* items, std::size_t n, const SortRange& range, std::int64_t* to,
                 SortMemory& memory);
bool bucket_sort(const KeyPayload* items, std::size_t n, const SortRange& range, KeyPayload* to,
                 SortMemory& memory);

std::string sort_isa();

}  // namespace ridgepoint
