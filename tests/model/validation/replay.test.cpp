// SPDX-License-Identifier: Apache-2.0
#include "model/validation/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "model/core/document.h"
#include "tests/model/support.h"
#include "tests/model/validation/support.h"

namespace ridgepoint {
namespace {

using testing_support::published;

/// Predicts the sum of the training values, so that a test sees what it has learnt from.
class SumOf : public Predictor {
 public:
  explicit SumOf(const std::vector<PublishedRow>& training) {
    for (const PublishedRow& r : training) {
      sum_ += r.value;
      seen_.insert({r.platform_id, r.workload_id, r.date});
    }
  }
  Result<Predicted> predict(const PublishedRow& row) const override {
    if (row.platform_id == "odd") return fail(ErrorKind::unavailable, "unknown platform 'odd'", "", "");
    return Predicted{sum_, sum_ / 2, sum_ * 2, Tier::datasheet, "sum"};
  }

 private:
  double sum_ = 0;
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
};

const FitPredictor kSum = [](const std::vector<PublishedRow>& t) { return std::make_unique<SumOf>(t); };

/// Values are powers of two, so that a sum tells which rows are in it.
std::vector<PublishedRow> six() {
  std::vector<PublishedRow> rows = {published("a/x", "p", 1),  published("a/x", "q", 2),
                                    published("a/y", "p", 4),  published("a/y", "q", 8),
                                    published("b/z", "r", 16), published("b/z", "p", 32)};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].date = i < 3 ? "2020-01 (one)" : "2021-01 (two)";
  return rows;
}

std::vector<double> values(const std::vector<Result<Predicted>>& list) {
  std::vector<double> out;
  for (const auto& p : list) out.push_back(p ? p->value : -1);
  return out;
}

TEST(CrossValidate, ARowsPredictorHasNotSeenItsFold) {
  const auto rows = six();
  using List = std::vector<double>;
  EXPECT_EQ(values(cross_validate(rows, rows, LeaveOut::platform, kSum, 1)),
            (List{26, 53, 26, 53, 47, 26}));  // 63 less p 37, q 10, r 16
  EXPECT_EQ(values(cross_validate(rows, rows, LeaveOut::workload, kSum, 1)), (List{60, 60, 51, 51, 15, 15}));
  EXPECT_EQ(values(cross_validate(rows, rows, LeaveOut::round, kSum, 1)), (List{56, 56, 56, 7, 7, 7}));
  EXPECT_EQ(values(cross_validate(rows, rows, LeaveOut::none, kSum, 1)), (List(6, 63)));
}

TEST(CrossValidate, ThreadsChangeNothing) {
  const auto rows = six();
  for (const LeaveOut what : {LeaveOut::none, LeaveOut::platform, LeaveOut::workload, LeaveOut::round})
    for (const int threads : {0, 2, 7})
      EXPECT_EQ(values(cross_validate(rows, rows, what, kSum, threads)),
                values(cross_validate(rows, rows, what, kSum, 1)));
}

TEST(CrossValidate, NoFitIsARefusal) {
  const auto rows = six();
  const auto out = cross_validate(
      rows, rows, LeaveOut::platform,
      [](const std::vector<PublishedRow>&) { return std::unique_ptr<Predictor>(); }, 2);
  for (const auto& p : out) {
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().what, "no fit to these rows");
  }
}

/// One second of roofline a unit of compute; "none" has no roof.
Result<double> roofline(const PublishedRow& r) {
  if (r.platform_id == "none") return fail(ErrorKind::unavailable, "no roof", "", "");
  const double seconds = r.platform_id == "p" ? 1 : r.platform_id == "q" ? 2 : 10;
  return r.unit == "s" ? seconds : 1 / seconds;
}

std::optional<PlatformPoint> point(const std::string& id) {
  if (id == "p") return PlatformPoint{100, 10};
  if (id == "q") return PlatformPoint{50, 10};
  if (id == "r") return PlatformPoint{1, 10};
  return std::nullopt;
}

Result<Predicted> ask(std::size_t which, const std::vector<PublishedRow>& training, const PublishedRow& row) {
  return baselines(roofline, point)[which].fit(training)->predict(row);
}

TEST(Baselines, RooflineIsTheRoofline) {
  EXPECT_DOUBLE_EQ(ask(0, {}, published("w/x", "q", 9))->value, 2);
  EXPECT_DOUBLE_EQ(ask(0, {}, published("w/x", "q", 9, "samples/s"))->value, 0.5);
  EXPECT_EQ(ask(0, {}, published("w/x", "none", 9)).error().what, "no roof");
}

TEST(Baselines, OneFactorIsTheMedianOfMeasuredOverRoofline) {
  // Factors 3 (p), 2 (q) and 4 (r, 40 / 10): median 3. A rate of 0.25/s on q is 4 s, factor 2.
  const std::vector<PublishedRow> training = {published("w/x", "p", 3),
                                              published("w/x", "q", 0.25, "samples/s"),
                                              published("w/x", "r", 40), published("w/x", "none", 1)};
  EXPECT_NEAR(ask(1, training, published("w/y", "q", 9))->value, 6, 1e-12);
  EXPECT_NEAR(ask(1, training, published("w/y", "q", 9, "samples/s"))->value, 1.0 / 6, 1e-12);
  EXPECT_EQ(ask(1, {}, published("w/y", "q", 9)).error().what, "no training row has a roofline");
}

