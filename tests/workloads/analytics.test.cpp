// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/random.h"
#include "workloads/analytics/group_by.h"
#include "workloads/analytics/hash_join.h"
#include "workloads/analytics/lineitem.h"
#include "workloads/analytics/q1_table.h"
#include "workloads/analytics/q6_narrow_simd.h"
#include "workloads/analytics/q6_packed_simd.h"
#include "workloads/analytics/q6_table.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const std::string& id, const std::string& shape, std::vector<int> cpus = {0},
                         double limit = 4e9) {
  for (const Kernel* k : kernels())
    if (k->id == id)
      return k->prepare({.shape = *Shape::parse(shape, k->default_shape),
                         .cpus = std::move(cpus),
                         .memory_limit_byte = limit});
  throw std::runtime_error(id);
}

TEST(Analytics, EveryKernelVerifiesOnOneAndThreeThreads) {
  const std::pair<const char*, const char*> cases[] = {
      {"analytics/q6-narrow", "rows=100003"},
      {"analytics/q6-packed", "rows=100003"},
      {"analytics/q1-groupby", "rows=100003"},
      {"analytics/group-by", "groups=300 rows=100003"},
      {"analytics/group-by", "groups=150001 rows=400003"},
      {"analytics/hash-join", "build=100003 partition=1 probe=300007"},
      {"analytics/hash-join", "build=100003 partition=2 probe=300007"},
      {"analytics/hash-join", "build=5 partition=3 probe=7"}};
  for (const auto& [id, shape] : cases)
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepare(id, shape, cpus);
      ASSERT_TRUE(p) << id << " " << p.error().what;
      EXPECT_TRUE(p->verification.passed) << id << " " << shape;
      EXPECT_GT(p->cost.read_byte, 0) << id;
      ASSERT_TRUE(p->roof && p->roof->rate) << id;
      if (cpus.size() == 1) {
        EXPECT_GT(p->roof->rate(), 0) << id;
      }
      p->body();
    }
}

TEST(Analytics, DataBeyondTheLimitAreRefusedWithAFix) {
  for (const Kernel* k : kernels()) {
    if (k->family != "analytics") continue;
    const auto p =
        k->prepare({.shape = *Shape::parse("", k->default_shape), .cpus = {0}, .memory_limit_byte = 1e5});
    ASSERT_FALSE(p) << k->id;
    EXPECT_EQ(p.error().kind, ErrorKind::unavailable) << k->id;
    EXPECT_FALSE(p.error().fix.empty()) << k->id;
  }
}

TEST(Q6, TheThreeFormsGiveOneSum) {
  for (const std::size_t rows : {1u, 511u, 512u, 513u, 70001u}) {
    std::int64_t reference = -1;
    for (const Q6Form* form : {&kQ6Wide, &kQ6Narrow, &kQ6PackedForm}) {
      const auto table = Q6Table::make(*form, rows, 7, {0, 0});
      ASSERT_TRUE(table);
      if (reference < 0) reference = (*table)->reference();
      EXPECT_EQ((*table)->sum(), reference) << form->name << " " << rows;
    }
    EXPECT_TRUE(rows < 70000 || reference > 0);
  }
}

TEST(Q6, FormsDeclareTheirBytesARow) {
  EXPECT_EQ(kQ6Wide.row_byte(), 28);
  EXPECT_EQ(kQ6Narrow.row_byte(), 8);
  EXPECT_EQ(kQ6PackedForm.row_byte(), 5.75);
  EXPECT_EQ(prepare("analytics/q6-packed", "rows=1000")->roof->quantity, 5750);
}

/// Values around every bound, and the largest prices.
Q6Rows edge_rows(std::uint64_t seed) {
  Q6Rows r{};
  for (std::size_t i = 0; i < kQ6Block; ++i) {
    r.date[i] =
        static_cast<std::uint16_t>(random_below(seed, i, 2) == 0 ? 98 + random_below(seed + 1, i, 4)
                                                                 : 463 + random_below(seed + 1, i, 4));
    r.discount[i] = static_cast<std::uint8_t>(random_below(seed + 2, i, 16));
    r.quantity[i] = static_cast<std::uint8_t>(i % 3 == 0 ? 22 + random_below(seed + 3, i, 3)
                                                         : random_below(seed + 3, i, 64));
    r.price[i] = (1u << 24) - 1 - static_cast<std::uint32_t>(i);
  }
  return r;
}

std::int64_t plain_sum(const Q6Rows& r, std::size_t begin, std::size_t end) {
  std::int64_t sum = 0;
  for (std::size_t i = begin; i < end; ++i)
    if (r.date[i] >= 100 && r.date[i] < 465 && r.discount[i] >= 5 && r.discount[i] <= 7 && r.quantity[i] < 24)
      sum += std::int64_t{r.price[i]} * r.discount[i];
  return sum;
}

