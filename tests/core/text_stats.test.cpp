// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/stats.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

TEST(Text, DistanceCountsASwapOnce) {
  EXPECT_EQ(edit_distance("capacity", "capacity"), 0);
  EXPECT_EQ(edit_distance("capacity", "capcaity"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("probe", "prob"), 1);
}

TEST(Text, OnlyANearWordIsSuggested) {
  const std::vector<std::string> known = {"probe", "report", "recommend"};
  EXPECT_EQ(nearest("repot", known), "report");
  EXPECT_EQ(nearest("xyzzy", known), "");
}

TEST(Text, ControlBytesNeverReachATerminal) { EXPECT_EQ(printable("a\x1b[31mb\n"), "a?[31mb?"); }

TEST(Stats, MedianAndMadOfAKnownSample) {
  const Summary s = summarise({5, 1, 4, 2, 100});
  EXPECT_EQ(s.n, 5);
  EXPECT_EQ(s.median, 4);
  EXPECT_EQ(s.mad, 2);  // |x - 4| = 1 3 0 2 96
  EXPECT_EQ(s.min, 1);
  EXPECT_EQ(s.max, 100);
}

TEST(Stats, QuantilesInterpolateBetweenOrderStatistics) {
  EXPECT_EQ(quantile({3, 1, 2, 4}, 0.5), 2.5);
  EXPECT_EQ(quantile({1, 2, 3, 4, 5}, 0), 1);
  EXPECT_EQ(quantile({1, 2, 3, 4, 5}, 1), 5);
  EXPECT_NEAR(quantile({10, 20}, 0.1), 11, 1e-12);
  EXPECT_EQ(quantile({7}, 0.9), 7);
}

TEST(StatsDeathTest, AnEmptySampleIsAProgrammerMistake) { EXPECT_DEATH(summarise({}), "precondition"); }

}  // namespace
}  // namespace ridgepoint
