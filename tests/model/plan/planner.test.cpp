// SPDX-License-Identifier: Apache-2.0
#include "model/plan/planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <thread>

#include "model/core/ports.h"
#include "model/core/random.h"
#include "model/plan/child.h"
#include "model/plan/formulate.h"
#include "model/plan/queueing.h"
#include "model/plan/synthetic.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kOffers = 2, kMonths = 2;

/// One site, two offers, a batch and an interactive demand, two months; full power is idle power, so that the
/// cost depends on the fleet alone.
Scenario small_scenario(std::uint64_t seed) {
  std::uint64_t next = 0;
  const auto between = [&](double low, double high) {
    return low + (high - low) * random_unit(seed, next++);
  };
  Scenario s;
  s.id = s.name = "small";
  s.start = "2027-01";
  s.months = kMonths;
  s.caution = Caution::p50;
  SupplySite site;
  site.id = "here";
  site.power_w = 1e6;
  site.rack_units = std::floor(between(3, 9));
  site.electricity_usd_per_kwh = 0.2;
  s.sites = {site};
  for (const char* id : {"a", "b"}) {
    ServerOffer o;
    o.id = o.platform = id;
    o.vendor = o.kind = "x";
    o.devices = 1 + static_cast<std::int64_t>(between(0, 2.99));
    o.buy_usd = std::round(between(500, 3000));
    o.rent_usd_per_h = std::round(between(1, 5) * 100) / 100;
    o.idle_w = o.load_w = std::round(between(200, 900));
    o.stock_per_month = 2;
    o.rent_limit = 3;
    o.residual = 0.5;
    o.source = "made up";
    s.offers.push_back(o);
  }
  Demand batch;
  batch.id = "batch";
  batch.requests_per_s = between(0.5, 3);
  batch.growth = {1, 1, 1};
  Demand asked;
  asked.id = "asked";
  asked.kind = DemandKind::interactive;
  asked.requests_per_s = between(0.2, 1.5);
  asked.growth = {1, 1, 1};
  asked.latency_s = 3;
  asked.late_share = 0.1;
  s.demands = {batch, asked};
  for (const Demand& d : s.demands)
    for (const ServerOffer& o : s.offers)
      s.throughputs.push_back({d.id, o.id, between(0.5, 1.5), {}, {}, Basis::assumed, "made up"});
  return s;
}

double speed(const Scenario& s, std::size_t demand, std::size_t offer) {
  return s.throughputs[demand * kOffers + offer].per_s;
}

/// Can m[0] and m[1] servers do a month's work? Every split of devices between the two demands is tried.
bool enough(const Scenario& s, std::size_t month, const std::array<std::int64_t, kOffers>& m) {
  const double grown = std::pow(2, static_cast<double>(month) / 12);
  for (std::int64_t i = 0; i <= m[0] * s.offers[0].devices; ++i)
    for (std::int64_t j = 0; j <= m[1] * s.offers[1].devices; ++j) {
      double served = 0, batch = 0;
      const std::array<std::int64_t, kOffers> pool = {i, j};
      for (std::size_t p = 0; p < kOffers; ++p) {
        const double mu = speed(s, 1, p);
        served += mu * capacity(pool[p], {(3 - 1 / mu) * mu, 0.1, 1});
        batch += speed(s, 0, p) * static_cast<double>(m[p] * s.offers[p].devices - pool[p]);
      }
      if (served >= s.demands[1].requests_per_s * grown && batch >= s.demands[0].requests_per_s * grown)
        return true;
    }
  return false;
}

struct Path {
  std::array<std::int64_t, kMonths> ordered{}, owned{};
  double usd = 0;
};

/// Every order and retirement of one offer.
std::vector<Path> paths_of(const ServerOffer& o) {
  std::vector<Path> paths;
  const double month = o.idle_w / 1000 * 730 * 0.2;
  for (std::int64_t b0 = 0; b0 <= 2; ++b0)
    for (std::int64_t n0 = 0; n0 <= b0; ++n0)
      for (std::int64_t b1 = 0; b1 <= 2; ++b1)
        for (std::int64_t n1 = 0; n1 <= n0 + b1; ++n1) {
          Path path{{b0, b1}, {n0, n1}, 0};
          for (std::size_t t = 0; t < kMonths; ++t) {
            const double book = 1 - static_cast<double>(kMonths - t) / 60;
            path.usd += static_cast<double>(path.ordered[t]) * *o.buy_usd * (1 - 0.5 * book) +
                        static_cast<double>(path.owned[t]) * month;
          }
          paths.push_back(path);
        }
  return paths;
}

