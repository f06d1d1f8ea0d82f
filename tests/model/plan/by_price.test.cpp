// SPDX-License-Identifier: Apache-2.0
#include "model/plan/by_price.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/plan/dual.h"
#include "model/plan/planner.h"
#include "model/plan/suitability.h"
#include "model/plan/synthetic.h"

namespace ridgepoint {
namespace {

struct Made {
  explicit Made(Scenario s)
      : scenario(std::move(s)),
        table(suitabilities(scenario, {}, {}, Speed::slow, nullptr)),
        instance(scenario, table) {}
  Scenario scenario;
  std::vector<Suitability> table;
  PlanInstance instance;
};

TEST(PlanByPrice, ItsBoundIsBelowEveryPlanAndItsPlanKeepsEveryPromise) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Scenario s = *synthetic_scenario("2x2x6x1", seed);
    s.sites[0].power_w /= 6;  // so that limits have a price
    for (ServerOffer& o : s.offers) o.lead_months = 0;
    const Made made(std::move(s));
    ASSERT_TRUE(can_plan_by_price(made.instance));
    const PricedPlan priced = plan_by_price(made.instance, 120);
    ASSERT_TRUE(priced.decision) << "seed " << seed;
    Plan plan;
    plan.scenario = made.scenario;
    settle(made.instance, *priced.decision, plan);
    EXPECT_TRUE(broken_promises(made.instance, plan).empty()) << broken_promises(made.instance, plan).front();
    EXPECT_LE(priced.bound, plan.sums.usd);
    EXPECT_GT(priced.bound, 0.5 * plan.sums.usd) << "a bound that says something";
    PlanOptions options;
    options.seconds = 2;
    const auto solved = bare_plan({made.scenario, {}, {}, nullptr}, options, Speed::slow);
    ASSERT_TRUE(solved) << solved.error().what;
    if (solved->solver.empty() || solved->months.empty()) continue;  // built without CBC
    EXPECT_LE(priced.bound, solved->sums.usd * (1 + 1e-9)) << "seed " << seed << ": CBC found a cheaper plan";
  }
}

TEST(Dual, IsABoundWhateverThePrices) {
  const Made made(*synthetic_scenario("3x4x12x2", 2));
  const PricedPlan priced = plan_by_price(made.instance, 100);
  ASSERT_TRUE(priced.decision);
  Plan plan;
  plan.scenario = made.scenario;
  settle(made.instance, *priced.decision, plan);
  Dual dual(made.instance);
  for (const double usd : {0.0, 1e2, 1e4, 1e6}) {
    Prices prices = dual.prices();
    for (auto* limits : {&prices.site, &prices.stock, &prices.rent})
      for (Months& months : *limits) std::ranges::fill(months, usd);
    dual.set_prices(prices);
    dual.solve();
    EXPECT_LE(dual.bound(), plan.sums.usd) << usd << " USD on each limit and month";
  }
}

TEST(PlanByPrice, MoreRoundsLowerNoBoundAndTheSameRoundsRepeat) {
  Scenario s = *synthetic_scenario("3x4x12x2", 2);
  for (SupplySite& site : s.sites) site.power_w /= 3;
  const Made made(std::move(s));
  const double few = plan_by_price(made.instance, 5).bound, many = plan_by_price(made.instance, 100).bound;
  EXPECT_GE(many, few);
  EXPECT_GT(many, plan_by_price(made.instance, 1).bound) << "prices of limits matter here";
  EXPECT_EQ(many, plan_by_price(made.instance, 100).bound);
}

TEST(PlanByPrice, LimitsOnOwnedServersHold) {
  Scenario s = *synthetic_scenario("3x4x12x1", 1);
  s.sites[0].power_w /= 4;
  const Made made(std::move(s));
  const PricedPlan priced = plan_by_price(made.instance, 60);
  ASSERT_TRUE(priced.decision);
  std::int64_t bought = 0;
  for (std::size_t t = 0; t < made.instance.months; ++t) {
    double watts = 0;
    for (std::size_t p = 0; p < made.instance.offers; ++p) {
      const ServerOffer& o = made.scenario.offers[p];
      watts += static_cast<double>(priced.decision->owned[p][0][t]) * o.load_w;
      EXPECT_LE(priced.decision->orders[p][0][t], *o.stock_per_month);
      EXPECT_LE(priced.decision->rented[p][0][t], *o.rent_limit);
      bought += priced.decision->orders[p][0][t];
    }
    EXPECT_LE(watts, made.scenario.sites[0].power_w);
  }
  EXPECT_GT(bought, 0);
}

TEST(PlanByPrice, LeavesWhatTiesPlacesTogetherToTheSolver) {
  Scenario s = *synthetic_scenario("2x2x6x1", 1);
  EXPECT_TRUE(can_plan_by_price(Made(s).instance));
  s.policy.max_vendor_share = 0.6;
  EXPECT_FALSE(can_plan_by_price(Made(s).instance));
  s = *synthetic_scenario("2x2x6x1", 1);
  s.offers[0].life_months = 3;
  EXPECT_FALSE(can_plan_by_price(Made(s).instance)) << "it grows too old within the plan";
}

}  // namespace
}  // namespace ridgepoint
