// SPDX-License-Identifier: Apache-2.0
#include "model/decision/break_even.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/estimate.h"
#include "model/recommend.h"
#include "tests/model/support.h"

namespace ridgepoint {
namespace {

using namespace testing_support;

TEST(BreakEven, TwoLinesMeetWhereTheirValuesAreEqual) {
  // 10 + 2 x = 4 + 5 x at x = 2, where both are 14.
  EXPECT_DOUBLE_EQ(*meeting_point(10, 2, 4, 5), 2);
  EXPECT_FALSE(meeting_point(10, 2, 4, 2)) << "parallel";
  EXPECT_FALSE(meeting_point(10, 5, 4, 2)) << "they met at a negative x";
  for (const double base : {0.5, 3.0, 7.0})
    for (const double slope : {0.1, 1.5}) {
      const double x = *meeting_point(base + 2, slope, base, slope + 0.25);
      EXPECT_NEAR(base + 2 + slope * x, base + (slope + 0.25) * x, 1e-9);
    }
}

Estimate by_hand(const std::string& id, double cost, double price, double efficiency) {
  Estimate e;
  e.platform_id = id;
  e.standing = Standing::ranked;
  e.cost_usd = log_normal(cost, 0.1);
  e.price.emplace().usd_per_hour = price;
  Term u;
  u.name = "efficiency";
  u.value = efficiency;
  e.terms = {u};
  return e;
}

const BreakEven* find(const std::vector<BreakEven>& list, const std::string& whose,
                      const std::string& input) {
  const auto it = std::ranges::find_if(
      list, [&](const BreakEven& b) { return b.platform_id == whose && b.input == input; });
  return it == list.end() ? nullptr : &*it;
}

TEST(BreakEven, AnswersByHand) {
  // The rival costs 6 against 4: 1.5 times as much. Level when its price falls from 3 to 2, the choice's
  // rises from 2 to 3, or the rival's efficiency rises from 0.4 to 0.6; from 0.8 it would have to be 1.2.
  Answer a;
  a.family = "medical";
  a.runner_up = "rival";
  a.estimates = {by_hand("choice", 4, 2, 0.5), by_hand("rival", 6, 3, 0.4), by_hand("third", 6, 3, 0.8)};
  // 8 GB needed of 64 GB: eight times the voxels, twice the resolution per axis.
  a.estimates[0].fit.need_byte = 8e9;
  a.estimates[0].fit.have_byte = 64e9;
  const auto list = break_evens(a, Objective::cost, workload(1e12, 1e9, 0, 8e9),
                                [](const std::string&) -> const Platform* { return nullptr; });
  ASSERT_NE(find(list, "rival", "price"), nullptr);
  EXPECT_DOUBLE_EQ(find(list, "rival", "price")->flips_at, 2);
  EXPECT_DOUBLE_EQ(find(list, "choice", "price")->flips_at, 3);
  EXPECT_NEAR(find(list, "rival", "efficiency")->flips_at, 0.6, 1e-12);
  EXPECT_TRUE(find(list, "rival", "efficiency")->reachable);
  EXPECT_NEAR(find(list, "third", "efficiency")->flips_at, 1.2, 1e-12);
  EXPECT_FALSE(find(list, "third", "efficiency")->reachable) << "more than all of its peak";
  EXPECT_EQ(find(list, "rival", "share of peak"), nullptr) << "its peaks are not known";
  EXPECT_DOUBLE_EQ(find(list, "", "footprint")->flips_at, 64e9);
  EXPECT_NEAR(find(list, "", "resolution")->flips_at, 2, 1e-12);
}

TEST(BreakEven, TheShareOfPeakIsIdealOverModelledTime) {
  const Platform p = platform("p");  // 1 TFLOP/s, 100 GB/s
  Estimate e;
  e.time_s = log_normal(4, 0.1);
  e.fit.tier = "dram";
  // 2 TFLOP take 2 s at the peak, 50 GB half a second: 2 of 4 s.
  EXPECT_DOUBLE_EQ(*share_of_peak(workload(2e12, 5e10, 0, 1e9), p, e), 0.5);
  e.fit.tier = "hbm";
  EXPECT_FALSE(share_of_peak(workload(2e12, 5e10, 0, 1e9), p, e)) << "no such memory";
}

Question question(double fast_usd, double slow_usd) {
  Question q;
  q.as_of = "2026-01";
  q.objective = Objective::cost;
  q.workloads = {workload(2e12, 1e9, 0, 1e9)};
  for (const auto& [id, flops, usd] :
       {std::tuple("fast", 4e12, fast_usd), std::tuple("slow", 1e12, slow_usd)}) {
    Platform p = platform(id, flops);
    p.offers = {hourly(usd, "2025-01", "2026-06")};
    q.platforms.push_back(p);
  }
  return q;
}

TEST(BreakEven, AtTheStatedPriceBothCostTheSame) {
  for (const double slow : {1.0, 1.7, 3.1}) {
    const Answer before = recommend(question(2, slow)).answers[0];
    for (const std::string id : {"fast", "slow"}) {
      const BreakEven* b = find(before.break_evens, id, "price");
      ASSERT_NE(b, nullptr) << id;
      const Answer level =
          recommend(id == "fast" ? question(b->flips_at, slow) : question(2, b->flips_at)).answers[0];
      EXPECT_NEAR(level.estimates[0].cost_usd->value, level.estimates[1].cost_usd->value,
                  1e-9 * level.estimates[0].cost_usd->value);
      EXPECT_NEAR(*level.margin_ratio, 1, 1e-9);
      EXPECT_NE(level.verdict, "clear");
    }
  }
}

}  // namespace
}  // namespace ridgepoint
