// SPDX-License-Identifier: Apache-2.0
#include "model/money/formulas.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "model/money/break_even.h"

namespace ridgepoint::money {
namespace {

// 1.01^12 = 1.12682503, so 12.682503 % a year is 1 % a month.
TEST(Formulas, AYearlyRateCompoundsFromMonthlyOnes) { EXPECT_NEAR(monthly_rate(0.1268250301), 0.01, 1e-9); }

// 1 % a month over 12 months: 0.01 / (1 - 1.01^-12) = 0.01 / (1 - 0.88744923) = 0.01 / 0.11255077 =
// 0.08884879.
TEST(Formulas, AnnuityRepaysOne) {
  EXPECT_NEAR(annuity(0.01, 12), 0.08884879, 1e-8);
  EXPECT_DOUBLE_EQ(annuity(0, 48), 1.0 / 48);
  EXPECT_NEAR(annuity(1e-12, 48), 1.0 / 48, 1e-9) << "no digits are lost at a small rate";
}

// 12,000 USD, 1,200 left after one year at 1 % a month: (12000 - 1200 * 0.88744923) * 0.08884879
// = (12000 - 1064.939) * 0.08884879 = 10935.061 * 0.08884879 = 971.567. Without interest and residual: 12000
// / 48 = 250.
TEST(Formulas, CapitalIsRepaidLessWhatIsLeft) {
  EXPECT_NEAR(capital_usd_per_month(12000, 1200, 0.1268250301, 1), 971.567, 1e-3);
  EXPECT_DOUBLE_EQ(capital_usd_per_month(12000, 0, 0, 4), 250);
}

// Idle 100 W, load 500 W, 25 % busy: 100 + 400 * 0.25 = 200 W. A month at PUE 1.5: 0.2 kW * 730 h * 1.5 = 219
// kWh.
TEST(Formulas, EnergyOfAMonth) {
  EXPECT_DOUBLE_EQ(mean_power_w(100, 500, 0.25), 200);
  EXPECT_DOUBLE_EQ(energy_kwh_per_month(200, 1.5), 219);
}

// Save 50 s, interruption every 10,000 s: sqrt(2 * 50 * 10000) = 1000 s. Paid hours per useful hour with a
// restart of 300 s: 1 + (500 + 300) / 10000 + 50 / 1000 = 1 + 0.08 + 0.05 = 1.13.
TEST(Formulas, SpotPaysForLostWorkRestartsAndCheckpoints) {
  EXPECT_DOUBLE_EQ(best_checkpoint_interval_s(50, 10000), 1000);
  EXPECT_DOUBLE_EQ(spot_hours_per_hour(10000, 50, 300, 1000), 1.13);
}

TEST(Formulas, NoOtherCheckpointIntervalIsBetter) {
  const double best = best_checkpoint_interval_s(60, 86400);
  for (const double other : {0.5, 0.9, 1.1, 2.0})
    EXPECT_GT(spot_hours_per_hour(86400, 60, 300, best * other), spot_hours_per_hour(86400, 60, 300, best));
}

// 2 USD an hour, busy a quarter of the time: 8 USD a useful hour.
TEST(Formulas, ReservedHoursAreAllPaid) {
  EXPECT_DOUBLE_EQ(*per_useful_hour(2, 0.25), 8);
  EXPECT_FALSE(per_useful_hour(2, 0)) << "no work, no cost of work";
}

// 1,460 USD a month, half used, always up: 365 useful hours, 4 USD each. A job of 1,800 s on 3 machines: 6
// USD.
TEST(Formulas, OwnedCostOfAJob) {
  EXPECT_DOUBLE_EQ(*owned_usd_per_job(1460, 0.5, 1, 1800, 3), 6);
  EXPECT_FALSE(owned_usd_per_job(1460, 0, 1, 1800, 3));
}

// 7.2 MJ = 2 kWh, PUE 1.5, 400 g/kWh: 1,200 g. Made with 1,000 kg, one millionth of its life: 1 g. Together
// 1,201 g.
TEST(Formulas, CarbonIsElectricityAndMaking) { EXPECT_DOUBLE_EQ(carbon_g(7.2e6, 1.5, 400, 1e6, 1e-6), 1201); }

// Fixed 600 + idle 60 USD a month, a busy month adds 70 USD, rent 1 USD/h, always up: 660 / (730 - 70) = 1.
// With rent 2 USD/h: 660 / (1460 - 70) = 0.47482.
TEST(BreakEven, OwningPaysFromAUtilisationOn) {
  const OwnedMonth m{600, 60, 70, 1};
  EXPECT_DOUBLE_EQ(*utilisation_to_own(m, 1), 1);
  EXPECT_NEAR(*utilisation_to_own(m, 2), 0.47482, 1e-5);
  EXPECT_FALSE(utilisation_to_own(m, 0.5)) << "renting wins even at full use";
  EXPECT_FALSE(utilisation_to_own(m, 0.05)) << "electricity alone costs more than renting";
}

TEST(BreakEven, AtTheBreakEvenBothCostTheSame) {
  const OwnedMonth m{600, 60, 70, 0.9};
  const double u = *utilisation_to_own(m, 2.5);
  EXPECT_NEAR(*rent_to_match(m, u), 2.5, 1e-12);
  EXPECT_NEAR(m.fixed_usd + m.idle_power_usd + m.busy_power_usd * u, 730 * 0.9 * u * 2.5, 1e-9);
  EXPECT_FALSE(rent_to_match(m, 0));
}

// A: 10 USD and 20 kWh; B: 12 USD and 10 kWh: equal at (12 - 10) / (20 - 10) = 0.2 USD/kWh, 14 USD both.
TEST(BreakEven, ElectricityPriceThatFlips) {
  const JobCost a{10, 20}, b{12, 10};
  EXPECT_DOUBLE_EQ(*electricity_price_to_flip(a, b), 0.2);
  EXPECT_DOUBLE_EQ(*electricity_price_to_flip(b, a), 0.2);
  EXPECT_FALSE(electricity_price_to_flip(a, {12, 20})) << "parallel";
  EXPECT_FALSE(electricity_price_to_flip(a, {12, 30})) << "A is cheaper at every price";
}

// B costs 5 where A costs 4: B must cost 0.8 of itself. A port of 1,000 USD that saves 0.5 a job: 2,000 jobs.
TEST(BreakEven, FactorsAndVolumes) {
  EXPECT_DOUBLE_EQ(*factor_to_match(4, 5), 0.8);
  EXPECT_DOUBLE_EQ(*volume_to_recover(1000, 0.5), 2000);
  EXPECT_FALSE(volume_to_recover(1000, 0));
}

TEST(Formulas, MoreMoneyNeverCostsLess) {
  std::mt19937_64 random(20260601);
  std::uniform_real_distribution<double> any(0.01, 1);
  for (int i = 0; i < 1000; ++i) {
    const double price = 1e4 * any(random), rate = 0.3 * any(random), life = 1 + 9 * any(random);
    const double cost = capital_usd_per_month(price, 0.1 * price, rate, life);
    EXPECT_GT(capital_usd_per_month(price * 1.01, 0.1 * price, rate, life), cost);
    EXPECT_GT(capital_usd_per_month(price, 0.1 * price, rate * 1.01, life), cost);
    EXPECT_LT(capital_usd_per_month(price, 0.11 * price, rate, life), cost) << "more is left";
    EXPECT_GE(cost * life * 12, 0.9 * price) << "nobody repays less than was lost";
  }
}

}  // namespace
}  // namespace ridgepoint::money