TEST(Q6, NarrowIsExactAtEveryLengthAndOffset) {
  const Q6Rows r = edge_rows(1);
  const Q6Narrow c{r.date, r.discount, r.quantity, r.price};
  for (const std::size_t begin : {0u, 1u, 17u})
    for (std::size_t end = begin; end <= kQ6Block; ++end)
      ASSERT_EQ(q6_narrow_sum(c, begin, end, 100), plain_sum(r, begin, end)) << begin << " " << end;
  EXPECT_GT(plain_sum(r, 0, kQ6Block), 0);
}

TEST(Q6, PackedBlocksKeepEveryBit) {
  std::vector<std::uint16_t> date(3 * kQ6DateByte / 2);
  std::vector<std::uint8_t> discount(3 * kQ6DiscountByte), quantity(3 * kQ6QuantityByte);
  std::vector<std::uint32_t> price(3 * kQ6PriceByte / 4);
  const Q6Packed c{date.data(), discount.data(), quantity.data(), price.data()};
  std::int64_t expected = 0;
  for (std::size_t block = 0; block < 3; ++block) {
    const Q6Rows r = edge_rows(10 + block);
    q6_pack(r, c, block);
    expected += plain_sum(r, 0, kQ6Block);
  }
  EXPECT_EQ(q6_packed_sum(c, 0, 3, 100), expected);
  // Every row passing with the largest price: no lane may overflow.
  Q6Rows all{};
  for (std::size_t i = 0; i < kQ6Block; ++i)
    all.date[i] = 200, all.discount[i] = 7, all.price[i] = (1u << 24) - 1;
  q6_pack(all, c, 1);
  EXPECT_EQ(q6_packed_sum(c, 1, 2, 100), 512 * 7 * ((std::int64_t{1} << 24) - 1));
}

TEST(Q1, GroupsAreExactAtEveryLengthAndAtTheLimitsOfTheRanges) {
  constexpr std::size_t kRows = 9000;
  std::vector<std::int32_t> date(kRows);
  std::vector<std::uint8_t> flag(kRows), status(kRows);
  std::vector<std::int64_t> quantity(kRows), price(kRows), discount(kRows), tax(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    date[i] = static_cast<std::int32_t>(i % 5 == 0 ? 101 : 100);
    flag[i] =
        static_cast<std::uint8_t>(i < 4500 ? 0 : random_below(1, i, 3));  // one group takes all for long
    status[i] = static_cast<std::uint8_t>(i < 4500 ? 0 : random_below(2, i, 2));
    quantity[i] = 127 - static_cast<std::int64_t>(i % 3);
    price[i] = (1 << 24) - 1 - static_cast<std::int64_t>(i % 7);
    discount[i] = static_cast<std::int64_t>(15 * random_below(3, i, 2));
    tax[i] = 27;
  }
  const Q1Columns c{date.data(),  flag.data(),     status.data(), quantity.data(),
                    price.data(), discount.data(), tax.data()};
  for (const std::size_t begin : {0u, 3u, 4400u})
    for (const std::size_t end : {begin, begin + 1, begin + 17, begin + 4099, kRows}) {
      Q1Groups fast{}, slow{};
      q1_sum(c, begin, end, 100, fast);
      for (std::size_t i = begin; i < end; ++i)
        if (date[i] <= 100) {
          const std::int64_t discounted = price[i] * (100 - discount[i]);
          slow[flag[i] * 2u + status[i]].add(
              {1, quantity[i], price[i], discount[i], discounted, discounted * 127});
        }
      ASSERT_EQ(fast, slow) << begin << " " << end;
    }
}

TEST(Q1, GeneratedRowsFallIntoFourGroupsOfTheRightSizes) {
  const auto table = Q1Table::make(100000, 3, {0, 0});
  const Q1Groups g = (*table)->groups();
  EXPECT_EQ(g[1].count, 0);  // returned and still open: never
  EXPECT_EQ(g[5].count, 0);
  EXPECT_NEAR(static_cast<double>(g[0].count), 25000, 1500);
  EXPECT_NEAR(static_cast<double>(g[3].count), 46500, 1500);
  EXPECT_NEAR(g[0].average_discount(), 5, 0.1);
}

TEST(RadixPartition, EveryRowIsInTheOnePartitionOfItsHash) {
  constexpr std::size_t kRows = 50001;
  std::vector<std::int64_t> key(kRows), value(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    key[i] = i % 4 == 0 ? 42 : static_cast<std::int64_t>(random_bits(1, i));  // one key a quarter of all
    value[i] = static_cast<std::int64_t>(i);
  }
  Team team({0, 0, 0});
  auto parts = RadixPartition::make(kRows, 6, 3);
  ASSERT_TRUE(parts);
  for (int time = 0; time < 2; ++time) {
    parts->run(team, {key.data(), value.data(), kRows});
    std::vector<int> seen(kRows);
    for (std::size_t p = 0; p < 64; ++p)
      for (std::size_t m = 0; m < 3; ++m) {
        const auto piece = parts->piece(p, m);
        for (std::size_t k = 0; k < piece.rows; ++k) {
          const auto row = static_cast<std::size_t>(piece.begin[k].value);
          ++seen[row];
          ASSERT_EQ(piece.begin[k].key, key[row]);
          ASSERT_EQ(hash_of(key[row]) >> 58, p);
        }
      }
    EXPECT_EQ(seen, std::vector<int>(kRows, 1));
  }
}

