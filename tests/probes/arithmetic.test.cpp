// SPDX-License-Identifier: Apache-2.0
#include "probes/arithmetic.h"

#include <gtest/gtest.h>

#include "probes/arithmetic_limit.h"

namespace ridgepoint {
namespace {

std::string name_of_loop(const ArithmeticLoop& loop) { return loop.dtype + " " + loop.isa; }

TEST(Arithmetic, EveryLoopOfThisCpuGivesTheRightAnswer) {
  const auto loops = arithmetic_loops();
  ASSERT_GE(loops.size(), 4u) << "scalar code and one vector set at least";
  for (const ArithmeticLoop& loop : loops) {
    const ArithmeticRun run = loop.run(kRoundUnit * 10000);
    EXPECT_LE(run.residual, loop.tolerance) << name_of_loop(loop);
    EXPECT_GT(run.operations, 0) << name_of_loop(loop);
    EXPECT_EQ(loop.unit, loop.dtype == "int8" ? "op/s" : "flop/s") << name_of_loop(loop);
  }
}

TEST(Arithmetic, AFewRoundsAreNotEnoughForAChainToReachItsFixedPoint) {
  const ArithmeticLoop loop = arithmetic_loops().front();
  EXPECT_GT(loop.run(kRoundUnit).residual, loop.tolerance) << "the check would pass whatever the loop did";
}

TEST(Arithmetic, ClockLoopsDoTheSameArithmetic) {
  for (const ArithmeticLoop& loop : arithmetic_loops()) {
    ASSERT_FALSE(loop.clocks.empty()) << name_of_loop(loop);
    for (const ClockLoop& clock : loop.clocks) {
      const ArithmeticRun run = clock.run(kRoundUnit * 1000);
      EXPECT_LE(run.residual, loop.tolerance) << name_of_loop(loop) << " with " << clock.adds;
      EXPECT_EQ(run.operations, loop.run(kRoundUnit * 1000).operations) << name_of_loop(loop);
    }
  }
}

/// Four operations an instruction.
ArithmeticRun fake_run(std::int64_t rounds) {
  return {4.0 * static_cast<double>(rounds), static_cast<double>(rounds), 0};
}

Facts shares(double rate, double clock, double limit, int threads = 1, int cores = 8) {
  const ArithmeticLoop loop{"fp32", "fake", "flop/s", "a test", 1, fake_run, {}, limit};
  ProbeOutcome outcome;
  Fact one = measured(rate, "flop/s", "a test");
  one.lo = rate * 0.9;
  for (const int n : {1, threads}) {
    outcome.facts[rate_key(loop, n)] = one;
    outcome.facts[rate_key(loop, n)].value = rate * n;
    outcome.facts[rate_key(loop, n) + ".clock"] = measured(clock, "hz", "a test");
  }
  add_limit_shares({loop}, cores, outcome);
  return outcome.facts;
}

TEST(ArithmeticLimit, InfersWholePipelinesFromOneThread) {
  const Facts facts = shares(7.6e9, 1e9, 0);
  EXPECT_DOUBLE_EQ(*number(facts, "compute.fp32.fake.1t.per_cycle"), 1.9);
  const Fact& share = facts.at("compute.fp32.fake.1t.of_limit");
  EXPECT_DOUBLE_EQ(share.number(), 0.95);
  EXPECT_DOUBLE_EQ(*share.lo, 0.95 * 0.9);
  EXPECT_EQ(share.basis, Basis::derived);
  EXPECT_NE(share.note->find("inferred"), std::string::npos);
  EXPECT_DOUBLE_EQ(*number(shares(8.16e9, 1e9, 0), "compute.fp32.fake.1t.of_limit"), 1.02)
      << "a little above two is two and an error";
}

TEST(ArithmeticLimit, KnowsInstructionsThatTakeSeveralCycles) {
  EXPECT_DOUBLE_EQ(*number(shares(1.96e9, 1e9, 0), "compute.fp32.fake.1t.of_limit"), 0.98)
      << "one in two cycles";
  EXPECT_DOUBLE_EQ(*number(shares(3.6e9, 1e9, 0), "compute.fp32.fake.1t.of_limit"), 0.9) << "one a cycle";
}

TEST(ArithmeticLimit, PrefersTheVendorsLimit) {
  const Facts facts = shares(0.2e9, 1e9, 0.0625);
  EXPECT_DOUBLE_EQ(*number(facts, "compute.fp32.fake.1t.of_limit"), 0.8);
  EXPECT_NE(facts.at("compute.fp32.fake.1t.of_limit").note->find("manual"), std::string::npos);
}

TEST(ArithmeticLimit, CountsCoresNotThreads) {
  EXPECT_DOUBLE_EQ(*number(shares(8e9, 1e9, 0, 4, 4), "compute.fp32.fake.4t.per_cycle"), 2);
  EXPECT_DOUBLE_EQ(*number(shares(8e9, 1e9, 0, 4, 2), "compute.fp32.fake.4t.per_cycle"), 4)
      << "four threads on two cores";
}

TEST(ArithmeticLimit, SaysNothingWithoutAClock) {
  const ArithmeticLoop loop{"fp32", "fake", "flop/s", "a test", 1, fake_run, {}, 0};
  ProbeOutcome outcome;
  outcome.facts[rate_key(loop, 1)] = measured(1e9, "flop/s", "a test");
  add_limit_shares({loop}, 1, outcome);
  EXPECT_EQ(outcome.facts.size(), 1u);
}

}  // namespace
}  // namespace ridgepoint
