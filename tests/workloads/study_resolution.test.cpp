// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "workloads/study/froc.h"
#include "workloads/study/resolution.h"

namespace ridgepoint::study {
namespace {

TrueNodule nodule(double x, double diameter) { return {{x, 0, 0}, diameter, 0, "solid", "isolated"}; }

TEST(ResolutionStudy, AHitLiesWithinTheRadiusAndMoreHitsOfOneNoduleAreNotFalse) {
  Scored s;
  score_scan({{{0, 1.9, 0}, 0.5}, {{0, -1, 0}, 0.7}, {{0, 2.1, 0}, 0.4}, {{20, 0, 0}, 0.3}},
             {nodule(0, 4), nodule(20, 10), nodule(50, 6)}, 0, s);
  EXPECT_EQ(s.found_at, (std::vector<double>{0.7, 0.3, 0}));
  EXPECT_EQ(s.false_ones, (std::vector<double>{0.4}));
  EXPECT_EQ(s.scans, 1);
  Scored wide;
  score_scan({{{0, 2.1, 0}, 0.4}}, {nodule(0, 4)}, 0.2, wide);
  EXPECT_EQ(wide.found_at, (std::vector<double>{0.4}));
  EXPECT_TRUE(wide.false_ones.empty());
}

TEST(ResolutionStudy, TheThresholdLetsThroughTheFalsePositivesAllowed) {
  const Scored s{.diameter_mm = {3, 4, 9, 10},
                 .found_at = {0.2, 0.35, 0.9, 0},
                 .false_ones = {0.3, 0.5, 0.1, 0.4},
                 .scans = 2};
  EXPECT_EQ(threshold_at(s, 0.25), 0.5);
  EXPECT_EQ(threshold_at(s, 0.5), 0.4);
  EXPECT_EQ(threshold_at(s, 1), 0.3);
  EXPECT_EQ(threshold_at(s, 8), 0);
  EXPECT_EQ(found_between(s, 0.3, 0).found, 2);
  EXPECT_EQ(found_between(s, 0.3, 3, 5).found, 1);
  EXPECT_EQ(found_between(s, 0.3, 3, 4).of, 1);  // the upper end is out
  EXPECT_FALSE(found_between(s, 0, 20, 30).share);
}

// Newcombe 1998, table I: 81 of 263 and 0 of 20, to four places.
TEST(ResolutionStudy, WilsonsIntervalIsThePublishedOne) {
  EXPECT_NEAR(wilson(81, 263).lo, 0.2553, 5e-5);
  EXPECT_NEAR(wilson(81, 263).hi, 0.3662, 5e-5);
  EXPECT_EQ(wilson(0, 20).lo, 0);
  EXPECT_NEAR(wilson(0, 20).hi, 0.1611, 5e-5);
  EXPECT_EQ(wilson(20, 20).hi, 1);
}

TEST(ResolutionStudy, ACoarseVoxelIsTheMeanOfWhatItCovers) {
  Image in{{7, 6, 6}, 1, {10, 20, 30}, {}};
  for (int i = 0; i < 7 * 6 * 6; ++i) in.values.push_back(static_cast<float>(i % 7));
  for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
    Team team(cpus);
    const Image three = box_means(in, 3, team);
    EXPECT_EQ(three.size, (std::array<std::int64_t, 3>{2, 2, 2}));
    EXPECT_EQ(three.first, (Point{11, 21, 31}));
    EXPECT_NEAR(three.values[0], 1, 1e-5);
    EXPECT_NEAR(three.values[1], 4, 1e-5);
    const Image half = box_means(in, 1.5, team);  // 0, 1 and half of 1, 2: means 1/3 and 5/3
    EXPECT_EQ(half.size, (std::array<std::int64_t, 3>{4, 4, 4}));
    EXPECT_NEAR(half.values[0], 1.0 / 3, 1e-5);
    EXPECT_NEAR(half.values[1], 5.0 / 3, 1e-5);
    EXPECT_EQ(box_means(in, 1, team).values, in.values);
  }
}

TEST(ResolutionStudy, RoundnessIsTheSmallestCurvatureOverTheLargest) {
  EXPECT_DOUBLE_EQ(roundness({-2, -2, -2, 0, 0, 0}), 1);
  EXPECT_NEAR(roundness({-1, -2, -4, 0, 0, 0}), 0.25, 1e-12);
  EXPECT_NEAR(roundness({-3, -3, 0, 0, 0, 0}), 0, 1e-12);             // a tube
  EXPECT_NEAR(roundness({-1.5, -1.5, -4, -0.5, 0, 0}), 0.25, 1e-12);  // turned: -1, -2, -4
  EXPECT_EQ(roundness({1, 2, 3, 0, 0, 0}), 0);
  EXPECT_EQ(roundness({-2, -2, 1, 0, 0, 0}), 0);
}

TEST(ResolutionStudy, ABallIsFoundWhereItIsAndATubeScoresLess) {
  Image image{{40, 40, 40}, 1, {0, 0, 0}, std::vector<float>(40 * 40 * 40, 0.1F)};
  for (int z = 0; z < 40; ++z)
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x) {
        const bool ball = std::hypot(x - 12, y - 12, z - 20) < 3, tube = std::hypot(x - 28, y - 28) < 3;
        if (ball || tube) image.values[static_cast<std::size_t>((z * 40 + y) * 40 + x)] = 0.7F;
      }
  Team team({0, 0});
  const auto found = ball_candidates(image, team);
  ASSERT_FALSE(found.empty());
  EXPECT_LT(distance(found.front().at, {12, 12, 20}), 1.1);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_LT(found[i].score, 0.5 * found.front().score);
  Team one({0});
  const auto again = ball_candidates(image, one);
  ASSERT_EQ(again.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(again[i].score, found[i].score);
}

FoundShare share(std::int64_t found, std::int64_t of) { return {3, {}, found, of, wilson(found, of)}; }

ResolutionResult made_up(const std::vector<std::array<std::int64_t, 3>>& found) {
  ResolutionResult r;
  for (const auto& [small, middle, large] : found)
    r.points.push_back({.voxel_mm = 1.0 + static_cast<double>(r.points.size()),
                        .detect_s = {},
                        .by_diameter = {share(small, 100), share(middle, 100), share(large, 100)},
                        .froc = {},
                        .network_input = {},
                        .train_byte = {},
                        .jobs = {}});
  return r;
}

TEST(ResolutionStudy, TheClaimsFailWhenTheShapeIsAnother) {
  const auto verdicts = [](const ResolutionResult& r) {
    std::vector<std::optional<bool>> out;
    for (const StudyClaim& c : resolution_claims(r)) out.push_back(c.holds);
    return out;
  };
  using V = std::vector<std::optional<bool>>;
  EXPECT_EQ(verdicts(made_up({{60, 80, 90}, {20, 60, 88}, {5, 30, 85}})), (V{true, true}));
  EXPECT_EQ(verdicts(made_up({{60, 80, 90}, {50, 30, 88}, {10, 25, 85}})), (V{false, true}));  // middle first
  EXPECT_EQ(verdicts(made_up({{60, 80, 90}, {20, 60, 88}, {5, 30, 79}})), (V{true, false}));
  EXPECT_EQ(verdicts(made_up({{60, 80, 90}, {50, 70, 88}, {45, 65, 85}})), (V{false, true}));  // nothing lost
  EXPECT_EQ(verdicts(made_up({{0, 80, 90}, {0, 60, 88}})), (V{std::nullopt, true}));
}

// The shape that the study is about, on few scans: the bounds are wide, the quick mode's are the claims.
TEST(ResolutionStudy, SmallNodulesAreLostAndLargeOnesStay) {
  Team team(allowed_cpus());
  const auto r =
      run_resolution({.scans = 3, .edge = 112, .nodules = 60, .voxels_mm = {1, 4}}, team, [](double) {});
  ASSERT_TRUE(r);
  const auto& fine = r->points.front().by_diameter;
  const auto& coarse = r->points.back().by_diameter;
  ASSERT_GE(fine[0].of, 30);
  ASSERT_GE(fine[2].of, 20);
  EXPECT_GT(fine[0].found, 3 * coarse[0].found);
  EXPECT_GT(fine[2].share->value, 0.6);
  EXPECT_GT(coarse[2].share->value, fine[2].share->value - 0.15);
}

// The whole study in its smallest size.
TEST(ResolutionStudy, TheSameSeedGivesTheSameDetectionsWithAnyNumberOfThreads) {
  const ResolutionSettings tiny{.scans = 1, .edge = 64, .nodules = 12, .seed = 3, .voxels_mm = {1, 2}};
  Team one({0}), three({0, 0, 0});
  const auto a = run_resolution(tiny, one, [](double) {}), b = run_resolution(tiny, three, [](double) {});
  ASSERT_TRUE(a && b);
  ASSERT_EQ(a->points.size(), 2U);
  EXPECT_GT(a->nodules, 2);
  EXPECT_EQ(a->points[1].image_byte, 4.0 * 32 * 32 * 32);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(a->points[i].threshold, b->points[i].threshold);
    std::int64_t of = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(a->points[i].by_diameter[k].found, b->points[i].by_diameter[k].found);
      of += a->points[i].by_diameter[k].of;
    }
    EXPECT_EQ(of, a->nodules);
    EXPECT_EQ(a->points[i].froc.size(), 7U);
  }
}

}  // namespace
}  // namespace ridgepoint::study
