// SPDX-License-Identifier: Apache-2.0
#include "model/memory/study.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/model/support.h"

using namespace ridgepoint;
using namespace ridgepoint::memory;

namespace {

WayOut way(const std::string& name, double seconds, Quality quality, double devices = 1) {
  WayOut w;
  w.name = name;
  w.here = true;
  w.time_s = Interval{seconds, seconds, seconds};
  w.quality = quality;
  w.devices = devices;
  return w;
}

TEST(Pareto, KeepsWhatIsBetterInSomething) {
  std::vector<WayOut> ways = {way("slow", 3, Quality::same), way("fast, worse", 1, Quality::loss),
                              way("slower, worse", 2, Quality::loss), way("many", 1, Quality::same, 8)};
  EXPECT_EQ(keep_pareto(ways), 1);
  EXPECT_TRUE(std::ranges::none_of(ways, [](const WayOut& w) { return w.name == "slower, worse"; }));
  EXPECT_TRUE(std::ranges::any_of(ways, [](const WayOut& w) { return w.name == "slow"; }));
}

TEST(Study, EveryWayFitsWithMargin) {
  FitQuestion q;
  q.network = *find_network("mlperf-3d-unet-kits19");
  q.input = {4, 1, 128, 128, 128};
  q.platform = testing_support::platform("small", 1e13, 1e11, 8e9);
  q.context.as_of = "2026-06";
  q.context.efficiency = efficiencies({});
  const auto s = study(q);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->verdict, FitVerdict::too_large);
  EXPECT_FALSE(s->ways.empty());
  double sum = 0;
  for (const MemoryItem& m : s->footprint.items) sum += m.byte;
  EXPECT_DOUBLE_EQ(sum, s->footprint.expected_byte);
  for (const WayOut& w : s->ways) EXPECT_LE(w.safe_byte, 8e9 * (1 + 1e-6)) << w.name;
}

}  // namespace
