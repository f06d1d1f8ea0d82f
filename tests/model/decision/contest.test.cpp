// SPDX-License-Identifier: Apache-2.0
#include "model/decision/contest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "model/decision/normal.h"
#include "model/decision/normal_table.h"

namespace ridgepoint {
namespace {

/// Two families, different loadings, different spreads.
Contest mixed() {
  return {{{0.00, 0.20, 0.25, 0}, {0.05, 0.30, 0.25, 0}, {0.10, 0.15, 0.25, 1}, {0.02, 0.05, 0.00, 2}},
          {0.15, 0.10, 0.0}};
}

struct Drawn {
  std::vector<double> best, expected, within5;
};

/// The same by brute force with a fixed seed.
Drawn draw(const Contest& c, std::size_t rounds) {
  std::mt19937_64 random(20260601);
  std::normal_distribution<double> normal;
  const std::size_t n = c.alternatives.size();
  Drawn d{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
  std::vector<double> family(c.family_sigma.size()), y(n);
  for (std::size_t r = 0; r < rounds; ++r) {
    const double k = normal(random);
    for (std::size_t g = 0; g < family.size(); ++g) family[g] = normal(random) * c.family_sigma[g];
    for (std::size_t i = 0; i < n; ++i) {
      const Alternative& a = c.alternatives[i];
      y[i] = a.mean + a.shared * k + family[a.family] + a.own * normal(random);
    }
    const auto least = std::ranges::min_element(y);
    d.best[static_cast<std::size_t>(least - y.begin())] += 1;
    for (std::size_t i = 0; i < n; ++i) {
      d.expected[i] += std::expm1(y[i] - *least);
      d.within5[i] += y[i] - *least <= std::log(1.05) ? 1 : 0;
    }
  }
  for (auto* list : {&d.best, &d.expected, &d.within5})
    for (double& v : *list) v /= static_cast<double>(rounds);
  return d;
}

TEST(NormalTable, AgreesWithTheFunctions) {
  for (double z = -9; z <= 9; z += 0.00317) {
    EXPECT_NEAR(table_cdf(z), normal_cdf(z), 1e-9) << z;
    EXPECT_NEAR(table_pdf(z), normal_pdf(z), 1e-9) << z;
  }
}

TEST(Contest, AgreesWithBruteForce) {
  const Contest c = mixed();
  const Drawn d = draw(c, 400000);
  const ContestSolver solver(c);
  const auto best = solver.probability_best();
  for (std::size_t i = 0; i < best.size(); ++i) {
    const Regret r = solver.regret(i);
    EXPECT_NEAR(best[i], d.best[i], 0.003) << i;
    EXPECT_NEAR(r.within5, d.within5[i], 0.003) << i;
    EXPECT_NEAR(r.expected, d.expected[i], 0.02 * d.expected[i]) << i;
    EXPECT_NEAR(solver.expected_regret(i), r.expected, 1e-12);
  }
}

TEST(Contest, TwoAlternativesFollowTheClosedForm) {
  for (const double own : {0.05, 0.2, 0.6})
    for (const double gap : {0.0, 0.1, 0.5})
      for (const double other : {0.0, 0.3}) {  // the second shares nothing
        const Contest c{{{1, own, 0.3, 0}, {1 + gap, 0.2, other, 1}}, {0.1, 0.0}};
        const double variance = own * own + 0.04 + 0.01 + (0.3 - other) * (0.3 - other);
        EXPECT_NEAR(ContestSolver(c).probability_best()[0], normal_cdf(gap / std::sqrt(variance)), 1e-4)
            << own << " " << gap << " " << other;
      }
}

TEST(Contest, TheRegretOfTwoFollowsTheClosedForm) {
  // Y0 - Y1 is normal: mean -0.2, deviation 0.5. E[(e^D - 1)+] is the Black-Scholes integral.
  const Contest c{{{0, 0.3, 0.2, 0}, {0.2, 0.4, 0.2, 1}}, {0.0, 0.0}};
  const double m = -0.2, s = 0.5;
  const double expected = std::exp(m + s * s / 2) * normal_cdf((m + s * s) / s) - normal_cdf(m / s);
  const Regret r = ContestSolver(c).regret(0);
  EXPECT_NEAR(r.expected, expected, 1e-3 * expected);
  EXPECT_NEAR(std::log1p(r.p95), m + 1.6448536 * s, 1e-4);
  EXPECT_NEAR(r.within5, normal_cdf((std::log(1.05) - m) / s), 1e-5);
}

TEST(Contest, WhatAllShareChangesNothing) {
  Contest c = mixed();
  const auto before = ContestSolver(c).probability_best();
  for (Alternative& a : c.alternatives) a.shared += 0.4;
  const auto after = ContestSolver(c).probability_best();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 1e-9);
}

TEST(Contest, OneAloneIsTheBest) {
  const Contest c{{{3, 0.2, 0.1, 0}}, {0.1}};
  EXPECT_DOUBLE_EQ(ContestSolver(c).probability_best()[0], 1);
  const Regret r = ContestSolver(c).regret(0);
  EXPECT_NEAR(r.expected, 0, 1e-9);
  EXPECT_EQ(r.p95, 0);
  EXPECT_NEAR(r.within5, 1, 1e-9);
}

TEST(Contest, EqualsShareEqually) {
  Contest c{{}, {0.1, 0.1}};
  for (std::size_t i = 0; i < 6; ++i) c.alternatives.push_back({1, 0.2, 0.2, i % 2});
  for (const double p : ContestSolver(c).probability_best()) EXPECT_NEAR(p, 1.0 / 6, 1e-9);
  for (Alternative& a : c.alternatives) a.own = 0, a.shared = 0;
  c.family_sigma = {0, 0};
  for (const double p : ContestSolver(c).probability_best()) EXPECT_DOUBLE_EQ(p, 1.0 / 6);
}

TEST(Contest, CertaintyIsAllowed) {
  const Contest all{{{0.1, 0, 0, 0}, {0, 0, 0, 0}}, {0}};
  EXPECT_EQ(ContestSolver(all).probability_best(), (std::vector<double>{0, 1}));
  EXPECT_NEAR(ContestSolver(all).regret(0).expected, std::expm1(0.1), 1e-12);
  const Contest one{{{0.1, 0, 0, 0}, {0, 0.3, 0, 1}}, {0, 0}};
  EXPECT_NEAR(ContestSolver(one).probability_best()[0], normal_cdf(-0.1 / 0.3), 1e-3);
}

TEST(Contest, TheWholeCatalogueSumsToOneWhateverTheOrder) {
  Contest c{{}, {0.1, 0.15, 0.2}};
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> mean(0, 3), own(0.1, 0.5);
  for (std::size_t i = 0; i < 230; ++i) c.alternatives.push_back({mean(random), own(random), 0.2, i % 3});
  const auto best = ContestSolver(c).probability_best();
  EXPECT_NEAR(std::accumulate(best.begin(), best.end(), 0.0), 1, 1e-12);
  std::ranges::reverse(c.alternatives);
  auto back = ContestSolver(c).probability_best();
  std::ranges::reverse(back);
  for (std::size_t i = 0; i < best.size(); ++i) EXPECT_NEAR(best[i], back[i], 1e-9);
}

TEST(Measuring, TheSurpriseIsSharedAsConditioningSays) {
  const Contest c = mixed();
  const double tau = 0.04, surprise = 0.3;
  const Contest after = after_measuring(c, 0, tau, surprise);
  const double variance = c.sigma(0) * c.sigma(0) - tau * tau;  // of what can be learnt
  const double covariance[] = {variance, 0.25 * 0.25 + 0.15 * 0.15, 0.25 * 0.25, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    const double spread = c.sigma(i);
    EXPECT_NEAR(after.alternatives[i].mean, c.alternatives[i].mean + covariance[i] / variance * surprise,
                1e-12);
    EXPECT_NEAR(after.sigma(i), std::sqrt(spread * spread - covariance[i] * covariance[i] / variance), 1e-12);
  }
}

TEST(Measuring, OnAverageItChangesNoRegretOfAFixedChoice) {
  const Contest c = mixed();
  for (const std::size_t measured : {0u, 1u, 2u}) {
    const double spread = std::sqrt(c.sigma(measured) * c.sigma(measured) - 0.04 * 0.04);
    double total = 0, weights = 0;
    for (int i = -12; i <= 12; ++i) {
      const double z = 0.5 * i, weight = normal_pdf(z);
      total += weight * ContestSolver(after_measuring(c, measured, 0.04, z * spread), 0).expected_regret(0);
      weights += weight;
    }
    const double now = ContestSolver(c).expected_regret(0);
    EXPECT_NEAR(total / weights, now, 1e-3 * now) << measured;
  }
}

TEST(Measuring, NeverHurtsAndHelpsMostWhereTheDoubtIs) {
  const Contest c{{{0, 0.05, 0.1, 0}, {0.05, 0.5, 0.1, 1}, {1.5, 0.1, 0.1, 2}}, {0, 0, 0}};
  const double now = ContestSolver(c).expected_regret(0);
  const double sure = regret_after_measuring(c, 0, 0.04), doubtful = regret_after_measuring(c, 1, 0.04),
               hopeless = regret_after_measuring(c, 2, 0.04);
  EXPECT_LE(sure, now * 1.001);
  EXPECT_LT(doubtful, 0.3 * now);
  EXPECT_NEAR(hopeless, now, 0.02 * now);
}

}  // namespace
}  // namespace ridgepoint
