// SPDX-License-Identifier: Apache-2.0
#include "model/plan/queueing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/plan/simulate.h"

namespace ridgepoint {
namespace {

TEST(Queueing, OneWorkerWaitsWithChanceOfItsLoad) {
  EXPECT_NEAR(erlang_c(1, 0.7), 0.7, 1e-12);
  EXPECT_NEAR(mean_wait(1, 0.8, 1), 0.8 / 0.2, 1e-12);
}

TEST(Queueing, AgreesWithTheTextbook) {
  // n = 2: C = 2 rho^2 / (1 + rho). a = 1.2: rho = 0.6.
  EXPECT_NEAR(erlang_c(2, 1.2), 2 * 0.36 / 1.6, 1e-12);
  // Erlang's table: 10 circuits, 5 erlang: 1.84 % lost.
  EXPECT_NEAR(erlang_b(10, 5), 0.01838, 1e-5);
}

TEST(Queueing, StaysFiniteForLargePools) {
  const double b = erlang_b(200000, 199000);
  EXPECT_TRUE(std::isfinite(b));
  EXPECT_GT(b, 0);
  EXPECT_LT(b, 1e-3);
  EXPECT_EQ(erlang_c(10, 10), 1);
}

struct TableCell {
  double patience, late;
  std::int64_t n;
  double utilisation;
};

TEST(Queueing, MaxUtilisationAgreesWithTheTable) {
  // Largest utilisation with P(wait > T) <= eps, computed apart from this program.
  const TableCell cells[] = {{0, .20, 1, .20},   {0, .20, 4, .53},   {0, .20, 16, .75},  {0, .20, 64, .87},
                             {0, .20, 256, .93}, {.5, .05, 1, .08},  {.5, .05, 4, .47},  {.5, .05, 16, .79},
                             {1, .05, 4, .58},   {1, .05, 16, .86},  {1, .05, 64, .96},  {1, .01, 4, .42},
                             {1, .01, 16, .79},  {1, .01, 256, .98}, {3, .01, 1, .13},   {3, .01, 4, .69},
                             {3, .01, 16, .91},  {3, .01, 64, .98},  {3, .01, 256, .99}, {1, .01, 1, .03}};
  for (const TableCell& c : cells)
    EXPECT_NEAR(capacity(c.n, {c.patience, c.late, 1}) / static_cast<double>(c.n), c.utilisation, 0.0065)
        << "T " << c.patience << " eps " << c.late << " n " << c.n;
}

TEST(Queueing, FewestWorkersIsExactAtItsEdge) {
  for (const double a : {0.01, 0.4, 3.0, 17.5, 240.0, 3000.0}) {
    const WaitTarget target{0.5, 0.05, 1.4};
    const std::int64_t n = fewest_workers(a, target);
    EXPECT_LE(late_share(n, a, target), target.late_share) << a;
    EXPECT_GT(late_share(n - 1, a, target), target.late_share) << a;
    EXPECT_GE(capacity(n, target), a * (1 - 1e-9));
  }
  EXPECT_EQ(fewest_workers(0, {1, 0.05, 1}), 0);
}

TEST(Queueing, TheCutNeverPromisesMoreThanThePoolCarries) {
  for (const WaitTarget& target : {WaitTarget{0, 0.2, 1}, WaitTarget{1, 0.05, 1}, WaitTarget{3, 0.01, 0.6}})
    for (const std::int64_t n0 : {1, 2, 7, 40, 200}) {
      const CapacityCut cut = tangent_cut(n0, target);
      for (std::int64_t n = 1; n <= 260; ++n)
        EXPECT_LE(cut.slope * static_cast<double>(n) - cut.offset, capacity(n, target) + 1e-8)
            << n0 << " " << n;
    }
}

TEST(Queueing, PoolingNeverLowersUtilisation) {
  for (std::int64_t n = 1; n < 300; ++n)
    EXPECT_LE(capacity(n, {0.5, 0.02, 1}) / static_cast<double>(n),
              capacity(n + 1, {0.5, 0.02, 1}) / static_cast<double>(n + 1) + 1e-9);
}

TEST(Simulation, ExponentialPoolsAgreeWithErlang) {
  for (const auto& [n, a, patience] :
       {std::tuple(1, 0.6, 0.5), std::tuple(4, 3.0, 0.25), std::tuple(30, 27.0, 0.1)}) {
    const LateShare seen = simulate_pool({n, a, patience, 1, 400000, 20261128});
    const double expected = late_share(n, a, {patience, 0.05, 1});
    EXPECT_NEAR(seen.value, expected, 0.06 * expected) << n;
    EXPECT_NEAR(seen.mean_wait, mean_wait(n, a, 1), 0.08 * mean_wait(n, a, 1)) << n;
  }
}

TEST(Simulation, OneWorkerAgreesWithPollaczekAndKhinchine) {
  for (const double scv : {0.0, 0.3, 1.0, 2.5}) {
    const LateShare seen = simulate_pool({1, 0.7, 1, scv, 600000, 7});
    const double expected = 0.7 / 0.3 * (1 + scv) / 2;  // mean wait of M/G/1
    EXPECT_NEAR(seen.mean_wait, expected, 0.05 * expected) << scv;
  }
}

TEST(Simulation, SameSeedSameAnswer) {
  const PoolRun run{3, 2, 0.5, 1, 20000, 5};
  EXPECT_EQ(simulate_pool(run).value, simulate_pool(run).value);
}

}  // namespace
}  // namespace ridgepoint
