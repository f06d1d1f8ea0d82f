// SPDX-License-Identifier: Apache-2.0
#include "model/recommend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "model/verdict.h"
#include "tests/model/support.h"

namespace ridgepoint {
namespace {

using namespace testing_support;

Question question() {
  Question q;
  q.as_of = "2026-01";
  q.objective = Objective::cost;
  q.workloads = {workload(2e12, 1e9, 0, 1e9)};
  for (const auto& [id, flops, usd] : {std::tuple("slow-cheap", 1e12, 1.0),
                                       std::tuple("fast-dear", 4e12, 8.0), std::tuple("middle", 2e12, 1.5)}) {
    Platform p = platform(id, flops);
    p.offers = {hourly(usd, "2025-01", "2026-06")};
    q.platforms.push_back(p);
  }
  q.platforms.push_back(platform("unpriced", 8e12));
  return q;
}

std::vector<std::string> order(const Answer& a) {
  std::vector<std::string> ids;
  for (const Estimate& e : a.estimates) ids.push_back(e.platform_id);
  return ids;
}

TEST(Recommend, TheObjectiveDecides) {
  Question q = question();
  // cost: 1/1 = 1, 8/4 = 2, 1.5/2 = 0.75
  EXPECT_EQ(order(recommend(q).answers[0]),
            (std::vector<std::string>{"middle", "slow-cheap", "fast-dear", "unpriced"}));
  q.objective = Objective::time;
  EXPECT_EQ(order(recommend(q).answers[0]),
            (std::vector<std::string>{"unpriced", "fast-dear", "middle", "slow-cheap"}));
}

TEST(Recommend, MarginAndRunnerUpAreThoseOfTheFirstTwo) {
  const Answer a = recommend(question()).answers[0];
  EXPECT_EQ(a.choice, "middle");
  EXPECT_EQ(a.runner_up, "slow-cheap");
  EXPECT_NEAR(*a.margin_ratio, 4.0 / 3.0, 1e-12);
  EXPECT_GT(*a.probability_best, 0.5);
}

TEST(Recommend, ShufflingTheCatalogueChangesNothing) {
  Question q = question();
  const Json first = encode(recommend(q));
  std::ranges::reverse(q.platforms);
  EXPECT_EQ(encode(recommend(q)), first);
}

TEST(Recommend, ALowerPriceNeverHurts) {
  for (const double cut : {0.9, 0.5, 0.1}) {
    Question q = question();
    q.platforms[1].offers[0].price.value = 8.0 * cut;
    const auto before = order(recommend(question()).answers[0]), after = order(recommend(q).answers[0]);
    EXPECT_LE(std::ranges::find(after, "fast-dear") - after.begin(),
              std::ranges::find(before, "fast-dear") - before.begin());
  }
}

TEST(Recommend, ADominatedPlatformNeverWins) {
  Question q = question();
  Platform worse = platform("aaa-worse", 1.9e12);
  worse.offers = {hourly(1.6, "2025-01", "2026-06")};
  q.platforms.push_back(worse);
  for (const Objective o : {Objective::cost, Objective::time}) {
    q.objective = o;
    const auto ids = order(recommend(q).answers[0]);
    EXPECT_LT(std::ranges::find(ids, "middle"), std::ranges::find(ids, "aaa-worse"));
  }
}

TEST(Recommend, TheUnpricedRivalIsNamedWithItsBreakEven) {
  const Answer a = recommend(question()).answers[0];
  // middle costs 0.75 units a TFLOP/s; unpriced is 8 TFLOP/s: below 6 USD an hour it wins.
  const auto hit = std::ranges::find_if(a.flips, [](const std::string& f) {
    return f.find("Platform unpriced has no price: it wins below $6") == 0;
  });
  EXPECT_NE(hit, a.flips.end());
}

TEST(Recommend, NothingRankedIsSaidSo) {
  Question q = question();
  q.workloads = {workload(1e12, 1e9, 0, 1e15)};
  const Answer a = recommend(q).answers[0];
  EXPECT_EQ(a.verdict, "no answer");
  EXPECT_TRUE(a.choice.empty());
  EXPECT_FALSE(a.margin_ratio);
}

TEST(Recommend, RunsOfTheMachineCalibrateTheClass) {
  Question q = question();
  Machine m;
  m.platform = platform("this-machine");
  q.machine = m;
  RunSet runs;
  KernelRun run;
  run.id = "medical/conv";
  run.kernel_class = "conv3d-inference";
  run.dtype = "fp32";
  run.cost = {1e12, 1e9, 0};  // 1 s at the roof
  run.verification.passed = true;
  run.wall_s = {2, 2, 2};
  run.time_s = summarise(run.wall_s);
  runs.runs = {run};
  q.runs = runs;
  q.machine_usd_per_hour = 0.01;
  const Recommendation r = recommend(q);
  ASSERT_EQ(r.kernels.size(), 1u);
  EXPECT_DOUBLE_EQ(r.kernels[0].utilisation.value, 0.5);
  EXPECT_EQ(r.answers[0].choice, "this-machine");
  EXPECT_DOUBLE_EQ(r.answers[0].estimates[0].time_s->value, 4);  // 2 TFLOP / 1 TFLOP/s / 0.5
  EXPECT_TRUE(r.answers[0].estimates[0].measured_machine);

  q.runs->runs[0].cpu_s = {1, 1, 1};  // half of its processor: the neighbours were measured, not the kernel
  const Recommendation busy = recommend(q);
  EXPECT_TRUE(busy.kernels[0].not_used);
  EXPECT_EQ(busy.answers[0].estimates[0].terms[2].basis, Basis::assumed);
  q.runs->runs[0].cpu_s.clear();

  q.runs->runs[0].verification.passed = false;
  EXPECT_TRUE(recommend(q).kernels.empty()) << "an unverified time must not count";
}

TEST(Recommend, AKernelAboveItsRoofIsAnAlarmNotATruth) {
  Question q = question();
  Machine m;
  m.platform = platform("this-machine");
  q.machine = m;
  KernelRun run;
  run.id = "x/y";
  run.kernel_class = "conv3d-inference";
  run.dtype = "fp32";
  run.cost = {1e12, 1e9, 0};
  run.verification.passed = true;
  run.wall_s = {0.9};
  run.time_s = summarise(run.wall_s);
  q.runs = RunSet{};
  q.runs->runs = {run};
  const Recommendation r = recommend(q);
  EXPECT_TRUE(std::ranges::any_of(r.warnings, [](const Warning& w) { return w.code == "exceeds-roof"; }));
  EXPECT_GT(r.kernels[0].utilisation.value, 1.05);
}

TEST(Verdict, ProbabilityFollowsTheNormalLaw) {
  const Interval a{1, std::exp(-1.2816 * 0.2), std::exp(1.2816 * 0.2)}, b{2, 2 * a.lo, 2 * a.hi};
  // ln 2 / sqrt(2 * 0.04 * (1 - 0.5)) = 3.466 standard deviations: Phi = 0.99974
  EXPECT_NEAR(probability_below(a, b, 0.5), 0.99974, 1e-5);
  EXPECT_NEAR(probability_below(a, a, 0.5), 0.5, 1e-12);
  EXPECT_NEAR(probability_below(a, b, 0.5) + probability_below(b, a, 0.5), 1, 1e-12);
}

}  // namespace
}  // namespace ridgepoint
