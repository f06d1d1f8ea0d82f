// SPDX-License-Identifier: Apache-2.0
#include "model/validation/order.h"

#include <gtest/gtest.h>

#include "tests/model/validation/support.h"

namespace ridgepoint {
namespace {

Contender contender(const std::string& platform, double measured, double predicted,
                    std::optional<double> price = std::nullopt, double devices = 1,
                    const std::string& group = "g") {
  return {group, platform, devices, measured, predicted, price};
}

TEST(OrderContenders, CountsPairsThatDifferClearly) {
  // Measured 10, 11, 20. 10-11 is too close; a-c is right (8 < 30), b-c is wrong (40 > 30).
  const Ordering o =
      order_contenders({contender("a", 10, 8), contender("b", 11, 40), contender("c", 20, 30)});
  EXPECT_EQ(o.score.pairs.pairs, 2);
  EXPECT_EQ(o.score.pairs.right, 1);
  EXPECT_DOUBLE_EQ(*o.score.pairs.share, 0.5);
}

TEST(OrderContenders, RegretIsWhatTheChoiceTakesMore) {
  // Chosen by time: b (predicted 5), measured 12 against 10: regret 20 %.
  const Ordering o = order_contenders({contender("a", 10, 6), contender("b", 12, 5), contender("c", 20, 30)});
  EXPECT_EQ(o.score.time.groups, 1);
  EXPECT_EQ(o.score.time.right, 0);
  EXPECT_NEAR(*o.score.time.mean_regret, 0.2, 1e-12);
  ASSERT_EQ(o.groups.size(), 1u);
  EXPECT_EQ(o.groups[0].fastest, "a x 1");
  EXPECT_EQ(o.groups[0].chosen, "b x 1");
}

TEST(OrderContenders, CostIsTimeTimesDevicesTimesPrice) {
  // Costs in $/h x s: a 10 x 2 x 3 = 60, b 40 x 1 x 1 = 40, predicted a 10 x 2 x 3 = 60, b 70 x 1 x 1 = 70.
  // Cheapest b, chosen a: regret 50 %. By time a is fastest and chosen.
  const Ordering o = order_contenders({contender("a", 10, 10, 3, 2), contender("b", 40, 70, 1)});
  EXPECT_EQ(o.score.time.right, 1);
  EXPECT_EQ(o.score.cost.groups, 1);
  EXPECT_EQ(o.score.cost.right, 0);
  EXPECT_NEAR(*o.score.cost.mean_regret, 0.5, 1e-12);
  EXPECT_EQ(*o.groups[0].cheapest, "b x 1");
  EXPECT_EQ(*o.groups[0].chosen_by_cost, "a x 2");
}

TEST(OrderContenders, AGroupWithFewerThanTwoPricedPlatformsIsLeftOutAndCounted) {
  const Ordering o = order_contenders({contender("a", 10, 10, 3), contender("b", 40, 70),
                                       contender("c", 1, 1, 2, 1, "alone"), contender("d", 1, 1, 2, 1, "e"),
                                       contender("f", 2, 2, 2, 1, "e")});
  EXPECT_EQ(o.score.time.groups, 2);
  EXPECT_EQ(o.score.time.left_out, 1);
  EXPECT_EQ(o.score.cost.groups, 1);
  EXPECT_EQ(o.score.cost.left_out, 2);
}

TEST(OrderContenders, ReplicatesAreAveragedInTheLogarithm) {
  // a: sqrt(4 x 16) = 8 measured; b: 9, too close to count. Without averaging 4 and 16 would make two pairs.
  const Ordering o = order_contenders({contender("a", 4, 4), contender("a", 16, 16), contender("b", 9, 9)});
  EXPECT_EQ(o.score.pairs.pairs, 0);
  EXPECT_EQ(o.groups[0].systems, 2);
  EXPECT_FALSE(o.score.pairs.share);
}

TEST(OrderContenders, ATieIsWrongAndOnePlatformIsNoPair) {
  const Ordering o =
      order_contenders({contender("a", 1, 5), contender("b", 2, 5), contender("a", 9, 9, {}, 4)});
  EXPECT_EQ(o.score.pairs.pairs, 2);  // a x 1 and b, b and a x 4
  EXPECT_EQ(o.score.pairs.right, 1);
  EXPECT_EQ(o.score.pairs_same_size.pairs, 1);
  EXPECT_EQ(o.score.pairs_same_size.right, 0);
}

TEST(OrderContenders, GroupsDoNotMix) {
  const Ordering o = order_contenders({contender("a", 1, 1, {}, 1, "g"), contender("b", 9, 9, {}, 1, "h")});
  EXPECT_EQ(o.score.pairs.pairs, 0);
  EXPECT_EQ(o.score.time.left_out, 2);
}

TEST(OrderContenders, P95RegretInterpolates) {
  // Regrets 0, 0, 0, 0.4: position 0.95 x 3 = 2.85, so 0.85 x 0.4.
  std::vector<Contender> all;
  for (const char* g : {"g", "h", "i", "j"}) {
    all.push_back(contender("a", 10, std::string(g) == "j" ? 50 : 10, {}, 1, g));
    all.push_back(contender("b", 14, 14, {}, 1, g));
  }
  const Ordering o = order_contenders(all);
  EXPECT_NEAR(*o.score.time.p95_regret, 0.34, 1e-12);
  EXPECT_NEAR(*o.score.time.mean_regret, 0.1, 1e-12);
  EXPECT_NEAR(*o.score.time.share, 0.75, 1e-12);
}

TEST(GroupOfRow, SplitsByWhatCannotBeCompared) {
  PublishedRow a = testing_support::published("w/x", "p", 1), b = a;
  b.platform_id = "q";
  b.scenario = "closed division, global batch 56, 40 runs";
  a.scenario = "closed division, global batch 84";
  EXPECT_EQ(group_of_row(a), group_of_row(b));
  b.software = "TensorRT 8";
  EXPECT_EQ(group_of_row(a), group_of_row(b));
  b.unit = "ms";
  EXPECT_NE(group_of_row(a), group_of_row(b));
  b = a;
  b.per = "device";
  EXPECT_NE(group_of_row(a), group_of_row(b));
  b = a;
  a.workload_id = b.workload_id = "analytics/q1";
  a.software = "Apache Spark 3.5.3";
  b.software = "DuckDB";
  EXPECT_NE(group_of_row(a), group_of_row(b));
  b.software = "Spark";
  EXPECT_EQ(group_of_row(a), group_of_row(b));
}

TEST(KindOfScenario, ForgetsWhatDiffersFromRunToRun) {
  EXPECT_EQ(kind_of_scenario("Offline, closed division"), "offline, closed division");
  EXPECT_EQ(kind_of_scenario("closed division, global batch 56, 40 runs"), "closed division");
  EXPECT_EQ(kind_of_scenario("hot: minimum of 2nd and 3rd run, summed"), "hot");
  EXPECT_EQ(kind_of_scenario("20 of 20 cores of one socket, 1 thread per core"), "all cores");
  EXPECT_EQ(kind_of_scenario("1 of 32 cores of one socket, 1 thread per core"), "one core");
  EXPECT_EQ(kind_of_scenario("12 of 24 cores of one socket"), "50 % of the cores");
  EXPECT_EQ(kind_of_scenario("array 4295.0 MB (=4.3 GB) each"), "array");
  EXPECT_EQ(kind_of_scenario("format/implementation MKL_IE"), "format/implementation");
  EXPECT_EQ(kind_of_scenario("batch 128"), "batch 128");
  EXPECT_EQ(kind_of_scenario(""), "");
}

}  // namespace
}  // namespace ridgepoint
