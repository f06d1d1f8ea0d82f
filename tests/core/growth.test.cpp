// SPDX-License-Identifier: Apache-2.0
#include "model/core/growth.h"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

TEST(FitPower, APureLawHasItsExponentAndNoError) {
  const auto fit = fit_power({1, 10, 100}, {3, 300, 30000});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->exponent, 2, 1e-12);
  EXPECT_NEAR(fit->standard_error, 0, 1e-7);
}

TEST(FitPower, TheErrorIsThatOfTheTextbook) {
  // x = 0, 1, 2, 3 and y = 0, 1, 1, 3 in logarithms to base 10: slope 0.9, residual sum 0.7.
  const auto fit = fit_power({1, 10, 100, 1000}, {1, 10, 10, 1000});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->exponent, 0.9, 1e-12);
  EXPECT_NEAR(fit->standard_error, 0.26457513110645908, 1e-12);  // sqrt(0.7 / 2 / 5)
}

TEST(FitPower, TwoPointsOrOneSizeTellNothing) {
  EXPECT_FALSE(fit_power({1, 2}, {1, 2}));
  EXPECT_FALSE(fit_power({2, 2, 2}, {1, 2, 3}));
}

}  // namespace
}  // namespace ridgepoint
