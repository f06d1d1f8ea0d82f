// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/sort_simd.h"

#include <hwy/cache_control.h>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/sort_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLineWords = SortMemory::kLine / 8;
constexpr int kMostDigitBits = 11;
constexpr std::size_t kAhead =
    2048;  ///< bytes; without a hint these loops waited for memory two thirds of their time

template <class Item>
constexpr std::size_t kLineItems = SortMemory::kLine / sizeof(Item);

void StreamLine(const void* from, void* to) {
  const hn::CappedTag<std::uint64_t, kLineWords> d;
  const auto* source = static_cast<const std::uint64_t*>(from);
  auto* target = static_cast<std::uint64_t*>(to);
  for (std::size_t i = 0; i < kLineWords; i += hn::Lanes(d))
    hn::Stream(hn::Load(d, source + i), d, target + i);
}

template <class Item>
HWY_INLINE void Ask(const Item* item) {
  __builtin_prefetch(reinterpret_cast<const char*>(item) + kAhead);
}

HWY_INLINE std::size_t BucketOf(std::uint64_t key, const SortRange& r) {
  key = key < r.low ? r.low : key;
  key = key > r.high ? r.high : key;
  return static_cast<std::size_t>((key - r.low) >> r.shift);
}

template <class Item>
void Count(const Item* items, std::size_t n, const SortRange range, SortMemory& memory) {
  std::size_t* const at = memory.at;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    Ask(items + i);
    for (std::size_t k = i; k < i + 4; ++k) ++at[BucketOf(sort_key(items[k]), range)];
  }
  for (; i < n; ++i) ++at[BucketOf(sort_key(items[i]), range)];
}

/// The items of a bucket's line up to place `end` go to their places.
template <class Item>
void Flush(SortMemory& memory, std::size_t bucket, std::size_t end, Item* to) {
  constexpr std::size_t kItems = kLineItems<Item>;
  const std::size_t line = (end - 1) / kItems * kItems;
  const std::size_t begin = line < memory.from[bucket] ? memory.from[bucket] : line;
  const Item* items = reinterpret_cast<Item*>(memory.lines) + bucket * kItems;
  if (end - begin == kItems) return StreamLine(items, to + line);
  for (std::size_t i = begin; i < end; ++i) to[i] = items[i - line];
}

template <class Item>
void Scatter(const Item* items, std::size_t n, const SortRange range, std::size_t buckets, Item* to,
             SortMemory& memory) {
  constexpr std::size_t kItems = kLineItems<Item>;
  auto* lines = reinterpret_cast<Item*>(memory.lines);
  for (std::size_t i = 0; i < n; ++i) {
    if (i % kItems == 0) Ask(items + i);
    const std::size_t b = BucketOf(sort_key(items[i]), range), at = memory.at[b]++;
    lines[b * kItems + at % kItems] = items[i];
    if (at % kItems == kItems - 1) Flush(memory, b, at + 1, to);
  }
  for (std::size_t b = 0; b < buckets; ++b)
    if (memory.at[b] % kItems != 0 && memory.at[b] > memory.from[b]) Flush(memory, b, memory.at[b], to);
  hwy::FlushStream();
}

/// Puts right what the counted bits left.
template <class Item>
bool Insert(Item* items, std::size_t n) {
  std::size_t moves = 0;
  for (std::size_t i = 1; i < n; ++i) {
    const std::uint64_t key = sort_key(items[i]);
    if (sort_key(items[i - 1]) <= key) continue;
    const Item item = items[i];
    std::size_t k = i;
    for (; k > 0 && sort_key(items[k - 1]) > key; --k) items[k] = items[k - 1];
    items[k] = item;
    moves += i - k;
    if (moves > 4 * n) return false;
  }
  return true;
}

/// Two digits that together have 8 times as many values as there are items: few are left to insert, and the
/// counters stay small.
int DigitBits(std::size_t n) {
  int bits = 0;
  while ((n >> bits) != 0) ++bits;
  const int digit = (bits + 4) / 2;
  return digit < kMostDigitBits ? digit : kMostDigitBits;
}

