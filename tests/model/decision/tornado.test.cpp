// SPDX-License-Identifier: Apache-2.0
#include "model/decision/tornado.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/model/support.h"

namespace ridgepoint {
namespace {

using namespace testing_support;

const double kTen = std::exp(-kQuantile90 * 0.04);  // a measured input at its 10 % value, over its median

EstimateContext context(Objective objective) {
  EstimateContext c;
  c.as_of = "2026-01";
  c.objective = objective;
  c.efficiency["conv3d-inference"] = {0.5, 0.2, 0.1, Basis::measured, "test"};
  return c;
}

std::vector<TornadoBar> bars_of(const std::vector<Platform>& platforms, Objective objective) {
  const Workload w = workload(1e12, 1e6, 0, 1e9);
  const EstimateContext c = context(objective);
  Answer a;
  for (const Platform& p : platforms) a.estimates.push_back(estimate(w, p, c));
  return tornado(a, w, c, [&](const std::string& id) -> const Platform* {
    const auto it = std::ranges::find(platforms, id, &Platform::id);
    return it == platforms.end() ? nullptr : &*it;
  });
}

const TornadoBar* find(const std::vector<TornadoBar>& bars, const std::string& id, const std::string& input) {
  const auto it = std::ranges::find_if(
      bars, [&](const TornadoBar& b) { return b.platform_id == id && b.input == input; });
  return it == bars.end() ? nullptr : &*it;
}

TEST(Tornado, AnInputsIntervalIsItsOwnElseThatOfItsBasis) {
  Fact f = fact(100, "flop/s");
  EXPECT_NEAR(input_interval("compute.fp32.peak", f).lo, 100 * kTen, 1e-9);
  f.basis = Basis::published;
  EXPECT_NEAR(input_interval("compute.fp32.peak", f).lo, 100 * std::exp(-kQuantile90 * 0.20), 1e-6);
  EXPECT_NEAR(input_interval("power.tdp", f).hi, 100 * std::exp(kQuantile90 * 0.12), 1e-6);
  f.basis = Basis::assumed;
  EXPECT_NEAR(input_interval("power.tdp", f).hi, 100 * std::exp(kQuantile90 * std::hypot(0.12, 0.30)), 1e-6);
  f.lo = 90;
  f.hi = 120;
  EXPECT_EQ(input_interval("power.tdp", f).lo, 90);
  EXPECT_EQ(input_interval("power.tdp", f).hi, 120);
}

TEST(Tornado, AMarginByHand) {
  // 1 TFLOP on 1 and 0.8 TFLOP/s: the rival takes 1.25 times as long. A slower choice (its roof at the 10 %
  // value) has 1.25 x 0.95, a faster one 1.25 / 0.95, and nothing flips.
  const auto bars = bars_of({platform("a", 1e12), platform("b", 0.8e12)}, Objective::time);
  const TornadoBar* roof = find(bars, "a", "compute.fp32.peak");
  ASSERT_NE(roof, nullptr);
  EXPECT_NEAR(*roof->margin_low, 1.25 * kTen, 1e-9);
  EXPECT_NEAR(*roof->margin_high, 1.25 / kTen, 1e-9);
  EXPECT_FALSE(roof->flips);
  EXPECT_EQ(roof->winner_low, "a");
}

TEST(Tornado, WhatMovesAllAlikeIsNoBar) {
  const auto bars = bars_of({platform("a", 1e12), platform("b", 0.8e12)}, Objective::time);
  for (const TornadoBar& b : bars) EXPECT_FALSE(b.platform_id.empty()) << b.input;
  EXPECT_EQ(find(bars, "a", "power.tdp"), nullptr) << "power takes no time";
}

TEST(Tornado, ACloseCallFlips) {
  // 1.02 apart: the choice's roof at its 10 % value (0.95) is below the rival's.
  const auto bars = bars_of({platform("a", 1.02e12), platform("b", 1e12)}, Objective::time);
  const TornadoBar* roof = find(bars, "a", "compute.fp32.peak");
  ASSERT_NE(roof, nullptr);
  EXPECT_TRUE(roof->flips);
  EXPECT_EQ(roof->winner_low, "b");
  EXPECT_EQ(roof->winner_high, "a");
  EXPECT_LT(*roof->margin_low, 1);
}

TEST(Tornado, WidestFirstAndPricesCountByCost) {
  std::vector<Platform> list = {platform("a", 2e12), platform("b", 1e12)};
  list[0].offers = {hourly(1, "2025-12", "2026-06")};
  list[1].offers = {hourly(1, "2024-01", "2024-02")};  // long ago: stale
  const auto bars = bars_of(list, Objective::cost);
  const TornadoBar *fresh = find(bars, "a", "price"), *stale = find(bars, "b", "price");
  ASSERT_NE(fresh, nullptr);
  ASSERT_NE(stale, nullptr);
  EXPECT_GT(std::log(*stale->margin_high / *stale->margin_low),
            std::log(*fresh->margin_high / *fresh->margin_low));
  for (std::size_t i = 1; i < bars.size(); ++i)
    EXPECT_GE(std::abs(std::log(*bars[i - 1].margin_high / *bars[i - 1].margin_low)),
              std::abs(std::log(*bars[i].margin_high / *bars[i].margin_low)) - 1e-12);
}

TEST(Tornado, OneAloneHasNone) { EXPECT_TRUE(bars_of({platform("a")}, Objective::time).empty()); }

}  // namespace
}  // namespace ridgepoint
