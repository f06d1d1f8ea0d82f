// SPDX-License-Identifier: Apache-2.0
#include "model/validation/score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/model/validation/support.h"

namespace ridgepoint {
namespace {

using testing_support::guess;
using testing_support::published;

Result<Predicted> refused(const std::string& why) { return fail(ErrorKind::unavailable, why, "", ""); }

TEST(SecondsOf, KnowsTimesAndRates) {
  EXPECT_DOUBLE_EQ(*seconds_of(10, "ms"), 0.01);
  EXPECT_DOUBLE_EQ(*seconds_of(2, "min"), 120);
  EXPECT_DOUBLE_EQ(*seconds_of(3, "s/epoch"), 3);
  EXPECT_DOUBLE_EQ(*seconds_of(50, "samples/s"), 0.02);
  EXPECT_DOUBLE_EQ(*seconds_of(2, "GB/s"), 0.5);
  EXPECT_DOUBLE_EQ(*seconds_of(60, "volumes/min"), 1);
  EXPECT_DOUBLE_EQ(*seconds_of(4, "TFLOP/s"), 0.25);
  EXPECT_FALSE(seconds_of(1, "GB"));
  EXPECT_FALSE(seconds_of(1, "furlong/fortnight"));
  EXPECT_FALSE(seconds_of(1, ""));
  EXPECT_FALSE(seconds_of(0, "s"));
  EXPECT_FALSE(seconds_of(-1, "samples/s"));
}

TEST(ScoreRow, RatioIsOfTimesAlsoForARate) {
  // 100 samples/s measured, 200 predicted: half the time, a factor of two.
  const ValidationRow r = score_row(published("w/x", "p", 100, "samples/s"), guess(200, 150, 260));
  EXPECT_DOUBLE_EQ(*r.ratio, 0.5);
  EXPECT_NEAR(*r.error, 1.0, 1e-12);
  EXPECT_EQ(*r.measured, 100);
  EXPECT_EQ(*r.predicted, 200);
  EXPECT_EQ(*r.lo, 150);
  EXPECT_EQ(*r.hi, 260);
  EXPECT_FALSE(r.refused);
}

TEST(ScoreRow, HalfAndTwiceAreTheSameError) {
  const ValidationRow slow = score_row(published("w/x", "p", 10), guess(20, 10, 40));
  const ValidationRow fast = score_row(published("w/x", "p", 10), guess(5, 2, 9));
  EXPECT_DOUBLE_EQ(*slow.ratio, 2);
  EXPECT_DOUBLE_EQ(*fast.ratio, 0.5);
  EXPECT_NEAR(*slow.error, *fast.error, 1e-12);
}

TEST(ScoreRow, ARefusedRowHasAReasonAndNoPrediction) {
  const ValidationRow r = score_row(published("w/x", "p", 10), refused("no roof"));
  EXPECT_EQ(*r.refused, "no roof");
  EXPECT_EQ(*r.measured, 10);
  EXPECT_FALSE(r.predicted || r.lo || r.hi || r.tier || r.ratio || r.error || r.predicted_s);
}

TEST(ScoreRow, AnUnusablePredictionIsRefused) {
  const PublishedRow row = published("w/x", "p", 10);
  for (const Predicted& p : {guess(NAN, 1, 2), guess(0, 0, 1), guess(5, 6, 7), guess(5, 4, 4.5),
                             guess(INFINITY, 1, INFINITY), guess(-1, -2, 0)}) {
    const ValidationRow r = score_row(row, p);
    EXPECT_EQ(r.refused.value_or(""), "the model gave no usable number");
    EXPECT_FALSE(r.predicted_s);
  }
  EXPECT_EQ(*score_row(published("w/x", "p", 10, "GB"), guess(1, 1, 1)).refused, "unknown unit 'GB'");
}

TEST(ScoreRows, GivesTheFiguresComputedByHand) {
  // Times of 10 s predicted as 10, 12, 20, 5, 11: ratios 1, 1.2, 2, 0.5, 1.1; errors 0, 0.2, 1, 1, 0.1.
  // Sorted errors 0, 0.1, 0.2, 1, 1: median 0.2; p90 at position 3.6 = 1; max 1.
  // Sorted ratios 0.5, 1, 1.1, 1.2, 2: median of the logarithm ln 1.1.
  // Intervals value / 2 .. value * 1.1: 10 lies in 5..11, 6..13.2, 10..22, not in 2.5..5.5, in 5.5..12.1.
  std::vector<ValidationRow> rows;
  for (const double p : {10.0, 12.0, 20.0, 5.0, 11.0})
    rows.push_back(score_row(published("w/x", "p", 10), guess(p, p / 2, p * 1.1)));
  rows.push_back(score_row(published("w/x", "q", 10), refused("no roof")));
  const ErrorScore s = score_rows("all", rows, [](const ValidationRow&) { return true; });
  EXPECT_EQ(s.rows, 6);
  EXPECT_EQ(s.predicted, 5);
  EXPECT_EQ(s.refused, 1);
  EXPECT_NEAR(*s.median_error, 0.2, 1e-12);
  EXPECT_NEAR(*s.p90_error, 1, 1e-12);
  EXPECT_NEAR(*s.max_error, 1, 1e-12);
  EXPECT_NEAR(*s.bias_ln, std::log(1.1), 1e-12);
  EXPECT_NEAR(*s.coverage, 0.8, 1e-12);
  EXPECT_NEAR(*s.width, 2.2, 1e-12);
}

TEST(ScoreRows, NoFigureWithoutAPredictedRow) {
  const ErrorScore s = score_rows("none", {score_row(published("w/x", "p", 10), refused("no roof"))},
                                  [](const ValidationRow&) { return true; });
  EXPECT_EQ(s.rows, 1);
  EXPECT_FALSE(s.median_error || s.p90_error || s.max_error || s.bias_ln || s.coverage || s.width);
}

TEST(ScoreRows, APredictorWithoutIntervalsHasNoCoverage) {
  const ErrorScore s = score_rows("point", {score_row(published("w/x", "p", 10), guess(10, 10, 10))},
                                  [](const ValidationRow&) { return true; });
  EXPECT_EQ(*s.median_error, 0);
  EXPECT_FALSE(s.coverage || s.width);
}

TEST(SummariseRows, CountsPartsAndRefusals) {
  const std::vector<ValidationRow> rows = {
      score_row(published("a/x", "p", 10), guess(10, 9, 11, "scan", Tier::calibrated)),
      score_row(published("a/y", "p", 10), guess(20, 9, 21, "join", Tier::datasheet)),
      score_row(published("b/x", "q", 10), refused("unknown platform 'q'")),
      score_row(published("b/x", "r", 10), refused("unknown platform 'r'")),
      score_row(published("b/x", "p", 10), refused("no roof"))};
  const ValidationSummary s = summarise_rows(rows);
  EXPECT_EQ(s.overall.rows, 5);
  ASSERT_EQ(s.families.size(), 2u);
  EXPECT_EQ(s.families[0].name, "a");
  EXPECT_EQ(s.families[1].refused, 3);
  ASSERT_EQ(s.classes.size(), 2u);
  EXPECT_EQ(s.classes[0].name, "join");
  ASSERT_EQ(s.tiers.size(), 2u);
  ASSERT_EQ(s.refusals.size(), 2u);
  EXPECT_EQ(s.refusals[0].reason, "unknown platform");
  EXPECT_EQ(s.refusals[0].rows, 2);
  EXPECT_NEAR(s.refusals[0].share, 0.4, 1e-12);
  EXPECT_NEAR(*s.refused_known, 1.0 / 3, 1e-12);  // of the two predicted rows and the one without a roof
}

TEST(KindOfReason, LeavesOutWhatIsQuoted) {
  EXPECT_EQ(kind_of_reason("unknown platform 'it's x'"), "unknown platform s x'");
  EXPECT_EQ(kind_of_reason("unknown platform 'x'"), "unknown platform");
  EXPECT_EQ(kind_of_reason("no roof for 'fp64' on this platform"), "no roof for on this platform");
  EXPECT_EQ(kind_of_reason("the platform's memory"), "the platform's memory");
  EXPECT_EQ(kind_of_reason("an 'open end"), "an 'open end");
}

}  // namespace
}  // namespace ridgepoint
