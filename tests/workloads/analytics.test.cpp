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
      {"analytics/hash-join", "build=5 partition=3 probe=7"},
      {"analytics/hash-join", "build=100003 partition=2 probe=200001 zipf=110"},
      {"analytics/group-by", "groups=200000 rows=300001 zipf=110"}};
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

TEST(SkewedIds, FollowZipfsLawOrNone) {
  constexpr std::size_t kRows = 200000;
  for (const std::int64_t zipf : {1, 100}) {
    const SkewedIds ids(1000, zipf);
    std::size_t first = 0, tenth = 0;
    for (std::size_t k = 0; k < kRows; ++k) {
      const std::uint32_t id = ids(3, k);
      first += id == 0 ? 1 : 0;
      tenth += id == 9 ? 1 : 0;
    }
    // 1 / H(1000) = 0.13359 of the rows have the first id, a tenth of that the tenth.
    EXPECT_NEAR(static_cast<double>(first) / kRows, zipf == 1 ? 0.001 : 0.1336, 0.004) << zipf;
    EXPECT_NEAR(static_cast<double>(tenth) / kRows, zipf == 1 ? 0.001 : 0.01336, 0.002) << zipf;
  }
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
  for (const Tuple& row : {Tuple{7, 1000}, Tuple{8, 1}, Tuple{0, 5}})
    table.probe(table.bucket_of(row.key), row, answer);
  EXPECT_EQ(answer, (JoinAnswer{11, 10000 + 110 + 105}));
}

TEST(HashJoin, RowsWithFullBucketsAreNotForgotten) {
  std::vector<Tuple> slots(512);
  const JoinTable table{slots.data(), slots.size(), 0};
  table.clear(0, 512);
  for (std::int64_t k = 0; k < 9; ++k) table.insert({7, k});  // two full buckets and one more
  const auto at = [](std::size_t i) { return Tuple{i % 3 == 0 ? 8 : 7, 1}; };
  for (const std::size_t rows : {1U, 63U, 64U, 119U, 120U, 121U, 1000U}) {  // below and beyond a batch
    JoinAnswer far, near;
    table.probe_rows<true>(rows, at, far);
    table.probe_rows<false>(rows, at, near);
    const std::uint64_t found = 9 * (rows - (rows + 2) / 3);
    EXPECT_EQ(far, (JoinAnswer{found, found * 5})) << rows;  // 0 to 8, and 1 each: 5 in the mean
    EXPECT_EQ(near, far) << rows;
  }
}

TEST(HashJoin, TheWayFollowsFromTheRoofs) {
  const auto better = [](const JoinRoofs& r) {
    return join_seconds(JoinWay::whole, r, 1e6, 4e6) < join_seconds(JoinWay::partitioned, r, 1e6, 4e6)
               ? JoinWay::whole
               : JoinWay::partitioned;
  };
  EXPECT_EQ(better({.far_line = 1e7, .near_row = 1e8, .partition_row = 2e8, .copy = 1e10}),
            JoinWay::partitioned);
  EXPECT_EQ(better({.far_line = 9e8, .near_row = 1e8, .partition_row = 2e8, .copy = 1e10}), JoinWay::whole);
  const JoinRoofs r{.far_line = 1e7, .near_row = 1e8, .partition_row = 2e8, .copy = 1e10};
  // A table of 2^21 slots for 1e6 rows; a mean of 4e6 / 2^21 = 1.907 rows a bucket: 30 % of them full.
  EXPECT_NEAR(lines_per_probe(1000000), 1 / (1 - 0.2978), 0.001);
  EXPECT_NEAR(join_seconds(JoinWay::whole, r, 1e6, 4e6), 0.0067 + 0.2 + 0.4 * 1.4241 + 0.05, 0.001);
  EXPECT_DOUBLE_EQ(join_seconds(JoinWay::partitioned, r, 1e6, 4e6), 0.025 + 0.05);
}

TEST(HashJoin, RecordedRoofsForetellTheTimesBesideThem) {
  struct Recorded {
    JoinRoofs roofs;
    double build_rows, whole_s, partitioned_s;  // four times as many probe rows
  };
  // A virtual machine of a Granite Rapids server, one thread; medians of three runs behind the roofs.
  const Recorded all[] = {{{76.9e6, 99.5e6, 171.3e6, 17.5e9}, 16e6, 2.467, 1.157},
                          {{271.5e6, 99.9e6, 189.1e6, 18.3e9}, 1e6, 0.084, 0.072},
                          {{459.1e6, 103.4e6, 222.0e6, 26.6e9}, 160e3, 0.0113, 0.0144}};
  for (const Recorded& r : all) {
    const double whole = join_seconds(JoinWay::whole, r.roofs, r.build_rows, 4 * r.build_rows),
                 parts = join_seconds(JoinWay::partitioned, r.roofs, r.build_rows, 4 * r.build_rows);
    EXPECT_NEAR(whole / r.whole_s, 1, 0.25) << r.build_rows;
    EXPECT_NEAR(parts / r.partitioned_s, 1, 0.25) << r.build_rows;
    EXPECT_EQ(whole < parts, r.whole_s < r.partitioned_s) << r.build_rows;
  }
}

TEST(HashJoin, AFullBucketLeadsOnAsOftenAsForetold) {
  constexpr std::size_t kRows = 40000;
  std::vector<Tuple> slots(table_capacity(kRows));
  const JoinTable table{slots.data(), slots.size(), 0};
  table.clear(0, slots.size());
  const auto key = [](std::size_t k) { return static_cast<std::int64_t>(random_bits(3, k)); };
  for (std::size_t k = 0; k < kRows; ++k) table.insert({key(k), 1});
  std::size_t lines = 0;
  JoinAnswer answer;
  for (std::size_t k = 0; k < kRows; ++k)
    for (std::size_t b = table.bucket_of(key(k));; b = table.next(b)) {
      ++lines;
      if (!table.look(b, {key(k), 0}, answer)) break;
    }
  EXPECT_EQ(answer.matches, kRows);
  EXPECT_NEAR(static_cast<double>(lines) / kRows, lines_per_probe(kRows), 0.05);
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
