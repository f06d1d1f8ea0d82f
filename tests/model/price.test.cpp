// SPDX-License-Identifier: Apache-2.0
#include "model/price.h"

#include <gtest/gtest.h>

#include "tests/model/support.h"

namespace ridgepoint {
namespace {

using namespace testing_support;

TEST(Price, MonthsAreCountedAcrossYears) {
  EXPECT_EQ(months_between("2017-11", "2018-02"), 3);
  EXPECT_EQ(months_between("2018-02", "2017-11"), -3);
}

TEST(Price, TheCheapestOfferOfTheMonthPerDeviceWins) {
  Platform p = platform("p");
  p.offers = {hourly(4, "2020-01", "2024-01"), hourly(6, "2020-01", "2024-01", 2)};
  EXPECT_DOUBLE_EQ(hourly_price(p, "2022-01")->usd_per_hour, 3);
}

TEST(Price, AFuturePriceIsNotUsed) {
  Platform p = platform("p");
  p.offers = {hourly(4, "2022-07", "2026-07")};
  EXPECT_FALSE(hourly_price(p, "2022-06"));
  EXPECT_TRUE(hourly_price(p, "2022-07"));
}

TEST(Price, AnOldPriceIsMarkedStaleAfterThreeMonths) {
  Platform p = platform("p");
  p.offers = {hourly(4, "2022-07", "2026-07")};
  EXPECT_FALSE(hourly_price(p, "2026-10")->stale);
  EXPECT_TRUE(hourly_price(p, "2026-11")->stale);
}

TEST(Price, AFresherOfferBeatsACheaperOldOne) {
  Platform p = platform("p");
  p.offers = {hourly(1, "2018-01", "2019-01"), hourly(4, "2025-01", "2026-07")};
  EXPECT_DOUBLE_EQ(hourly_price(p, "2026-07")->usd_per_hour, 4);
  EXPECT_DOUBLE_EQ(hourly_price(p, "2020-01")->usd_per_hour, 1);
}

TEST(Price, SpotUndatedPurchasedUncountedAndHostlessOffersAreNotUsed) {
  Platform p = platform("p");
  Offer spot = hourly(1, "2020-01", "2026-01"), undated = spot, bought = spot, uncounted = spot,
        add_on = spot;
  spot.terms = "spot";
  undated.from.reset();
  undated.to.reset();
  undated.undated = true;
  bought.kind = OfferKind::purchase;
  uncounted.devices.reset();
  add_on.host_included = false;
  p.offers = {spot, undated, bought, uncounted, add_on};
  EXPECT_FALSE(hourly_price(p, "2026-01"));
}

TEST(Price, APlatformIsNotOnSaleBeforeItsLaunchOrAfterItsEnd) {
  Platform p = platform("p");
  p.facts["date.launch"].value = std::string("2016-06");
  p.facts["date.end_of_sale"].value = std::string("2018-08-31");
  EXPECT_FALSE(not_on_sale(p, "2016-05").empty());
  EXPECT_TRUE(not_on_sale(p, "2016-06").empty());
  EXPECT_TRUE(not_on_sale(p, "2018-08").empty());
  EXPECT_FALSE(not_on_sale(p, "2018-09").empty());
  p.offers = {hourly(1, "2017-01", "2019-01")};
  EXPECT_TRUE(not_on_sale(p, "2018-09").empty()) << "it can still be rented";
}

TEST(Price, ALaunchKnownByItsYearCountsFromDecember) {
  Platform p = platform("p");
  p.facts["date.launch"].value = std::string("2017");
  EXPECT_FALSE(not_on_sale(p, "2017-11").empty());
  EXPECT_TRUE(not_on_sale(p, "2017-12").empty());
}

}  // namespace
}  // namespace ridgepoint
