// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/sort.h"

#include <hwy/contrib/sort/vqsort.h>

#include <algorithm>
#include <bit>

#include "model/core/ports.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kUsualBucket = 1U << 14;  ///< items; fewer than these one thread sorts at once
constexpr std::size_t kSample = 4096, kFew = 64;

/// Beyond it the vectorised sort is faster (measured on Zen 3; pairs: as long as the scratch lasts).
template <class Item>
constexpr std::size_t kMostCounted = sizeof(Item) == 8 ? 40960 : kBucketByte / sizeof(Item);

template <class Item>
SortRange range_of(const Item* data, std::size_t n) {
  SortRange r;
  r.low = r.high = sort_key(data[0]);
  for (std::size_t i = 0; i < kSample; ++i) {
    const std::uint64_t key = sort_key(data[random_bits(77, i) % n]);
    r.low = std::min(r.low, key);
    r.high = std::max(r.high, key);
  }
  // Two at least: a key of 64 bits cannot be shifted by 64.
  const std::size_t wanted = std::clamp(std::bit_ceil(n / kUsualBucket), std::size_t{2}, kMostBuckets);
  const auto bits = static_cast<int>(std::bit_width(r.high - r.low));
  r.shift = std::max(0, bits - static_cast<int>(std::bit_width(wanted)) + 1);
  return r;
}

}  // namespace

void vector_sort(std::int64_t* items, std::size_t n) { hwy::Sorter()(items, n, hwy::SortAscending()); }

void vector_sort(KeyPayload* items, std::size_t n) {
  static_assert(sizeof(KeyPayload) == sizeof(hwy::K64V64) && offsetof(hwy::K64V64, key) == 8);
  // Highway 1.0.3 pads with the largest key and may give back its padding for an item that has that key.
  constexpr std::uint64_t kPadding = ~std::uint64_t{0};
  const auto* end = std::partition(items, items + n, [](const KeyPayload& i) { return i.key != kPadding; });
  hwy::Sorter()(reinterpret_cast<hwy::K64V64*>(items), static_cast<std::size_t>(end - items),
                hwy::SortAscending());
}

template <class Item>
ParallelSort<Item>::ParallelSort(std::shared_ptr<Team> team) : team_(std::move(team)) {
  for (int i = 0; i < team_->size(); ++i) memory_.push_back(std::make_unique<SortMemory>());
}

template <class Item>
void ParallelSort<Item>::run(Item* data, Item* spare, std::size_t n) {
  if (n < kUsualBucket) return vector_sort(data, n);
  range_ = range_of(data, n);
  const std::size_t buckets = ((range_.high - range_.low) >> range_.shift) + 1;
  start_.assign(buckets + 1, 0);
  const auto mine = [&](int i) { return share_of(n, i, team_->size()); };
  team_->run([&](int i) {
    SortMemory& m = *memory_[static_cast<std::size_t>(i)];
    std::fill_n(m.at, buckets, 0);
    bucket_count(data + mine(i).begin, mine(i).end - mine(i).begin, range_, m);
  });
  std::size_t sum = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    start_[b] = sum;
    for (const auto& m : memory_) {
      m->from[b] = sum;
      sum += std::exchange(m->at[b], sum);
    }
  }
  start_[buckets] = sum;
  if (Interrupt::requested()) return;
  team_->run([&](int i) {
    bucket_scatter(data + mine(i).begin, mine(i).end - mine(i).begin, range_, buckets, spare,
                   *memory_[static_cast<std::size_t>(i)]);
  });
  next_ = 0;
  team_->run([&](int i) { finish(spare, data, *memory_[static_cast<std::size_t>(i)]); });
}

template <class Item>
void ParallelSort<Item>::finish(const Item* spare, Item* data, SortMemory& memory) {
  const std::size_t buckets = start_.size() - 1;
  for (std::size_t b = next_++; b < buckets && !Interrupt::requested(); b = next_++) {
    const std::size_t begin = start_[b], n = start_[b + 1] - begin;
    const bool edge = b == 0 || b + 1 == buckets;  // may hold keys outside the sampled range
    const bool counted = n > kFew && n <= kMostCounted<Item> && !edge;
    if (counted && bucket_sort(spare + begin, n, range_, data + begin, memory)) continue;
    if (!counted) std::copy_n(spare + begin, n, data + begin);
    vector_sort(data + begin, n);
  }
}

template class ParallelSort<std::int64_t>;
template class ParallelSort<KeyPayload>;

}  // namespace ridgepoint