template <class Item>
bool SortBucket(const Item* items, std::size_t n, const SortRange range, Item* to, SortMemory& memory) {
  const int digit = DigitBits(n), low_bits = range.shift < digit ? range.shift : digit;
  const int left = range.shift - low_bits, high_bits = left < digit ? left : digit;
  const int low_at = left - high_bits, high_at = low_at + low_bits;
  const std::uint64_t low_mask = (1U << low_bits) - 1, high_mask = (1U << high_bits) - 1, base = range.low;
  auto* scratch = reinterpret_cast<Item*>(memory.scratch.get());
  std::uint32_t *low = memory.low_count, *high = memory.high_count;
  const std::size_t digits = std::size_t{1} << digit;
  for (std::size_t d = 0; d < digits; ++d) low[d] = high[d] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % kLineItems<Item> == 0) Ask(items + i);
    const std::uint64_t key = sort_key(items[i]) - base;
    ++low[(key >> low_at) & low_mask];
    ++high[(key >> high_at) & high_mask];
  }
  std::uint32_t low_sum = 0, high_sum = 0;
  for (std::size_t d = 0; d < digits; ++d) {
    const std::uint32_t in_low = low[d], in_high = high[d];
    low[d] = low_sum;
    high[d] = high_sum;
    low_sum += in_low;
    high_sum += in_high;
  }
  for (std::size_t i = 0; i < n; ++i)
    scratch[low[((sort_key(items[i]) - base) >> low_at) & low_mask]++] = items[i];
  for (std::size_t i = 0; i < n; ++i)
    to[high[((sort_key(scratch[i]) - base) >> high_at) & high_mask]++] = scratch[i];
  return Insert(to, n);
}

void CountKeys(const std::int64_t* items, std::size_t n, const SortRange& range, SortMemory& memory) {
  Count(items, n, range, memory);
}
void CountPairs(const KeyPayload* items, std::size_t n, const SortRange& range, SortMemory& memory) {
  Count(items, n, range, memory);
}
void ScatterKeys(const std::int64_t* items, std::size_t n, const SortRange& range, std::size_t buckets,
                 std::int64_t* to, SortMemory& memory) {
  Scatter(items, n, range, buckets, to, memory);
}
void ScatterPairs(const KeyPayload* items, std::size_t n, const SortRange& range, std::size_t buckets,
                  KeyPayload* to, SortMemory& memory) {
  Scatter(items, n, range, buckets, to, memory);
}
bool SortKeys(const std::int64_t* items, std::size_t n, const SortRange& range, std::int64_t* to,
              SortMemory& memory) {
  return SortBucket(items, n, range, to, memory);
}
bool SortPairs(const KeyPayload* items, std::size_t n, const SortRange& range, KeyPayload* to,
               SortMemory& memory) {
  return SortBucket(items, n, range, to, memory);
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(CountKeys);
HWY_EXPORT(CountPairs);
HWY_EXPORT(ScatterKeys);
HWY_EXPORT(ScatterPairs);
HWY_EXPORT(SortKeys);
HWY_EXPORT(SortPairs);
HWY_EXPORT(Target);

void bucket_count(const std::int64_t* items, std::size_t n, const SortRange& range, SortMemory& memory) {
  HWY_DYNAMIC_DISPATCH(CountKeys)(items, n, range, memory);
}
void bucket_count(const KeyPayload* items, std::size_t n, const SortRange& range, SortMemory& memory) {
  HWY_DYNAMIC_DISPATCH(CountPairs)(items, n, range, memory);
}
void bucket_scatter(const std::int64_t* items, std::size_t n, const SortRange& range, std::size_t buckets,
                    std::int64_t* to, SortMemory& memory) {
  HWY_DYNAMIC_DISPATCH(ScatterKeys)(items, n, range, buckets, to, memory);
}
void bucket_scatter(const KeyPayload* items, std::size_t n, const SortRange& range, std::size_t buckets,
                    KeyPayload* to, SortMemory& memory) {
  HWY_DYNAMIC_DISPATCH(ScatterPairs)(items, n, range, buckets, to, memory);
}
bool bucket_sort(const std::int64_t* items, std::size_t n, const SortRange& range, std::int64_t* to,
                 SortMemory& memory) {
  return HWY_DYNAMIC_DISPATCH(SortKeys)(items, n, range, to, memory);
}
bool bucket_sort(const KeyPayload* items, std::size_t n, const SortRange& range, KeyPayload* to,
                 SortMemory& memory) {
  return HWY_DYNAMIC_DISPATCH(SortPairs)(items, n, range, to, memory);
}
std::string sort_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
