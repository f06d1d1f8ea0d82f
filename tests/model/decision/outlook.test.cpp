// SPDX-License-Identifier: Apache-2.0
#include "model/decision/outlook.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/estimate.h"

namespace ridgepoint {
namespace {

double cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2)); }

Estimate ranked(const std::string& id, double seconds, double sigma,
                PlatformClass kind = PlatformClass::cpu) {
  Estimate e;
  e.platform_id = id;
  e.platform_class = kind;
  e.standing = Standing::ranked;
  e.time_s = log_normal(seconds, sigma);
  return e;
}

Answer answer(std::vector<Estimate> estimates) {
  Answer a;
  a.estimates = std::move(estimates);
  return a;
}

TEST(Outlook, HalfOfTheTypicalVarianceIsSharedAndAFifthByTheFamily) {
  // 0.2^2 = 0.04: 0.02 shared, 0.008 of the family, 0.012 its own.
  const Contest c = contest_of(answer({ranked("a", 1, 0.2), ranked("b", 2, 0.2)}), Objective::time);
  ASSERT_EQ(c.alternatives.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(c.alternatives[i].shared, std::sqrt(0.02), 1e-9);
    EXPECT_NEAR(c.family_sigma[c.alternatives[i].family], std::sqrt(0.008), 1e-9);
    EXPECT_NEAR(c.alternatives[i].own, std::sqrt(0.012), 1e-9);
    EXPECT_NEAR(c.sigma(i), 0.2, 1e-9);
  }
  EXPECT_NEAR(c.alternatives[1].mean, std::log(2), 1e-9);
}

TEST(Outlook, TheMeasuredMachineSharesNothing) {
  Answer a = answer({ranked("here", 1, 0.05), ranked("b", 2, 0.2), ranked("c", 2, 0.2)});
  a.estimates[0].measured_machine = true;
  const Contest c = contest_of(a, Objective::time);
  EXPECT_EQ(c.alternatives[0].shared, 0);
  EXPECT_EQ(c.family_sigma[c.alternatives[0].family], 0);
  EXPECT_NEAR(c.alternatives[0].own, 0.05, 1e-9);
  EXPECT_NEAR(c.sigma(1), 0.2, 1e-9);
}

TEST(Outlook, TheChanceOfTwoFollowsFromWhatTheyDoNotShare) {
  // Of one family: only their own errors differ, 2 x 0.012. Of two: their families' too, 2 x 0.020.
  Answer same = answer({ranked("a", 1, 0.2), ranked("b", 1.2, 0.2)});
  add_outlook(same, Objective::time, "k");
  EXPECT_NEAR(*same.probability_best, cdf(std::log(1.2) / std::sqrt(0.024)), 1e-4);
  Answer other = answer({ranked("a", 1, 0.2), ranked("b", 1.2, 0.2, PlatformClass::gpu)});
  add_outlook(other, Objective::time, "k");
  EXPECT_NEAR(*other.probability_best, cdf(std::log(1.2) / std::sqrt(0.040)), 1e-4);
  EXPECT_NEAR(other.estimates[0].outlook->probability_best + other.estimates[1].outlook->probability_best, 1,
              1e-9);
}

TEST(Outlook, AMeasurementIsOfferedOnlyWhereItHelps) {
  Answer close = answer({ranked("a", 1, 0.3), ranked("b", 1.02, 0.3, PlatformClass::gpu)});
  add_outlook(close, Objective::time, "spmv");
  ASSERT_FALSE(close.next_measurement.empty());
  for (const NextMeasurement& m : close.next_measurement) {
    EXPECT_LT(m.regret_after, m.regret_before);
    EXPECT_EQ(m.kernel, "spmv");
  }
  Answer sure = answer({ranked("a", 1, 0.04), ranked("b", 1.02, 0.04, PlatformClass::gpu)});
  add_outlook(sure, Objective::time, "spmv");
  EXPECT_TRUE(sure.next_measurement.empty()) << "already as sure as a measurement";
}

TEST(Outlook, ATimeLimitIsKeptWithTheChanceOfTheLogNormal) {
  // ln 1.2 / 0.2 = 0.912 standard deviations.
  Answer a = answer({ranked("a", 1, 0.2), ranked("b", 0.5, 0.2)});
  add_time_limit(a, "slo", 1.2);
  EXPECT_NEAR(*a.estimates[0].probability_in_time, cdf(std::log(1.2) / 0.2), 1e-6);
  EXPECT_EQ(a.time_limit->choice, "b") << "the best that keeps it with 90 %";
  Answer certain = answer({ranked("a", 1, 0)});
  add_time_limit(certain, "deadline", 1);
  EXPECT_EQ(*certain.estimates[0].probability_in_time, 1);
  add_time_limit(certain, "deadline", 0.99);
  EXPECT_EQ(*certain.estimates[0].probability_in_time, 0);
  EXPECT_EQ(certain.time_limit->choice, "");
}

}  // namespace
}  // namespace ridgepoint
