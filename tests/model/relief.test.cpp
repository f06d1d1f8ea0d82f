// SPDX-License-Identifier: Apache-2.0
#include "model/memory/relief.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

using namespace ridgepoint::memory;

namespace {

/// Forward steps of the best schedule, by trying every place of the next checkpoint.
std::int64_t brute_force(std::int64_t layers, std::int64_t slots) {
  static std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> known;
  if (layers == 1) return 0;
  if (slots == 1) return layers * (layers - 1) / 2;
  const auto it = known.find({layers, slots});
  if (it != known.end()) return it->second;
  std::int64_t best = layers * layers;
  for (std::int64_t first = 1; first < layers; ++first)
    best = std::min(best, first + brute_force(layers - first, slots - 1) + brute_force(first, slots));
  return known[{layers, slots}] = best;
}

/// The first and last input voxel that output voxel 0 of a U-Net depends on, walked layer by layer.
std::int64_t walked_halo(int levels) {
  // The path with the widest reach goes down to the bottom and up again. Going from the output to the input:
  // every 3-wide convolution at level l widens by 2^l, every 2-wide up-convolution and pooling aligns to 2^l.
  std::int64_t lo = 0;
  for (int l = 0; l < levels; ++l) {
    lo -= 2;                                   // two convolutions of the decoder at level l
    lo = lo >= 0 ? lo / 2 : -((-lo + 1) / 2);  // up-convolution: the voxel below
  }
  lo -= 2;                                                // bottom
  for (int l = levels - 1; l >= 0; --l) lo = 2 * lo - 2;  // pooling, two convolutions of the encoder
  return -lo;
}

TEST(Halo, IsTheReachOfTheNetwork) {
  EXPECT_EQ(exact_halo(0), 2);
  EXPECT_EQ(exact_halo(4), 92);
  for (int levels = 0; levels <= 6; ++levels) {
    EXPECT_LE(exact_halo(levels), walked_halo(levels)) << levels;
    EXPECT_LE(walked_halo(levels), exact_halo(levels) + 2) << levels;
    EXPECT_GE(aligned_halo(levels), walked_halo(levels)) << levels;
  }
  EXPECT_EQ(walked_halo(4), 94);
  EXPECT_EQ(aligned_halo(4), 96);
}

TEST(Tiles, CostWhatTheirHaloAdds) {
  EXPECT_NEAR(tile_work(64, 16), 3.375, 1e-12);
  EXPECT_NEAR(tile_work(128, 20), 2.261, 1e-3);
  EXPECT_NEAR(tile_work(192, 20), 1.764, 1e-3);
  EXPECT_NEAR(tile_work(128, static_cast<double>(exact_halo(4))), 14.48, 0.01);
  EXPECT_NEAR(tile_work(144, 32), 3.014, 1e-3);  // the nodule detector's test tiles
}

TEST(Windows, AreCountedAsTheyAreRun) {
  const auto study = [](double o) {
    return windows(320, 128, o) * windows(512, 128, o) * windows(512, 128, o);
  };
  EXPECT_EQ(study(0), 48);
  EXPECT_EQ(study(0.25), 75);
  EXPECT_EQ(study(0.5), 196);
  EXPECT_EQ(study(0.75), 1183);
  EXPECT_EQ(windows(100, 128, 0.5), 1);
  EXPECT_NEAR(overlap_work(0.25), 2.370, 1e-3);
  EXPECT_NEAR(overlap_work(0.5), 8, 1e-12);
}

TEST(Checkpoints, KeepTheRoot) {
  EXPECT_NEAR(checkpoint_share(100), 0.2, 1e-12);
  EXPECT_EQ(checkpoint_share(1), 1);
  EXPECT_EQ(checkpoint_share(3), 1);
}

TEST(Revolve, IsTheBestOfAllSchedules) {
  for (std::int64_t layers = 1; layers <= 60; ++layers)
    for (std::int64_t slots = 1; slots <= 10; ++slots)
      EXPECT_EQ(revolve_steps(layers, slots), brute_force(layers, slots)) << layers << " " << slots;
  EXPECT_EQ(revolve_repetition(10, 3), 2);
  EXPECT_EQ(revolve_repetition(11, 3), 3);
}

TEST(Offload, HidesBehindArithmeticWhenPrefetched) {
  EXPECT_DOUBLE_EQ(offload_seconds(1, 4e9, 16e9, true), 1);
  EXPECT_DOUBLE_EQ(offload_seconds(0.25, 4e9, 16e9, true), 0.5);
  EXPECT_DOUBLE_EQ(offload_seconds(1, 4e9, 16e9, false), 1.5);
  EXPECT_DOUBLE_EQ(exchange_seconds(1e9, 1e10, 10, 1e-3), 0.11);
}

}  // namespace
