// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "model/core/command.h"
#include "model/core/random.h"
#include "workloads/study/batch_size.h"
#include "workloads/study/convergence.h"

namespace ridgepoint::study {
namespace {

std::vector<std::uint32_t> first(std::uint32_t n) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < n; ++i) out.push_back(i);
  return out;
}

TEST(BatchStudy, TheNetworkHasTheParametersThatWereMeasuredBefore) { EXPECT_EQ(NetLayout::count, 14212U); }

TEST(BatchStudy, PatchesDependOnSeedAndNumberOnly) {
  const Patches all = make_patches(5, 0, 12), part = make_patches(5, 8, 4), other = make_patches(6, 8, 4);
  EXPECT_EQ(std::vector<float>(all.pixels.begin() + 8 * 400, all.pixels.end()), part.pixels);
  EXPECT_NE(part.pixels, other.pixels);
  EXPECT_EQ(std::set<int>(part.kinds.begin(), part.kinds.end()), (std::set<int>{0, 1, 2, 3}));
}

// Every kind of weight, and a number of patches that fills no vector.
TEST(BatchStudy, TheGradientIsThatOfFiniteDifferences) {
  using L = NetLayout;
  const Patches patches = make_patches(1, 0, 21);
  const auto which = first(21);
  const std::vector<float> start = net_start(1);
  std::vector<double> w(start.begin(), start.end()), gradient;
  evaluate(w, patches, which, &gradient);
  const std::vector<std::pair<std::size_t, std::size_t>> parts = {
      {L::w1, L::b1}, {L::b1, L::w2}, {L::w2, L::b2}, {L::b2, L::w3},
      {L::w3, L::b3}, {L::b3, L::w4}, {L::w4, L::b4}, {L::b4, L::count}};
  for (const auto& [begin, end] : parts) {
    double size = 0;
    for (std::size_t i = begin; i < end; ++i) size = std::max(size, std::abs(gradient[i]));
    EXPECT_GT(size, 1e-5) << begin;
    for (std::uint32_t k = 0; k < 24; ++k) {
      const std::size_t i = begin + random_below(9, k, static_cast<std::uint32_t>(end - begin));
      constexpr double kStep = 1e-6;
      const double kept = w[i];
      w[i] = kept + kStep;
      const double above = evaluate(w, patches, which, nullptr).loss;
      w[i] = kept - kStep;
      const double below = evaluate(w, patches, which, nullptr).loss;
      w[i] = kept;
      EXPECT_NEAR((above - below) / (2 * kStep), gradient[i], 1e-7 + 1e-5 * size) << i;
    }
  }
}

TEST(BatchStudy, SinglePrecisionFollowsDouble) {
  const Patches patches = make_patches(2, 0, 37);
  const std::vector<float> w = net_start(2);
  std::vector<float> g;
  std::vector<double> exact;
  const Answer a = evaluate(w, patches, first(37), &g);
  const Answer b = evaluate(std::vector<double>(w.begin(), w.end()), patches, first(37), &exact);
  EXPECT_NEAR(a.loss, b.loss, 1e-5);
  EXPECT_EQ(a.right, b.right);
  for (std::size_t i = 0; i < g.size(); ++i) ASSERT_NEAR(static_cast<double>(g[i]), exact[i], 2e-5) << i;
}

TEST(BatchStudy, TrainingLearnsAndDependsOnTheSeed) {
  const Patches patches = make_patches(3, 0, 200);
  const auto all = first(200);
  const std::vector<float> a = train(patches, 3, 20, 12);
  EXPECT_LT(evaluate(a, patches, all, nullptr).loss,
            0.9 * evaluate(net_start(3), patches, all, nullptr).loss);
  EXPECT_EQ(a, train(patches, 3, 20, 12));
  EXPECT_NE(a, train(patches, 4, 20, 12));
}

TEST(BatchStudy, SharpnessGrowsWithTheBoxAndIsWhatTheBoxHolds) {
  const Patches patches = make_patches(4, 0, 60);
  const std::vector<float> w = train(patches, 4, 20, 4);
  const double narrow = sharpness(w, patches, 1e-4), wide = sharpness(w, patches, 1e-3);
  EXPECT_GT(narrow, 0);
  EXPECT_GT(wide, 5 * narrow);
  // For a tiny box the loss is linear: the sum of |gradient| times the reach.
  std::vector<float> g;
  const double loss = evaluate(w, patches, first(60), &g).loss;
  double sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i)
    sum += static_cast<double>(std::abs(g[i]) * (std::abs(w[i]) + 1));
  EXPECT_NEAR(sharpness(w, patches, 1e-5), 100 * 1e-5 * sum / (1 + loss),
              0.05 * 100 * 1e-5 * sum / (1 + loss));
}