TEST(GroupBy, ATableGrowsBeyondWhatWasExpectedAndIsEmptyWhenTaken) {
  AggregateTable table(4);
  for (int time = 0; time < 2; ++time) {
    table.add(3000, [](std::size_t i) {
      const auto k = static_cast<std::int64_t>(i);
      return Aggregate{k % 1000 - 500, k, 1};
    });
    ASSERT_EQ(table.groups(), 1000u);
    std::vector<Aggregate> out(1000);
    table.take(out.data());
    for (const Aggregate& a : out) {
      EXPECT_EQ(a.count, 3);
      EXPECT_EQ(a.sum, 3 * (a.key + 500) + 3000);
    }
    EXPECT_EQ(table.groups(), 0u);
  }
}

TEST(GroupBy, ManyGroupsArePartitionedAndFewAreNot) {
  EXPECT_TRUE((*GroupBy::make(200000, 200000, 1, {0}))->partitioned());
  EXPECT_FALSE((*GroupBy::make(200000, 100, 1, {0}))->partitioned());
  EXPECT_EQ(prepare("analytics/group-by", "groups=11 rows=10").error().kind, ErrorKind::bad_input);
}

TEST(HashJoin, EqualKeysMeetEachOther) {
  std::vector<Tuple> slots(16);
  const JoinTable table{slots.data(), slots.size(), 0};
  table.clear(0, 16);
  for (std::int64_t k = 0; k < 5; ++k) {  // more than a bucket holds, by both ways
    table.insert({7, k});
    table.insert_shared({7, 10 * k});
  }
  table.insert({0, 100});
  JoinAnswer answer;
  table.probe({7, 1000}, answer);
  table.probe({8, 1}, answer);
  table.probe({0, 5}, answer);
  EXPECT_EQ(answer, (JoinAnswer{11, 10000 + 110 + 105}));
}

TEST(HashJoin, TheWayFollowsFromTheRoofs) {
  const auto better = [](const JoinRoofs& r) {
    return join_seconds(JoinWay::whole, r, 1e6, 4e6) < join_seconds(JoinWay::partitioned, r, 1e6, 4e6)
               ? JoinWay::whole
               : JoinWay::partitioned;
  };
  EXPECT_EQ(better({.far_line = 1e7, .near_line = 1e9, .copy = 1e10}), JoinWay::partitioned);
  EXPECT_EQ(better({.far_line = 5e8, .near_line = 1e9, .copy = 1e10}), JoinWay::whole);
  // 1e6 build and 4e6 probe rows: (32e6 + 80e6) / 1e10 + 6e6 / 1e7
  EXPECT_DOUBLE_EQ(join_seconds(JoinWay::whole, {1e7, 1e9, 1e10}, 1e6, 4e6), 0.0112 + 0.6);
  EXPECT_DOUBLE_EQ(join_seconds(JoinWay::partitioned, {1e7, 1e9, 1e10}, 1e6, 4e6), 0.028 + 0.005);
}

TEST(HashJoin, BothWaysGiveTheAnswerOfTheGeneratorAndSayWhichRan) {
  for (const auto way :
       {std::optional<JoinWay>(), std::optional(JoinWay::whole), std::optional(JoinWay::partitioned)}) {
    const auto join = HashJoin::make(70001, 200003, way, 5, {0, 0});
    ASSERT_TRUE(join);
    EXPECT_EQ((*join)->run(), (*join)->reference());
    EXPECT_EQ((*join)->run(), (*join)->reference()) << "a second time";
    EXPECT_NEAR(static_cast<double>((*join)->run().matches), 200003 * 16.0 / 17, 1000);
    EXPECT_EQ((*join)->roofs().has_value(), !way);
    if (way) {
      EXPECT_EQ((*join)->way(), *way);
    }
  }
  EXPECT_EQ(prepare("analytics/hash-join", "build=10 partition=2 probe=10")->isa,
            "scalar, radix-partitioned");
  EXPECT_EQ(prepare("analytics/hash-join", "build=10 partition=1 probe=10")->isa, "scalar, one table");
  EXPECT_EQ(prepare("analytics/hash-join", "partition=4").error().kind, ErrorKind::bad_input);
}

}  // namespace
}  // namespace ridgepoint
