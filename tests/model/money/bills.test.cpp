// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/document.h"
#include "model/estimate.h"
#include "model/money/job.h"
#include "model/money/owned.h"
#include "model/money/power.h"
#include "model/money/rented.h"
#include "model/money/sheet.h"
#include "model/price.h"
#include "tests/model/support.h"

namespace ridgepoint::money {
namespace {

using namespace testing_support;

/// Round assumptions, so that bills come out by mental arithmetic.
Settings settings(CostBasis basis, double utilisation = 0.5) {
  Settings s;
  s.basis = basis;
  const auto put = [&](const std::string& key, double value, const std::string& unit) {
    s.assumptions[key] = fact(value, unit, Basis::assumed);
  };
  put("electricity.price", 0.1, "usd/kwh");
  put("grid.intensity", 400, "g/kwh");
  put("grid.intensity.north", 40, "g/kwh");
  put("pue.cloud", 1.2, "1");
  put("pue.owned", 1.5, "1");
  put("utilisation", utilisation, "1");
  put("availability", 1, "1");
  put("discount_rate", 0, "1");
  put("life", 5, "year");
  put("residual", 0, "1");
  put("host.price_share.cpu", 0.5, "1");
  put("network.price_share", 0, "1");
  put("plant.price", 12, "usd/w");
  put("plant.life", 10, "year");
  put("maintenance", 0.04, "1");
  put("failures", 0.1, "1");
  put("failures.price_share", 0.2, "1");
  put("admin.price", 60, "usd/month");
  put("power.load_share.cpu", 0.8, "1");
  put("power.idle_share.cpu", 0.25, "1");
  put("power.host_share.cpu", 0.5, "1");
  put("node.devices.cpu", 2, "1");
  put("rent.host_vm", 0.4, "usd/h");
  put("spot.price_share", 0.5, "1");
  put("spot.interruption", 10000, "s");
  put("spot.save", 50, "s");
  put("spot.restart", 300, "s");
  put("reserved.1y.price_share", 0.6, "1");
  put("reserved.3y.price_share", 0.4, "1");
  put("embodied.cpu", 20000, "g");
  put("embodied.host", 160000, "g");
  return s;
}

Offer bought(double usd, const std::string& month, const std::string& provider = "Maker") {
  Offer o;
  o.kind = OfferKind::purchase;
  o.provider = provider;
  o.terms = "list";
  o.from = o.to = month;
  o.price = fact(usd, "usd", Basis::vendor);
  return o;
}

double value_of(const Bill& bill, const std::string& name) {
  for (const CostItem& i : bill.items)
    if (i.name == name) return i.value;
  ADD_FAILURE() << "no item '" << name << "'";
  return 0;
}

// TDP 100 W, host 50 W: rated 150 W, load 0.8 * 150 = 120 W, idle 0.25 * 120 = 30 W.
TEST(Power, HostAndDeviceDrawTheirShareOfRatedPower) {
  const auto p = power_of(platform("p"), settings(CostBasis::owned));
  EXPECT_DOUBLE_EQ(p->rated.value, 150);
  EXPECT_DOUBLE_EQ(p->device.value, 80);
  EXPECT_DOUBLE_EQ(p->load().value, 120);
  EXPECT_DOUBLE_EQ(p->idle->value, 30);
}

TEST(Power, AMeasuredLoadReplacesTheShareOfTdp) {
  Platform p = platform("p");
  p.facts["power.load"] = fact(70, "w");
  EXPECT_DOUBLE_EQ(power_of(p, settings(CostBasis::owned))->device.value, 70);
  p.facts.erase("power.load");
  p.facts.erase("power.tdp");
  EXPECT_FALSE(power_of(p, settings(CostBasis::owned)));
}

// 2,000 USD a socket + half of it for the rest of the server = 3,000 USD over 60 months: 50. Maintenance 4 %
// of 3,000 a year: 10 a month. Failures 0.1 * 20 % * 3,000 / 12 = 5. Administration 60 / 2 sockets = 30.
// Plant 150 W * 12 / 120 months = 15. Electricity at half use: (120 + 30) / 2 = 75 W; 0.075 * 730 * 1.5
// = 82.125 kWh: 8.2125. Together 118.2125.
TEST(Owned, AMonthItemByItem) {
  Platform p = platform("p");
  p.offers = {bought(2000, "2022-01")};
  const Bill bill = owned_month(p, "2022-03", settings(CostBasis::owned));
  EXPECT_DOUBLE_EQ(value_of(bill, "capital"), 50);
  EXPECT_DOUBLE_EQ(value_of(bill, "maintenance"), 10);
  EXPECT_NEAR(value_of(bill, "failures"), 5, 1e-12);
  EXPECT_DOUBLE_EQ(value_of(bill, "administration"), 30);
  EXPECT_DOUBLE_EQ(value_of(bill, "space, power and cooling plant"), 15);
  EXPECT_NEAR(value_of(bill, "electricity"), 8.2125, 1e-12);
  EXPECT_NEAR(bill.total->value, 118.2125, 1e-10);
  EXPECT_FALSE(bill.stale);
  // Half of 730 h is useful: 118.2125 / 365 = 0.323870.
  EXPECT_NEAR(owned_useful_hour(bill, settings(CostBasis::owned)).total->value, 0.323870, 1e-6);
}

TEST(Owned, AMissingNumberIsAMissingTotalWithItsRemedy) {
  const Settings s = settings(CostBasis::owned);
  const Bill bill = owned_month(platform("p"), "2022-03", s);
  EXPECT_FALSE(bill.total);
  ASSERT_EQ(bill.missing.size(), 1u);
  EXPECT_NE(bill.missing[0].fix.find("--purchase-price"), std::string::npos);
  EXPECT_GT(value_of(bill, "electricity"), 0) << "what is known is still shown";
  Platform p = platform("p");
  p.offers = {bought(2000, "2022-01")};
  for (const auto& [key, unused] : s.assumptions) {
    Settings less = s;
    less.assumptions.erase(key);
    const bool needed = key != "rent.host_vm" && !key.starts_with("spot.") && !key.starts_with("reserved.") &&
                        !key.starts_with("embodied.") && !key.starts_with("grid.") && key != "pue.cloud" &&
                        key != "availability";
    const bool falls_back = key == "power.load_share.cpu" || key == "power.host_share.cpu";
    if (!needed || falls_back) continue;
    EXPECT_FALSE(owned_month(p, "2022-03", less).total) << key;
  }
}

TEST(Owned, ZeroUtilisationHasNoCostOfAnHour) {
  Platform p = platform("p");
  p.offers = {bought(2000, "2022-01")};
  const Settings s = settings(CostBasis::owned, 0);
  const Bill month = owned_month(p, "2022-03", s);
  EXPECT_TRUE(month.total) << "an idle machine still costs";
  EXPECT_FALSE(owned_useful_hour(month, s).total);
  EXPECT_FALSE(rented_hour(p, "2022-03", settings(CostBasis::reserved, 0)).total);
}

TEST(Owned, AHigherPriceNeverCostsLess) {
  Platform p = platform("p");
  double last = 0;
  for (const double usd : {100.0, 1000.0, 5000.0, 50000.0}) {
    p.offers = {bought(usd, "2022-01")};
    const double now = owned_month(p, "2022-03", settings(CostBasis::owned)).total->value;
    EXPECT_GT(now, last);
    last = now;
  }
}

TEST(Owned, ThePriceSeenLastCountsAndAnOldOneIsStale) {
  Platform p = platform("p");
  p.offers = {bought(4000, "2016-06"), bought(2000, "2017-07"), bought(1500, "2017-07", "market"),
              bought(9, "2018-01")};
  EXPECT_DOUBLE_EQ(best_purchase(p, "2017-08")->price.number(), 2000)
      << "a vendor's price before a reseller's";
  EXPECT_DOUBLE_EQ(best_purchase(p, "2017-01")->price.number(), 4000);
  EXPECT_EQ(best_purchase(p, "2016-05"), nullptr);
  EXPECT_TRUE(owned_month(p, "2017-01", settings(CostBasis::owned)).stale);
}

TEST(Owned, NobodyBuysBeforeTheLaunchOrAfterTheEnd) {
  Platform p = platform("p");
  p.offers = {bought(2000, "2016-06")};
  p.facts["date.end_of_sale"] = fact(0, "date");
  p.facts["date.end_of_sale"].value = std::string("2018-08-31");
  Settings s = settings(CostBasis::owned);
  EXPECT_TRUE(owned_month(p, "2018-08", s).total);
  EXPECT_FALSE(owned_month(p, "2018-09", s).total);
  s.purchase_usd = 500;
  EXPECT_TRUE(owned_month(p, "2018-09", s).total) << "a used one, at the price given";
}

// Two devices for 4 USD an hour: 2 USD. Reserved at 60 % and half used: 1.2 + 1.2. Spot at 50 %: 1 USD, and
// by the worked example in formulas.test.cpp 0.08 for interruptions and 0.05 for checkpoints.
TEST(Rented, EveryWayOfRenting) {
  Platform p = platform("p");
  p.offers = {hourly(4, "2022-01", "2022-06", 2)};
  EXPECT_DOUBLE_EQ(rented_hour(p, "2022-03", settings(CostBasis::rented)).total->value, 2);
  const Bill reserved = rented_hour(p, "2022-03", settings(CostBasis::reserved));
  EXPECT_DOUBLE_EQ(value_of(reserved, "rent"), 1.2);
  EXPECT_DOUBLE_EQ(value_of(reserved, "idle hours"), 1.2);
  const Bill spot = rented_hour(p, "2022-03", settings(CostBasis::spot));
  EXPECT_NEAR(value_of(spot, "interruptions"), 0.08, 1e-12);
  EXPECT_NEAR(value_of(spot, "checkpoints"), 0.05, 1e-12);
  EXPECT_NEAR(spot.total->value, 1.13, 1e-12);
  Settings three = settings(CostBasis::reserved);
  three.reserved_years = 3;
  EXPECT_DOUBLE_EQ(rented_hour(p, "2022-03", three).total->value, 1.6);
}

TEST(Rented, AnOfferOfThatKindIsUsedBeforeAnAssumedShare) {
  Platform p = platform("p");
  Offer spot = hourly(0.7, "2022-01", "2022-06");
  spot.terms = "spot";
  p.offers = {hourly(4, "2022-01", "2022-06"), spot};
  EXPECT_DOUBLE_EQ(value_of(rented_hour(p, "2022-03", settings(CostBasis::spot)), "rent"), 0.7);
  EXPECT_DOUBLE_EQ(value_of(rented_hour(p, "2022-03", settings(CostBasis::rented)), "rent"), 4);
}

TEST(Rented, AnAddOnIsPricedWithItsHostAndOnlyWhereNoWholeMachineIs) {
  Platform p = platform("p");
  Offer add_on = hourly(1.5, "2022-01", "2022-06");
  add_on.host_included = false;
  p.offers = {add_on};
  const Bill bill = rented_hour(p, "2022-03", settings(CostBasis::rented));
  EXPECT_DOUBLE_EQ(value_of(bill, "host"), 0.4);
  EXPECT_DOUBLE_EQ(bill.total->value, 1.9);
  EXPECT_DOUBLE_EQ(price_of(p, "2022-03", settings(CostBasis::rented))->used.usd_per_hour, 1.9);
  p.offers.push_back(hourly(5, "2022-01", "2022-06"));
  EXPECT_DOUBLE_EQ(rented_hour(p, "2022-03", settings(CostBasis::rented)).total->value, 5);
}

TEST(Rented, ARegionLeavesOnlyItsOwnOffers) {
  Platform p = platform("p");
  p.offers = {hourly(1, "2022-01", "2022-06"), hourly(3, "2022-01", "2022-06")};
  p.offers[1].region = "north";
  Settings s = settings(CostBasis::rented);
  EXPECT_DOUBLE_EQ(rented_hour(p, "2022-03", s).total->value, 1);
  s.region = "north";
  EXPECT_DOUBLE_EQ(rented_hour(p, "2022-03", s).total->value, 3);
  s.region = "south";
  EXPECT_FALSE(rented_hour(p, "2022-03", s).total);
}

// One hour at 2 USD; 120 W * 3600 s = 432 kJ = 0.12 kWh. Rented: 0.12 * 1.2 * 400 = 57.6 g; making 20 kg +
// 160 kg / 2 = 100 kg over 5 * 8760 h: 100000 / 43800 = 2.283105 g. Owned at half use, PUE 1.5: 72 g, idle 30
// W for as long again: 0.03 * 1.5 * 400 = 18 g, and twice the share of making, 4.566210 g.
TEST(Job, MoneyEnergyAndCarbonOfAnHour) {
  Platform p = platform("p");
  p.offers = {hourly(2, "2022-01", "2022-06"), bought(2000, "2022-01")};
  const JobMoney rented = job_money(p, "2022-03", settings(CostBasis::rented), {3600, 3600, 3600});
  EXPECT_DOUBLE_EQ(rented.cost.total->value, 2);
  EXPECT_DOUBLE_EQ(rented.energy.total->value, 432000);
  EXPECT_NEAR(value_of(rented.carbon, "electricity"), 57.6, 1e-9);
  EXPECT_NEAR(value_of(rented.carbon, "making"), 2.283105, 1e-6);
  const JobMoney owned = job_money(p, "2022-03", settings(CostBasis::owned), {3600, 3600, 3600});
  EXPECT_NEAR(value_of(owned.carbon, "electricity"), 72, 1e-9);
  EXPECT_NEAR(value_of(owned.carbon, "idle hours"), 18, 1e-9);
  EXPECT_NEAR(value_of(owned.carbon, "making"), 4.566210, 1e-6);
  EXPECT_NEAR(owned.carbon.total->value, 94.566210, 1e-6);
  Settings north = settings(CostBasis::rented);
  north.region = "north";
  EXPECT_NEAR(value_of(job_money(p, "2022-03", north, {3600, 3600, 3600}).carbon, "electricity"), 5.76, 1e-9);
}

TEST(Job, ItemsAddUpAndTheErrorOfTheTimeIsCountedOnce) {
  Platform p = platform("p");
  p.offers = {bought(2000, "2022-01")};
  const Interval time = log_normal(100, 0.3);
  const JobMoney m = job_money(p, "2022-03", settings(CostBasis::owned), time);
  double sum = 0;
  for (const CostItem& i : m.cost.items) sum += i.value;
  EXPECT_NEAR(m.cost.total->value, sum, 1e-12);
  EXPECT_NEAR(sigma_of(*m.cost.total), 0.3, 1e-9);
}

TEST(Job, SpreadsAndBasisTravel) {
  Settings s = settings(CostBasis::owned);
  s.assumptions["host.price_share.cpu"].lo = 0.25;
  s.assumptions["host.price_share.cpu"].hi = 1;
  Platform p = platform("p");
  p.offers = {bought(2000, "2022-01")};
  const Bill bill = owned_month(p, "2022-03", s);
  EXPECT_LT(bill.total->lo, bill.total->value);
  EXPECT_GT(bill.total->hi, bill.total->value);
  for (const CostItem& i : bill.items) EXPECT_EQ(i.basis, Basis::assumed) << i.name;
  EXPECT_EQ(rented_hour(
                [&] {
                  p.offers = {hourly(2, "2022-01", "2022-06")};
                  return p;
                }(),
                "2022-03", s)
                .items[0]
                .basis,
            Basis::published);
}

TEST(Estimate, TheBasisDecidesTheCost) {
  Platform p = platform("p");
  p.offers = {hourly(2, "2022-01", "2022-06"), bought(2000, "2022-01")};
  // 1 TFLOP at 1 TFLOP/s: one second.
  const auto cost = [&](CostBasis basis) {
    return estimate(workload(1e12, 1e9, 0, 1e9), p,
                    {"2022-03",
                     Objective::cost,
                     {{"conv3d-inference", {1, 0, 0, Basis::measured, "test"}}},
                     "",
                     settings(basis)});
  };
  EXPECT_NEAR(cost(CostBasis::rented).cost_usd->value, 2 / 3600.0, 1e-12);
  EXPECT_NEAR(cost(CostBasis::spot).cost_usd->value, 1.13 / 3600, 1e-12);
  EXPECT_NEAR(cost(CostBasis::owned).cost_usd->value, 118.2125 / 365 / 3600, 1e-12);
  EXPECT_EQ(cost(CostBasis::owned).cost_items.size(), 6u);
  EXPECT_FALSE(cost(CostBasis::owned).price) << "an owned machine has no hourly price";
  p.offers.pop_back();
  const Estimate none = cost(CostBasis::owned);
  EXPECT_EQ(none.standing, Standing::no_figure);
  EXPECT_NE(none.reason.find("purchase price"), std::string::npos);
  EXPECT_TRUE(none.cost_items.empty());
}

TEST(Sheet, SaysWhatIsMissingAndWhereOwningPays) {
  SheetQuestion q;
  q.platform = platform("p");
  q.as_of = "2022-03";
  q.settings = settings(CostBasis::rented);
  q.platform.offers = {hourly(2, "2022-01", "2022-06"), bought(2000, "2022-01")};
  const CostSheet sheet = cost_sheet(q);
  ASSERT_EQ(sheet.lines.size(), 5u);
  EXPECT_DOUBLE_EQ(sheet.lines[0].usd_per_month->value, 730) << "half of 730 h at 2 USD";
  EXPECT_DOUBLE_EQ(sheet.lines[1].usd_per_month->value, 1.2 * 730) << "every hour at 1.2 USD";
  EXPECT_NEAR(sheet.lines[4].usd_per_month->value, 118.2125, 1e-10);
  // Fixed 110, idle 0.03 * 730 * 1.5 * 0.1 = 3.285, busy 0.09 * 730 * 1.5 * 0.1 = 9.855: 113.285 / (1460
  // - 9.855) = 7.81 %.
  EXPECT_NE(sheet.findings.at(0).find("7.81 %"), std::string::npos) << sheet.findings.at(0);
  EXPECT_TRUE(sheet.warnings.empty());
  q.platform.offers.pop_back();
  ASSERT_EQ(cost_sheet(q).warnings.size(), 1u);
  EXPECT_NE(cost_sheet(q).warnings[0].fix.find("--purchase-price"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::money