TEST(Baselines, NearestNeighbourScalesByTheRooflineRatio) {
  // q is nearer to p than r: 5 s on q, whose roofline is 2, is 2.5 s on p, whose roofline is 1.
  const std::vector<PublishedRow> training = {published("w/x", "q", 5), published("w/x", "r", 1000),
                                              published("w/other", "p", 77)};
  EXPECT_NEAR(ask(2, training, published("w/x", "p", 9))->value, 2.5, 1e-12);
  EXPECT_EQ(ask(2, training, published("w/y", "p", 9)).error().what, "no neighbour has this workload");
  EXPECT_EQ(ask(2, training, published("w/x", "none", 9)).error().what, "unknown platform 'none'");
  EXPECT_EQ(ask(2, training, published("w/x", "p", 9, "samples/s")).error().what,
            "no neighbour has this workload");
}

TEST(PlatformPoint, TakesFp32AndTheFastestMemory) {
  Platform p = testing_support::platform("p", 1e12, 1e11);
  p.facts["compute.fp16.matrix"] = testing_support::fact(9e12, "flop/s");
  p.facts["memory.hbm.bandwidth.peak"] = testing_support::fact(5e11, "byte/s");
  const auto at = platform_point(p.facts);
  ASSERT_TRUE(at);
  EXPECT_EQ(at->flop_per_s, 1e12);
  EXPECT_EQ(at->byte_per_s, 5e11);
  p.facts.erase("compute.fp32.peak");
  EXPECT_EQ(platform_point(p.facts)->flop_per_s, 9e12);
  EXPECT_FALSE(platform_point({}));
}

ReadRow readable(const PublishedRow& row) { return {row, ""}; }

ReplayInput two_files(LeaveOut leave_out, int threads) {
  ReplayInput in;
  in.leave_out = leave_out;
  in.threads = threads;
  PublishedFile one{"one.json", {}}, two{"two.json", {}};
  for (const PublishedRow& r : six()) one.rows.push_back(readable(r));
  one.rows.insert(one.rows.begin() + 2, ReadRow{published("a/x", "p", 1), "unreadable row: has no unit"});
  two.rows = {readable(published("b/z", "odd", 5)), readable(six()[0])};
  in.files = {one, two};
  in.shipped = six();
  return in;
}

Validation replayed(LeaveOut leave_out, int threads) {
  const Law law{kSum, std::make_shared<SumOf>(six()), roofline};
  return replay(two_files(leave_out, threads), law, point,
                [](const PublishedRow& r) -> std::optional<double> {
                  return r.platform_id == "r" ? std::nullopt : std::optional(1.0);
                });
}

TEST(Replay, OneRowOutForEachRowInAndInOrder) {
  for (const LeaveOut what : {LeaveOut::none, LeaveOut::platform, LeaveOut::workload, LeaveOut::round}) {
    const Validation v = replayed(what, 2);
    std::vector<ReadRow> in;
    for (const PublishedFile& f : two_files(what, 2).files) in.insert(in.end(), f.rows.begin(), f.rows.end());
    ASSERT_EQ(v.rows.size(), in.size());
    std::int64_t refused = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      EXPECT_EQ(v.rows[i].id, in[i].row.id);
      EXPECT_EQ(v.rows[i].metric, in[i].row.metric);
      EXPECT_EQ(v.rows[i].measured, in[i].row.value);
      EXPECT_NE(v.rows[i].predicted.has_value(), v.rows[i].refused.has_value());
      refused += v.rows[i].refused ? 1 : 0;
    }
    EXPECT_EQ(refused, 2);
    EXPECT_EQ(v.summary.overall.refused, 2);
    EXPECT_EQ(v.summary.overall.rows, 9);
    EXPECT_EQ(*v.rows[2].refused, "unreadable row: has no unit");
    EXPECT_EQ(*v.rows[7].refused, "unknown platform 'odd'");
  }
}

TEST(Replay, NotesUnreadableRowsAndDuplicates) {
  const Validation v = replayed(LeaveOut::none, 1);
  ASSERT_EQ(v.inputs.size(), 2u);
  EXPECT_EQ(v.inputs[0].rows, 7);
  EXPECT_EQ(v.inputs[0].unreadable, 1);
  EXPECT_EQ(v.inputs[0].duplicates, 1);
  EXPECT_EQ(v.inputs[1].duplicates, 1);
  EXPECT_EQ(v.warnings.size(), 3u);
}

TEST(Replay, HasThreeBaselinesAndTheSameBytesWithAnyThreads) {
  const Validation v = replayed(LeaveOut::platform, 1);
  ASSERT_EQ(v.baselines.size(), 3u);
  EXPECT_EQ(v.baselines[0].errors.name, "datasheet roofline");
  EXPECT_EQ(v.baselines[0].errors.rows, 9);
  const auto text = document_text(make_document("validation", v));
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, *document_text(make_document("validation", replayed(LeaveOut::platform, 3))));
  EXPECT_TRUE(parse_as<Validation>(*text, "validation", "again"));
}

TEST(Replay, TheShippedLawAnswersWhenNothingIsLeftOut) {
  const Validation v = replayed(LeaveOut::none, 1);
  EXPECT_EQ(*v.rows[0].predicted, 63);
  EXPECT_EQ(*replayed(LeaveOut::platform, 1).rows[0].predicted, 31);  // q 10, r 16, odd 5
}

TEST(Replay, AnEmptyListIsAnEmptyAnswer) {
  ReplayInput in;
  in.files = {{"empty.json", {}}};
  const Validation v = replay(in, Law{kSum, std::make_shared<SumOf>(six()), roofline}, point,
                              [](const PublishedRow&) { return std::optional<double>(); });
  EXPECT_TRUE(v.rows.empty());
  EXPECT_FALSE(v.summary.overall.median_error);
  EXPECT_FALSE(v.summary.refused_known);
}

}  // namespace
}  // namespace ridgepoint
