// SPDX-License-Identifier: Apache-2.0
#include "probes/latency_knees.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr double kKi = 1024, kMi = 1024 * 1024;

struct Level {
  double capacity, seconds;
};

/// Sharp: a working set beyond a capacity always misses. Soft: a share of it still hits (random replacement).
enum class Replacement { sharp, soft };

std::vector<CurvePoint> curve(const std::vector<Level>& caches, double memory_s, Replacement kind,
                              double noise = 0) {
  std::vector<CurvePoint> out;
  std::uint64_t index = 0;
  for (double octave = 8 * kKi; octave <= 256 * kMi; octave *= 2)
    for (const double byte : {octave, octave * 1.5}) {
      double seconds = memory_s;
      for (auto level = caches.rbegin(); level != caches.rend(); ++level) {
        const double share = std::min(1.0, level->capacity / byte);
        const double hits = kind == Replacement::soft ? share : (share < 1 ? 0 : 1);
        seconds = hits * level->seconds + (1 - hits) * seconds;
      }
      out.push_back({byte, seconds * (1 + noise * (2 * random_unit(3, index++) - 1))});
    }
  return out;
}

const std::vector<Level> kThree = {{48 * kKi, 1.3e-9}, {2 * kMi, 4.5e-9}, {32 * kMi, 20e-9}};

TEST(LatencyKnees, SharpKneesGiveTheCapacitiesExactly) {
  const Stairs s = find_stairs(curve(kThree, 100e-9, Replacement::sharp));
  ASSERT_EQ(s.plateaus.size(), 4u);
  ASSERT_EQ(s.knees.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(s.knees[i].byte, kThree[i].capacity);
    EXPECT_EQ(s.plateaus[i].seconds, kThree[i].seconds);
    EXPECT_LE(s.knees[i].hi, 2 * s.knees[i].lo) << "an octave or finer";
  }
}

TEST(LatencyKnees, RandomReplacementGivesTheCapacitiesWithinAThird) {
  const Stairs s = find_stairs(curve(kThree, 100e-9, Replacement::soft));
  ASSERT_GE(s.knees.size(), 2u);
  for (std::size_t i = 0; i < s.knees.size(); ++i)
    EXPECT_NEAR(std::log2(s.knees[i].byte / kThree[i].capacity), 0, std::log2(4.0 / 3)) << i;
}

TEST(LatencyKnees, NoiseOfEightPercentMovesNoKneeByMoreThanHalfAnOctave) {
  const Stairs s = find_stairs(curve(kThree, 100e-9, Replacement::sharp, 0.08));
  ASSERT_EQ(s.knees.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(std::log2(s.knees[i].byte / kThree[i].capacity), 0, 0.6) << i;
}

TEST(LatencyKnees, TwoLevelsHaveTwoKneesAndNoThirdCacheIsInvented) {
  const std::vector<Level> two = {{32 * kKi, 2e-9}, {1 * kMi, 9e-9}};
  for (const Replacement kind : {Replacement::sharp, Replacement::soft}) {
    const Stairs s = find_stairs(curve(two, 130e-9, kind));
    ASSERT_EQ(s.knees.size(), 2u);
    EXPECT_NEAR(s.knees[1].byte, kMi, 0.34 * kMi);
  }
}

/// The shape of a virtual machine's curve: the third-level cache is a part of a shared one and never flat.
TEST(LatencyKnees, APartOfASharedCacheIsAShoulder) {
  std::vector<CurvePoint> c;
  for (const auto& [kib, ns] : std::vector<std::pair<double, double>>{
           {16, 1.4},    {24, 1.4},    {32, 1.4},    {48, 1.4},     {64, 4.5},     {96, 4.5},   {128, 4.6},
           {192, 4.5},   {256, 4.6},   {384, 4.6},   {512, 5.3},    {768, 6.4},    {1024, 7.4}, {1536, 18},
           {2048, 25},   {3072, 38},   {4096, 50},   {6144, 63},    {8192, 69},    {12288, 96}, {16384, 117},
           {24576, 162}, {32768, 163}, {65536, 166}, {131072, 174}, {262144, 183},
       })
    c.push_back({kib * kKi, ns * 1e-9});
  const Stairs s = find_stairs(c);
  ASSERT_EQ(s.knees.size(), 3u);
  EXPECT_EQ(s.knees[0].byte, 48 * kKi);
  EXPECT_GT(s.knees[1].byte, kMi);
  EXPECT_LT(s.knees[1].byte, 2 * kMi);
  EXPECT_TRUE(s.plateaus[2].shoulder);
  EXPECT_GT(s.knees[2].byte, 6 * kMi);
  EXPECT_LT(s.knees[2].byte, 12 * kMi);
}

TEST(LatencyKnees, AFlatOrShortCurveHasNoKnee) {
  EXPECT_TRUE(find_stairs({}).knees.empty());
  EXPECT_TRUE(find_stairs({{8192, 1e-9}}).knees.empty());
  EXPECT_TRUE(find_stairs({{8192, 1e-9}, {16384, 1e-9}, {32768, 1.02e-9}}).knees.empty());
}

TEST(LatencyKnees, AKneeIsKnownThoughTheCurveEndsInTheNextRise) {
  const Stairs s = find_stairs({{8192, 1e-9}, {16384, 1e-9}, {32768, 1e-9}, {49152, 3e-9}});
  ASSERT_EQ(s.knees.size(), 1u);
  EXPECT_EQ(s.knees[0].lo, 32768);
  EXPECT_EQ(s.knees[0].hi, 49152);
}

std::vector<Knee> knees_at(const std::vector<double>& bytes) {
  std::vector<Knee> out;
  for (const double b : bytes) out.push_back({b, b, 2 * b});
  return out;
}

using Names = std::vector<std::string>;

TEST(LatencyKnees, NamesFollowTheNearestToldCacheInOrder) {
  const std::vector<ToldCache> told = {{"l1d", 48 * kKi}, {"l2", 2 * kMi}, {"l3", 480 * kMi}};
  EXPECT_EQ(name_knees(knees_at({48 * kKi, 2 * kMi, 8 * kMi}), told), (Names{"l1d", "l2", "l3"}));
  EXPECT_EQ(name_knees(knees_at({48 * kKi, 300 * kMi}), told), (Names{"l1d", "l3"}));
  EXPECT_EQ(name_knees(knees_at({48 * kKi, 400 * kKi, 2 * kMi, 32 * kMi}), told),
            (Names{"l1d", "", "l2", "l3"}));
}

TEST(LatencyKnees, WithoutToldCachesNamesGoInOrder) {
  EXPECT_EQ(name_knees(knees_at({1, 2, 3, 4, 5}), {}), (Names{"l1d", "l2", "l3", "l4", ""}));
}

}  // namespace
}  // namespace ridgepoint
