// SPDX-License-Identifier: Apache-2.0
#include "model/estimate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/model/support.h"

namespace ridgepoint {
namespace {

using namespace testing_support;

EstimateContext context(Objective objective = Objective::time, double efficiency = 1) {
  EstimateContext c;
  c.as_of = "2026-01";
  c.objective = objective;
  c.efficiency["conv3d-inference"] = {efficiency, 0.2, 0.1, Basis::measured, "test"};
  return c;
}

TEST(Estimate, TheSlowerRoofSetsTheTime) {
  // 2 TFLOP at 1 TFLOP/s = 2 s; 100 + 50 GB at 100 GB/s = 1.5 s.
  const Estimate compute = estimate(workload(2e12, 1e11, 5e10, 1e9), platform("p"), context());
  ASSERT_TRUE(compute.time_s);
  EXPECT_DOUBLE_EQ(compute.time_s->value, 2);
  EXPECT_EQ(compute.bound_by, "compute (fp32)");
  // 1 TFLOP = 1 s against the same 1.5 s.
  const Estimate memory = estimate(workload(1e12, 1e11, 5e10, 1e9), platform("p"), context());
  EXPECT_DOUBLE_EQ(memory.time_s->value, 1.5);
  EXPECT_EQ(memory.bound_by, "memory (dram)");
}

TEST(Estimate, EfficiencyDividesTheRooflineTime) {
  EXPECT_DOUBLE_EQ(
      estimate(workload(2e12, 1e9, 0, 1e9), platform("p"), context(Objective::time, 0.5)).time_s->value, 4);
}

TEST(Estimate, TheTermsGiveTheTime) {
  const Estimate e = estimate(workload(2e12, 1e11, 5e10, 1e9), platform("p"), context(Objective::time, 0.8));
  double longest = 0, efficiency = 0;
  for (const Term& t : e.terms) {
    if (t.unit == "s") longest = std::max(longest, t.value);
    if (t.name == "efficiency") efficiency = t.value;
  }
  EXPECT_DOUBLE_EQ(e.time_s->value, longest / efficiency);
}

TEST(Estimate, AJobThatDoesNotFitHasNoTime) {
  const Estimate e = estimate(workload(1e12, 1e9, 0, 65e9), platform("p"), context());
  EXPECT_EQ(e.standing, Standing::does_not_fit);
  EXPECT_FALSE(e.time_s);
  EXPECT_TRUE(e.terms.empty());
}

TEST(Estimate, ABigJobLivesInTheSlowTier) {
  Platform phi = platform("phi", 1e12, 9e10, 384e9);  // DDR4
  phi.facts["memory.mcdram.capacity"] = fact(16e9, "byte");
  phi.facts["memory.mcdram.bandwidth.peak"] = fact(4.5e11, "byte/s");
  const Estimate small = estimate(workload(0, 9e10, 0, 15e9), phi, context());
  const Estimate large = estimate(workload(0, 9e10, 0, 17e9), phi, context());
  EXPECT_EQ(small.fit.tier, "mcdram");
  EXPECT_DOUBLE_EQ(small.time_s->value, 0.2);
  EXPECT_EQ(large.fit.tier, "dram");
  EXPECT_DOUBLE_EQ(large.time_s->value, 1);
}

TEST(Estimate, AMissingRoofIsRefusedNotGuessed) {
  Platform p = platform("p");
  p.facts.erase("compute.fp32.peak");
  p.facts["compute.int8.peak"] = fact(1e15, "op/s");
  const Estimate e = estimate(workload(1e12, 1e9, 0, 1e9), p, context());
  EXPECT_EQ(e.standing, Standing::unknown);
  EXPECT_FALSE(e.time_s);
  EXPECT_NE(e.reason.find("fp32"), std::string::npos);
  p = platform("p");
  p.facts.erase("memory.dram.capacity");
  EXPECT_EQ(estimate(workload(1e12, 1e9, 0, 1e9), p, context()).standing, Standing::unknown);
  EXPECT_EQ(estimate(workload(1e12, 1e9, 0, 1e9), platform("p"),
                     EstimateContext{"2026-01", Objective::time, {}, ""})
                .standing,
            Standing::unknown);
}

TEST(Estimate, NoPriceIsNoCostNeverZero) {
  const Estimate e = estimate(workload(1e12, 1e9, 0, 1e9), platform("p"), context(Objective::cost));
  EXPECT_EQ(e.standing, Standing::no_figure);
  EXPECT_FALSE(e.cost_usd);
  EXPECT_TRUE(e.time_s);
}

TEST(Estimate, CostAndEnergyAreTimeTimesRate) {
  Platform p = platform("p");
  p.offers.push_back(
      hourly(7.2, "2025-01", "2026-06", 2));  // 3.6 USD an hour and device = 0.001 USD a second
  const Estimate e = estimate(workload(2e12, 1e9, 0, 1e9), p, context(Objective::cost));
  EXPECT_DOUBLE_EQ(e.cost_usd->value, 0.002);
  EXPECT_DOUBLE_EQ(e.energy_j->value, 200);
  EXPECT_EQ(e.standing, Standing::ranked);
}

TEST(Estimate, NominalRoofsAreDeratedAndLessSure) {
  Platform nominal = platform("p"), assumed = platform("p");
  for (auto* p : {&nominal, &assumed})
    for (auto& [key, f] : p->facts) f.basis = p == &nominal ? Basis::vendor : Basis::assumed;
  const auto width = [](const Estimate& e) { return e.time_s->hi / e.time_s->lo; };
  const Workload w = workload(2e12, 1e9, 0, 1e9);
  const Estimate m = estimate(w, platform("p"), context()), n = estimate(w, nominal, context()),
                 a = estimate(w, assumed, context());
  EXPECT_NEAR(n.time_s->value / m.time_s->value, 1 / 0.77, 1e-9);
  EXPECT_LT(width(m), width(n));
  EXPECT_LT(width(n), width(a));
}

TEST(Estimate, AChipIsRankedOnlyForWhatItIsKnownToRun) {
  Platform npu = platform("npu");
  npu.kind = PlatformClass::npu;
  Workload w = workload(1e12, 1e9, 0, 1e9);
  const auto standing = [&](Phase phase) {
    w.phase = phase;
    return estimate(w, npu, context()).standing;
  };
  EXPECT_EQ(standing(Phase::inference), Standing::ranked);
  EXPECT_EQ(standing(Phase::training), Standing::unknown);
  EXPECT_EQ(standing(Phase::query), Standing::unknown);
  npu.facts["support.training"] = fact(1, "bool");
  npu.facts["support.training"].value = true;
  EXPECT_EQ(standing(Phase::training), Standing::ranked);
  npu.facts["support.training"].value = false;
  EXPECT_EQ(standing(Phase::training), Standing::unknown);
  npu.kind = PlatformClass::gpu;
  EXPECT_EQ(standing(Phase::query), Standing::ranked);
}

TEST(Estimate, TheBandwidthPatternFollowsTheMixOfReadsAndWrites) {
  Platform p = platform("p");  // read 100 GB/s
  p.facts["memory.dram.bandwidth.copy"] = fact(2e11, "byte/s");
  EXPECT_DOUBLE_EQ(estimate(workload(0, 1e11, 0, 1e9), p, context()).time_s->value, 1);
  EXPECT_DOUBLE_EQ(estimate(workload(0, 5e10, 5e10, 1e9), p, context()).time_s->value, 0.5);
}

TEST(Estimate, MatrixRatesServeDenseWorkOnly) {
  Platform p = platform("p");
  for (const std::string unit : {"matrix", "amx"}) {
    p.facts["compute.fp32." + unit] = fact(4e12, "flop/s");
    Workload w = workload(4e12, 1e9, 0, 1e9);
    EXPECT_DOUBLE_EQ(estimate(w, p, context()).time_s->value, 1) << unit;
    w.stages[0].kernel_class = "spmv";
    EstimateContext c = context();
    c.efficiency["spmv"] = c.efficiency["conv3d-inference"];
    EXPECT_DOUBLE_EQ(estimate(w, p, c).time_s->value, 4) << unit;
    p.facts.erase("compute.fp32." + unit);
  }
}

TEST(Estimate, ThreadCountFactsAreNotRoofs) {
  Platform p = platform("p");
  p.facts["compute.fp32.avx2.1t"] = fact(9e12, "flop/s");
  p.facts["memory.dram.bandwidth.read.16t"] = fact(9e12, "byte/s");
  EXPECT_DOUBLE_EQ(estimate(workload(2e12, 1e11, 0, 1e9), p, context()).time_s->value, 2);
}

TEST(Estimate, DoublingWorkAndTrafficDoublesTheTime) {
  for (int seed = 1; seed <= 50; ++seed) {
    const double flop = 1e10 * seed * seed, read = 3e9 * (51 - seed), written = 1e8 * seed;
    const double one = estimate(workload(flop, read, written, 1e9), platform("p"), context()).time_s->value;
    const double two =
        estimate(workload(2 * flop, 2 * read, 2 * written, 1e9), platform("p"), context()).time_s->value;
    EXPECT_NEAR(two / one, 2, 1e-12) << seed;
  }
}

TEST(Estimate, MoreBandwidthOrComputeIsNeverSlower) {
  for (int seed = 1; seed <= 50; ++seed) {
    const Workload w = workload(1e11 * seed, 1e9 * (51 - seed), 1e8, 1e9);
    const double base = estimate(w, platform("p"), context()).time_s->value;
    EXPECT_LE(estimate(w, platform("p", 1e12, 2e11), context()).time_s->value, base);
    EXPECT_LE(estimate(w, platform("p", 2e12, 1e11), context()).time_s->value, base);
  }
}

TEST(Estimate, TheIntervalIsTheTenToNinetyPercentOfItsSigma) {
  const Interval i = log_normal(10, 0.25);
  EXPECT_NEAR(std::log(i.hi / i.value), 1.2816 * 0.25, 1e-12);
  EXPECT_NEAR(sigma_of(i), 0.25, 1e-12);
}

}  // namespace
}  // namespace ridgepoint
