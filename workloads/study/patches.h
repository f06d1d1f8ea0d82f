// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

// Small pictures of four kinds of things in noise: what the study of batch size learns to tell apart.

namespace ridgepoint::study {

constexpr std::size_t kPatchEdge = 20, kPatchPixels = kPatchEdge * kPatchEdge, kPatchKinds = 4;
constexpr double kPatchNoise = 0.9;  ///< standard deviation; the things are of height 1

/// Patches one after another, row by row.
struct Patches {
  std::vector<float> pixels;
  std::vector<std::uint8_t> kinds;  ///< 0 blob, 1 tube, 2 ellipse, 3 ring; as many of each, give or take one

  std::size_t size() const { return kinds.size(); }
};

/// The same seed gives the same patches; `first` numbers them, so that disjoint ranges are disjoint sets.
Patches make_patches(std::uint64_t seed, std::size_t first, std::size_t count);

}  // namespace ridgepoint::study