std::optional<double> cheapest_by_trying_all(const Scenario& s) {
  std::array<std::array<std::array<bool, 8>, 8>, kMonths> good{};
  for (std::size_t t = 0; t < kMonths; ++t)
    for (std::int64_t i = 0; i < 8; ++i)
      for (std::int64_t j = 0; j < 8; ++j)
        good[t][static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = enough(s, t, {i, j});
  std::optional<double> best;
  const auto first = paths_of(s.offers[0]), second = paths_of(s.offers[1]);
  for (const Path& a : first)
    for (const Path& b : second) {
      double usd = a.usd + b.usd;
      for (std::size_t t = 0; t < kMonths; ++t) {
        double rent = 1e18;
        if (static_cast<double>(a.owned[t] + b.owned[t]) <= s.sites[0].rack_units)
          for (std::int64_t c = 0; c <= 3; ++c)
            for (std::int64_t d = 0; d <= 3; ++d)
              if (good[t][static_cast<std::size_t>(a.owned[t] + c)][static_cast<std::size_t>(b.owned[t] + d)])
                rent = std::min(rent, 730 * (static_cast<double>(c) * *s.offers[0].rent_usd_per_h +
                                             static_cast<double>(d) * *s.offers[1].rent_usd_per_h));
        usd += rent;
      }
      if (usd < 1e17 && (!best || usd < *best)) best = usd;
    }
  return best;
}

TEST(Planner, SmallPlansCostWhatTryingAllFinds) {
  if (solver_name().empty()) GTEST_SKIP() << "built without CBC";
  PlanOptions options;
  options.gap = 0;
  int planned = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const PlanQuestion question{small_scenario(seed), {}, {}};
    ASSERT_TRUE(check_scenario(question.scenario, "small"));
    const auto plan = bare_plan(question, options, Speed::median);
    ASSERT_TRUE(plan) << plan.error().what;
    const auto best = cheapest_by_trying_all(question.scenario);
    if (!best) {
      EXPECT_EQ(plan->status, PlanStatus::infeasible) << "seed " << seed;
      continue;
    }
    ++planned;
    EXPECT_EQ(plan->status, PlanStatus::optimal) << "seed " << seed;
    EXPECT_NEAR(plan->sums.usd, *best, 1e-4 * *best) << "seed " << seed;
  }
  EXPECT_GE(planned, 10);
}

TEST(Planner, NoPoolIsCheaperThanTheBoundTakesItToBe) {
  Scenario s = small_scenario(1);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    s.demands[1].requests_per_s = 0.3 + 20 * random_unit(seed, 0);
    s.demands[1].late_share = 0.02 + 0.2 * random_unit(seed, 1);
    const PlanInstance in(s, suitabilities(s, {}, {}, Speed::median, nullptr));
    const double load = in.load(1, 0, 0), least = relaxed_servers(in, 1, 0, 0) * in.devices(0);
    const WaitTarget& target = in.pairing[1][0].target;
    const std::int64_t whole = fewest_workers(load, target);
    EXPECT_LE(least, static_cast<double>(whole));
    EXPECT_GT(least, static_cast<double>(whole) - 1) << "seed " << seed;
    for (double share = 0.01; share <= 1; share += 0.01)
      EXPECT_GE(static_cast<double>(fewest_workers(share * load, target)), share * least * (1 - 1e-9))
          << "seed " << seed << ", share " << share;
  }
}

TEST(Planner, AnImpossibleScenarioNamesItsConflict) {
  if (solver_name().empty()) GTEST_SKIP() << "built without CBC";
  Scenario s = small_scenario(1);
  for (ServerOffer& o : s.offers) o.rent_usd_per_h.reset();
  s.sites[0].power_w = 100;
  PlanOptions options;
  options.arrivals = 0;
  const auto plan = make_plan({s, {}, {}}, options);
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(plan->status, PlanStatus::infeasible);
  EXPECT_NE(std::ranges::find(plan->conflicts, "power at here"), plan->conflicts.end());
  EXPECT_TRUE(plan->fleet.empty());
  EXPECT_FALSE(plan->relaxations.empty());
}

TEST(Planner, SyntheticScenariosAreValidAndRepeat) {
  const auto a = synthetic_scenario("3x4x6x2", 9), b = synthetic_scenario("3x4x6x2", 9);
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(check_scenario(*a, "synthetic"));
  EXPECT_EQ(encode(*a), encode(*b));
  for (const char* bad : {"3x4x6", "3x4x6x0", "axbxcxd", "3x4x6x2x1", "3x4x6.5x2"})
    EXPECT_FALSE(synthetic_scenario(bad, 1)) << bad;
}

TEST(Planner, AScenarioThatContradictsItselfIsRefused) {
  Scenario s = small_scenario(1);
  s.throughputs[0].offer = "aa";
  EXPECT_FALSE(check_scenario(s, "s"));
  s = small_scenario(1);
  s.demands[0].latency_s = 3;
  EXPECT_FALSE(check_scenario(s, "s"));
  s = small_scenario(1);
  s.offers[1].id = "a";
  EXPECT_FALSE(check_scenario(s, "s"));
}

TEST(Child, EndsWithItsTimeAndOnInterrupt) {
  const auto endless = []() -> std::string {
    while (true) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  const auto late = run_in_child(endless, 0.2, 1e9);
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->empty());
  EXPECT_EQ(run_in_child([] { return std::string("answer"); }, 5, 1e9).value_or(""), "answer");
  Interrupt::request();
  const auto stopped = run_in_child(endless, 60, 1e9);
  Interrupt::clear();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace ridgepoint
