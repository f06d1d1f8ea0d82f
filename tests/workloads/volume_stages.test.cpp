// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/volume/blob_filter.h"
#include "workloads/volume/components.h"
#include "workloads/volume/pipeline.h"
#include "workloads/volume/resample.h"
#include "workloads/volume/stages.h"

namespace ridgepoint {
namespace {

std::vector<float> noise(std::size_t n, std::uint64_t seed) {
  std::vector<float> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(random_unit(seed, i));
  return out;
}

Result<Prepared> prepare(const std::string& id, const std::string& shape, std::vector<int> cpus) {
  for (const Kernel* k : kernels())
    if (k->id == id) return k->prepare({*Shape::parse(shape, k->default_shape), std::move(cpus), 1});
  throw std::runtime_error(id);
}

TEST(VolumeKernels, VerifyOnSmallShapesOnOneAndThreeThreads) {
  const std::pair<const char*, const char*> cases[] = {
      {"medical/resample", "n=19 m=31 order=1"},
      {"medical/resample", "n=33 m=20 order=3"},
      {"medical/resample", "n=5 m=9 order=3"},
      {"medical/resample", "n=2 m=3 order=3"},
      {"medical/window", "voxels=100003"},
      {"medical/components", "n=41 cells_permille=60"},
      {"medical/pipeline", "size=64 grid_um=3000 window=32"}};
  for (const auto& [id, shape] : cases)
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepare(id, shape, cpus);
      ASSERT_TRUE(p) << id << ": " << p.error().what;
      EXPECT_TRUE(p->verification.passed) << id << " " << shape << ": " << p->verification.error;
      EXPECT_GT(p->cost.read_byte, 0) << id;
      p->body();
    }
}

TEST(VolumeKernels, WhatDoesNotFitOrMakesNoSenseIsRefused) {
  EXPECT_EQ(prepare("medical/resample", "order=2", {0}).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("medical/resample", "n=2048 m=2048", {0}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(prepare("medical/window", "voxels=1000000000", {0}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(prepare("medical/components", "n=1024", {0}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(prepare("medical/pipeline", "size=10", {0}).error().kind, ErrorKind::bad_input);
  for (const Kernel* k : kernels())
    if (k->id == "medical/pipeline") {
      const KernelRequest request{
          .shape = *Shape::parse("size=64", k->default_shape), .cpus = {0}, .memory_limit_byte = 3e6};
      EXPECT_EQ(k->prepare(request).error().kind, ErrorKind::unavailable);
    }
}

TEST(Resample, TheSplineGoesThroughItsSamplesAndALineStaysALine) {
  const AxisMap x = corner_map(13, 13), y = corner_map(30, 30), z = corner_map(7, 7);
  const GridMap same = {x, y, z};
  Team team({0, 0});
  const auto samples = noise(voxels_in(same), 3);
  auto work = samples;
  to_spline(work.data(), same, team);
  std::vector<float> out(voxels_out(same));
  resample(work.data(), out.data(), same, Interpolation::cubic, team);
  for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], samples[i], 1e-5F) << i;

  const GridMap finer = {corner_map(16, 46), corner_map(12, 34), corner_map(20, 58)};
  std::vector<float> line(voxels_in(finer)), fine(voxels_out(finer));
  for (std::size_t i = 0; i < line.size(); ++i)
    line[i] = 0.1F * static_cast<float>(i % 16) + 0.2F * static_cast<float>(i / 16 % 12) -
              static_cast<float>(i / 192);
  resample(line.data(), fine.data(), finer, Interpolation::linear, team);
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const double want = (0.1 * static_cast<double>(i % 46) + 0.2 * static_cast<double>(i / 46 % 34) -
                         static_cast<double>(i / (46 * 34))) /
                        3;
    ASSERT_NEAR(fine[i], want, 2e-5) << i;
  }
}

TEST(Resample, ThereAndBackIsTheSamePlace) {
  const AxisMap map = extent_map(300, 210), back = inverse_map(map);
  EXPECT_EQ(back.in, 210);
  EXPECT_EQ(back.out, 300);
  for (const double i : {0.0, 17.0, 299.0}) {
    const double at = back.start + i * back.step;
    EXPECT_NEAR(map.start + at * map.step, i, 1e-9);
  }
}

TEST(Stages, WindowsCoverEveryVoxelAndBlendingTheSameGivesTheSame) {
  const VoxelBox size = {37, 50, 16};
  const std::int64_t edge = 20;
  Team team({0, 0, 0});
  const auto image = noise(37 * 50 * 16, 9);
  std::vector<float> sum(image.size()), weight(image.size()), window(20 * 20 * 20);
  const auto places = window_places(size, edge);
  for (const VoxelBox& place : places) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_TRUE(place[c] == 0 || place[c] + edge <= size[c]);
    extract_window(image.data(), size, place, edge, window.data(), team);
    blend_window(window.data(), size, place, edge, importance(edge), sum.data(), weight.data(), team);
  }
  EXPECT_EQ(places.size(), 3U * 4U * 1U);  // 17 further voxels in steps of at most 10, 30 in steps of 10
  finish_blend(sum.data(), weight.data(), sum.size(), team);
  for (std::size_t i = 0; i < sum.size(); ++i) ASSERT_NEAR(sum[i], image[i], 1e-6F) << i;
}

TEST(Stages, EveryTypeOfVoxelIsWindowedAndNeedNotBeAligned) {
  Team team({0});
  for (const VoxelType type : {VoxelType::u8, VoxelType::i8, VoxelType::u16, VoxelType::i16, VoxelType::u32,
                               VoxelType::i32, VoxelType::f32, VoxelType::f64}) {
    Volume v;
    v.header.type = type;
    v.header.grid.size = {37, 1, 1};
    v.header.slope = 10;
    v.header.intercept = -100;
    std::vector<std::byte> bytes(37 * 8 + 1);
    for (std::size_t i = 0; i < 37; ++i) {
      const auto put = [&](auto value) {
        std::memcpy(bytes.data() + 1 + i * sizeof value, &value, sizeof value);
      };
      if (type == VoxelType::f32)
        put(static_cast<float>(i));
      else if (type == VoxelType::f64)
        put(static_cast<double>(i));
      else if (voxel_byte(type) == 1)
        put(static_cast<std::uint8_t>(i));
      else if (voxel_byte(type) == 2)
        put(static_cast<std::uint16_t>(i));
      else
        put(static_cast<std::uint32_t>(i));
    }
    v.data = std::shared_ptr<const std::byte>(std::shared_ptr<void>(), bytes.data() + 1);
    std::vector<float> out(37);
    window_values(v, 0, 200, out.data(), team);
    for (std::size_t i = 0; i < 37; ++i) {
      const double want = std::clamp((10.0 * static_cast<double>(i) - 100) / 200, 0.0, 1.0);
      EXPECT_NEAR(out[i], want, 1e-6) << name_of(type) << " " << i;
      EXPECT_NEAR(windowed_value(v, 0, 200, i), want, 1e-12);
    }
  }
}

TEST(Components, CornersJoinSlabsMeetAndThreadsDoNotMatter) {
  const std::array<std::int64_t, 3> size = {23, 17, 29};
  const auto values = noise(23 * 17 * 29, 5);
  Team one({0}), four({0, 0, 0, 0});
  for (const float threshold : {0.2F, 0.75F, 0.9F, 0.97F, 2.0F}) {
    const auto slow = flooded_components(values.data(), size, threshold, 1);
    EXPECT_EQ(connected_components(values.data(), size, threshold, 1, one), slow) << threshold;
    EXPECT_EQ(connected_components(values.data(), size, threshold, 1, four), slow) << threshold;
  }
  std::vector<float> diagonal(27, 0.0F);
  diagonal[0] = diagonal[13] = diagonal[26] = 1;
  const auto found = connected_components(diagonal.data(), {3, 3, 3}, 0.5F, 1, one);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].voxels, 3);
  EXPECT_EQ(found[0].centre, (std::array<double, 3>{1, 1, 1}));
}

TEST(Components, TheStrongestOfOverlappingBoxesStays) {
  Component a{.voxels = 8, .centre = {}, .low = {0, 0, 0}, .high = {3, 3, 3}, .highest = 0.5F};
  Component b = a, c = a;
  b.highest = 0.9F;
  b.low = {1, 0, 0};
  b.high = {4, 3, 3};
  c.low = {10, 0, 0};
  c.high = {11, 3, 3};
  EXPECT_NEAR(box_overlap(a, b), 48.0 / 80.0, 1e-12);
  EXPECT_EQ(box_overlap(a, c), 0);
  EXPECT_EQ(suppressed({a, b, c}, 0.5), (std::vector<Component>{b, c}));
  EXPECT_EQ(suppressed({a, b, c}, 0.7), (std::vector<Component>{b, a, c}));
}

TEST(BlobFilter, ABallAnswersMostInItsMiddleAndAFlatFieldNotAtAll) {
  const std::array<std::int64_t, 3> size = {32, 32, 32};
  std::vector<float> in(32 * 32 * 32, 0.3F), out(in.size());
  Team team({0, 0});
  BlobFilter filter(size, {1, 1, 1}, {4, 7, 12});
  filter.run(in.data(), out.data(), team);
  for (const float v : out) ASSERT_NEAR(v, 0, 1e-5F);
  for (std::int64_t z = 0; z < 32; ++z)
    for (std::int64_t y = 0; y < 32; ++y)
      for (std::int64_t x = 0; x < 32; ++x)
        if ((x - 14) * (x - 14) + (y - 17) * (y - 17) + (z - 12) * (z - 12) <= 12)
          in[static_cast<std::size_t>((z * 32 + y) * 32 + x)] = 0.9F;
  filter.run(in.data(), out.data(), team);
  const auto top = static_cast<std::size_t>(std::ranges::max_element(out) - out.begin());
  EXPECT_EQ(top, static_cast<std::size_t>((12 * 32 + 17) * 32 + 14));
  EXPECT_GT(out[top], 0.15F);
}

}  // namespace
}  // namespace ridgepoint
