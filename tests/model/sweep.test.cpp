// SPDX-License-Identifier: Apache-2.0
#include "model/sweep/sweep.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/catalogue.h"

namespace ridgepoint {
namespace {

/// The shipped catalogue, read once.
struct Shipped {
  std::vector<Platform> platforms;
  std::vector<Workload> workloads;
  EstimateContext context;

  static const Shipped& get() {
    static const Shipped s = [] {
      const std::string configs = RIDGEPOINT_SOURCE_DIR "/configs";
      Shipped out{*load_platforms(configs + "/platforms", configs + "/prices"),
                  *load_workloads(configs + "/workloads"),
                  {}};
      out.context.as_of = "2025-08";
      out.context.calibration = *load_calibration(configs);
      return out;
    }();
    return s;
  }
};

TEST(CompiledJob, GivesTheEstimateOfEveryPlatformAndWorkload) {
  const Shipped& s = Shipped::get();
  int compared = 0;
  for (const Workload& w : s.workloads)
    for (const Platform& p : s.platforms) {
      const Estimate e = estimate(w, p, s.context);
      const auto job = CompiledJob::make(e, Objective::cost);
      ASSERT_EQ(job.has_value(), e.standing == Standing::ranked) << w.id << " on " << p.id;
      if (!job) continue;
      ++compared;
      EXPECT_NEAR(job->seconds({}) / e.time_s->value, 1, 1e-9) << w.id << " on " << p.id;
      EXPECT_NEAR(job->value({}) / e.cost_usd->value, 1, 1e-9) << w.id << " on " << p.id;
    }
  EXPECT_GT(compared, 100);
}

/// The factors are what the full model says when the same input is changed.
TEST(CompiledJob, FactorsAreThoseOfTheFullModel) {
  const Shipped& s = Shipped::get();
  for (const Workload& w : s.workloads)
    for (const char* id : {"nvidia-a100-sxm-80", "intel-xeon-6980p", "amd-epyc-9654"}) {
      const auto p = std::ranges::find(s.platforms, id, &Platform::id);
      if (p == s.platforms.end()) continue;
      EstimateContext by_time = s.context;
      by_time.objective = Objective::time;
      const auto job = CompiledJob::make(estimate(w, *p, by_time), Objective::time);
      if (!job) continue;
      Workload more = w;
      for (Stage& stage : more.stages)
        if (stage.work) stage.work->value = 3 * stage.work->number();
      const Estimate full = estimate(more, *p, by_time);
      EXPECT_NEAR(job->seconds({.work = 3}) / full.time_s->value, 1, 1e-6) << w.id << " on " << id;
    }
}

TEST(CompiledJob, EachFactorActsOnItsOwnTerm) {
  const Shipped& s = Shipped::get();
  const auto w = std::ranges::find(s.workloads, "sparse/spmv-27pt", &Workload::id);
  ASSERT_NE(w, s.workloads.end());
  const auto p = std::ranges::find(s.platforms, "nvidia-a100-sxm-80", &Platform::id);
  ASSERT_NE(p, s.platforms.end());
  const auto job = CompiledJob::make(estimate(*w, *p, s.context), Objective::cost);
  ASSERT_TRUE(job);
  const double one = job->value({});
  EXPECT_NEAR(job->value({.price = 2}), 2 * one, 1e-9 * one);
  EXPECT_NEAR(job->value({.efficiency = 2}), one / 2, 1e-9 * one);
  EXPECT_LT(job->value({.bandwidth = 2}), 0.6 * one) << "a memory-bound job";
  EXPECT_GT(job->value({.compute = 2}), 0.9 * one);
  EXPECT_NEAR(job->seconds({.price = 2}), job->seconds({}), 0);
}

TEST(Sweep, TheBestChangesWhereTheCrossoverSays) {
  const Shipped& s = Shipped::get();
  const auto w = std::ranges::find(s.workloads, "sparse/spmv-27pt", &Workload::id);
  ASSERT_NE(w, s.workloads.end());
  const auto all = sweep({.vary = "price", .from = 0.9, .to = 1.1, .points = 2}, *w, s.platforms, s.context);
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->crossovers.empty()) << "a price of all changes no order";
  const std::string winner = all->best.front();
  const auto one = sweep({.vary = "price", .from = 0.01, .to = 100, .points = 401, .on = winner}, *w,
                         s.platforms, s.context);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->crossovers.size(), 1u);
  const Crossover& c = one->crossovers.front();
  EXPECT_EQ(c.from, winner);
  const auto objective = [&](const std::string& id) {
    const auto it = std::ranges::find(s.platforms, id, &Platform::id);
    return estimate(*w, *it, s.context).cost_usd->value;
  };
  EXPECT_NEAR(c.factor, objective(c.to) / objective(c.from), 1e-6 * c.factor);
}

TEST(Sweep, AnUnknownPlatformIsRefusedWithTheNearest) {
  const Shipped& s = Shipped::get();
  const auto bad =
      sweep({.vary = "price", .on = "nvidia-h100-sxn"}, s.workloads.front(), s.platforms, s.context);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::bad_input);
}

}  // namespace
}  // namespace ridgepoint
