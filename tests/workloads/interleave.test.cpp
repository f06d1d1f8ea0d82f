// SPDX-License-Identifier: Apache-2.0
#include "tests/peers/interleave.h"

#include <gtest/gtest.h>

namespace ridgepoint::peers {
namespace {

Outcome of_times(const std::vector<double>& ours, const std::vector<double>& theirs) {
  Outcome o{{}, {{"ours", ""}, {"theirs", ""}}};
  for (const double t : ours) o.series[0].samples.push_back({.wall_s = t});
  for (const double t : theirs) o.series[1].samples.push_back({.wall_s = t});
  return o;
}

TEST(Interleave, WhoBeginsAlternatesAndTheRoofStandsBetweenAnyTwo) {
  std::string order;
  Match m;
  double rate = 0;
  m.roof = AdjacentRoof{"read", "B/s", 0, [&] {
                          order += '-';
                          return ++rate;
                        }};
  m.contestants = {{.name = "a", .body = [&] { order += 'a'; }, .reset = [&] { order += 'r'; }},
                   {.name = "b", .body = [&] { order += 'b'; }}};
  const Outcome o = interleave(std::move(m), 3);
  EXPECT_EQ(order, "rab-ra-b-b-ra-ra-b-");
  EXPECT_EQ(o.series[1].column(&Sample::roof_before), (std::vector<double>{2, 3, 6}));
  EXPECT_EQ(o.series[1].column(&Sample::roof_after), (std::vector<double>{3, 4, 7}));
}

TEST(Interleave, RatiosAreOfTheSameRoundAndOverlapIsATie) {
  const Outcome clear = of_times({1, 2, 1}, {4, 6, 3});
  EXPECT_EQ(clear.ratios(1), (std::vector<double>{4, 3, 3}));
  EXPECT_EQ(clear.verdict(1), PeerVerdict::win);
  EXPECT_EQ(of_times({4, 6}, {1, 2}).verdict(1), PeerVerdict::loss);
  EXPECT_EQ(of_times({1, 3}, {3, 9}).verdict(1), PeerVerdict::tie);
}

TEST(Interleave, AShareNeedsARoofAndAQuantity) {
  Series s{"a", "", 6};
  s.samples.push_back({.wall_s = 2, .roof_before = 4, .roof_after = 8});
  EXPECT_EQ(s.shares(), (std::vector<double>{0.5}));
  s.quantity.reset();
  EXPECT_TRUE(s.shares().empty());
}

}  // namespace
}  // namespace ridgepoint::peers