/// Answers like `fit` on a device that holds six samples, a second a sample.
Result<Output> small_device(const std::vector<std::string>& words) {
  FitStudy f;
  f.platform_id = "small";
  const double batch = std::strtod(words[3].c_str(), nullptr);
  f.verdict = batch > 6 ? FitVerdict::too_large : FitVerdict::fits;
  f.largest_batch = 6;
  f.footprint.expected_byte = 1e9 * batch;
  if (batch <= 6) f.time_s = Interval{batch, batch / 2, 2 * batch};
  return Output{make_document("fit", f), "", batch > 6 ? 1 : 0, false};
}

class Silent : public Log {
  void progress(std::string_view, double) override {}
  void note(std::string_view) override {}
};

TEST(BatchStudy, WhatDoesNotFitIsAccumulatedFromItsLargestPart) {
  EXPECT_EQ(fitting_part(32, 6), 4);
  EXPECT_EQ(fitting_part(56, 7.9), 7);
  EXPECT_EQ(fitting_part(2, 100), 2);
  EXPECT_EQ(fitting_part(2, 0.5), 0);
  const auto points =
      read_convergence(RIDGEPOINT_SOURCE_DIR "/configs/convergence/mlperf-3d-unet-kits19.json");
  ASSERT_TRUE(points) << points.error().what;
  for (const ConvergencePoint& p : points->points) {  // the published figures agree with one another
    EXPECT_NEAR(p.samples / p.steps / static_cast<double>(p.batch), 1, 0.01);
    EXPECT_NEAR(p.samples / p.epochs, 164, 5);  // 168 cases, less what fills no batch
  }
  Silent log;
  Ports ports{.log = log, .configs = "", .today = "2026-11", .provenance = {}, .ask = small_device};
  const auto jobs = price_batches(*points, {"small"}, "2026-11", ports);
  ASSERT_TRUE(jobs) << jobs.error().what;
  ASSERT_EQ(jobs->size(), 4U);
  EXPECT_EQ((*jobs)[0].at_once, 2);
  EXPECT_EQ((*jobs)[1].at_once, 4);
  EXPECT_EQ((*jobs)[1].memory_byte, 4e9);
  EXPECT_DOUBLE_EQ((*jobs)[1].time_s->value, 316000);
  EXPECT_DOUBLE_EQ((*jobs)[1].time_s->hi, 632000);
  EXPECT_FALSE((*jobs)[1].cost_usd);
}

BatchRun run(double sharp, double told) {
  return {.train_loss = 0.1, .test_share = told, .sharpness_wide = sharp, .sharpness_narrow = sharp / 2};
}

TEST(BatchStudy, RatiosAreMediansAndTheGapIsPaired) {
  BatchResult r;
  r.runs = {run(10, 0.60), run(20, 0.57), run(8, 0.62), run(24, 0.60), run(5, 0.58), run(6, 0.57)};
  compare_batches(r);
  ASSERT_TRUE(r.ratio_wide && r.test_gap);
  EXPECT_DOUBLE_EQ(r.ratio_wide->value, 2);
  EXPECT_DOUBLE_EQ(r.ratio_wide->lo, 1.2);
  EXPECT_DOUBLE_EQ(r.ratio_wide->hi, 3);
  EXPECT_NEAR(r.test_gap->value, 0.02, 1e-12);
  EXPECT_NEAR(r.test_gap->hi, 0.02 + 4.303 * 0.01 / std::sqrt(3.0), 1e-9);
  auto claims = batch_claims(r);
  EXPECT_EQ(claims[0].holds, true);
  EXPECT_EQ(claims[1].holds, std::nullopt);  // the interval holds 0
  r.ratio_wide->value = 1.4;
  r.test_gap = Interval{-0.02, -0.03, -0.01};
  claims = batch_claims(r);
  EXPECT_EQ(claims[0].holds, false);
  EXPECT_EQ(claims[1].holds, false);
}

TEST(BatchStudy, TheFiguresAreTheSameWithAnyNumberOfThreads) {
  const BatchSettings tiny{.seeds = 2,
                           .train = 60,
                           .test = 40,
                           .small_batch = 8,
                           .small_epochs = 2,
                           .large_batch = 30,
                           .large_epochs = 3};
  Team one({0}), three({0, 0, 0});
  const auto a = run_batches(tiny, one, [](double) {}), b = run_batches(tiny, three, [](double) {});
  ASSERT_TRUE(a && b);
  ASSERT_EQ(a->runs.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(a->runs[i].batch, i % 2 == 0 ? 8 : 30);
    EXPECT_EQ(a->runs[i].seed, 1001 + static_cast<std::int64_t>(i / 2));
    EXPECT_EQ(a->runs[i].train_loss, b->runs[i].train_loss);
    EXPECT_EQ(a->runs[i].sharpness_wide, b->runs[i].sharpness_wide);
    EXPECT_EQ(a->runs[i].test_share, b->runs[i].test_share);
  }
}

}  // namespace
}  // namespace ridgepoint::study
