// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "workloads/analytics/sort_kernel.h"

namespace ridgepoint {
namespace {

using Numbers = std::function<std::int64_t(std::size_t)>;

std::int64_t any(std::size_t i) { return static_cast<std::int64_t>(random_bits(3, i)); }

const std::pair<const char*, Numbers> kInputs[] = {
    {"uniform", any},
    {"all equal", [](std::size_t) { return 7; }},
    {"two values", [](std::size_t i) { return any(i) & 1; }},
    {"ascending", [](std::size_t i) { return static_cast<std::int64_t>(i); }},
    {"descending", [](std::size_t i) { return -static_cast<std::int64_t>(i); }},
    {"narrow range around zero", [](std::size_t i) { return any(i) % 1000; }},
    {"squares, dense below",
     [](std::size_t i) { return (any(i) % 65536) * (any(i) % 65536) * (any(i) % 65536); }},
    {"ends of the range that a sample may miss",
     [](std::size_t i) {
       if (i == 5) return std::numeric_limits<std::int64_t>::min();
       if (i == 6) return std::numeric_limits<std::int64_t>::max();
       return any(i) >> 20;
     }},
    {"most in one bucket", [](std::size_t i) { return i % 50 == 0 ? any(i) : any(i) >> 40; }},
    {"alike in the leading bits of a bucket",
     [](std::size_t i) { return (any(i) >> 52 << 52) | (any(i) & 0xFFFF); }}};

template <class Item>
std::vector<std::uint64_t> sorted_keys(Item* data, std::size_t n, int threads) {
  auto spare = Buffer::make(n * sizeof(Item) + 64);
  ParallelSort<Item> sort(std::make_shared<Team>(std::vector<int>(static_cast<std::size_t>(threads), 0)));
  sort.run(data, spare->template as<Item>(), n);
  std::vector<std::uint64_t> keys(n);
  std::transform(data, data + n, keys.begin(), [](const Item& i) { return sort_key(i); });
  return keys;
}

TEST(Sort, EveryInputIsSortedAsTheLibraryWould) {
  for (const std::size_t n : {0u, 1u, 63u, 5000u, 20001u, 70001u, 400009u})
    for (const auto& [name, number] : kInputs) {
      auto data = Buffer::make(n * 8 + 64);
      std::vector<std::uint64_t> expected(n);
      for (std::size_t i = 0; i < n; ++i) {
        data->as<std::int64_t>()[i] = number(i);
        expected[i] = sort_key(number(i));
      }
      std::sort(expected.begin(), expected.end());
      EXPECT_EQ(sorted_keys(data->as<std::int64_t>(), n, n % 2 == 0 ? 1 : 3), expected) << name << " " << n;
    }
}

TEST(Sort, PayloadsStayWithTheirKeys) {
  for (const std::size_t n : {1u, 5000u, 20001u, 400009u})
    for (const auto& [name, number] : kInputs) {
      auto data = Buffer::make(n * 16 + 64);
      auto* pairs = data->as<KeyPayload>();
      std::vector<std::uint64_t> expected(n);
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < n; ++i) {
        pairs[i] = {i, static_cast<std::uint64_t>(number(i))};
        expected[i] = pairs[i].key;
        sum += item_mark(pairs[i]);
      }
      std::sort(expected.begin(), expected.end());
      EXPECT_EQ(sorted_keys(pairs, n, 2), expected) << name << " " << n;
      EXPECT_TRUE(sorted_whole(pairs, n, sum)) << name << " " << n;
      for (std::size_t i = 0; i < n; ++i)
        ASSERT_EQ(pairs[i].key, static_cast<std::uint64_t>(number(pairs[i].payload))) << name;
    }
}

TEST(Sort, ALostOrSwappedItemIsSeen) {
  std::vector<KeyPayload> pairs = {{1, 10}, {2, 20}, {3, 30}};
  std::uint64_t sum = 0;
  for (const KeyPayload& p : pairs) sum += item_mark(p);
  EXPECT_TRUE(sorted_whole(pairs.data(), 3, sum));
  std::swap(pairs[0].payload, pairs[1].payload);
  EXPECT_FALSE(sorted_whole(pairs.data(), 3, sum));
}

TEST(Sort, TheKernelSortsFreshDataAgainAndDeclaresItsCost) {
  for (const char* id : {"analytics/sort", "analytics/sort-pairs"}) {
    const Kernel& k = **std::ranges::find_if(kernels(), [&](const Kernel* x) { return x->id == id; });
    const auto p = k.prepare({*Shape::parse("rows=100003", k.default_shape), {0, 0}, 1});
    ASSERT_TRUE(p) << id;
    EXPECT_TRUE(p->verification.passed) << id;
    const double bytes = id == std::string("analytics/sort") ? 8 * 100003.0 : 16 * 100003.0;
    EXPECT_EQ(p->cost.read_byte, 3 * bytes);
    EXPECT_EQ(p->cost.written_byte, 2 * bytes);
    EXPECT_EQ(p->roof->quantity, 5 * bytes);
    p->reset();
    p->body();
    const auto refused = k.prepare(
        {.shape = *Shape::parse("rows=100003", k.default_shape), .cpus = {0}, .memory_limit_byte = 1e6});
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  }
}

}  // namespace
}  // namespace ridgepoint
