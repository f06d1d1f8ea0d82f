// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/core/team.h"

namespace ridgepoint {

/// What hangs together above a threshold, across faces, edges and corners. Positions in voxels.
struct Component {
  std::int64_t voxels = 0;
  std::array<double, 3> centre = {};
  std::array<std::int64_t, 3> low = {}, high = {};  ///< its box, both ends in
  float highest = 0;                                ///< largest value in it

  bool operator==(const Component&) const = default;
};

/// Components of at least `least` voxels with values >= threshold, in the order of their first voxel. Threads
/// find runs in slabs of slices; the answer does not depend on their number.
std::vector<Component> connected_components(const float* values, std::array<std::int64_t, 3> size,
                                            float threshold, std::int64_t least, Team& team);

/// The same by flooding voxel after voxel.
std::vector<Component> flooded_components(const float* values, std::array<std::int64_t, 3> size,
                                          float threshold, std::int64_t least);

/// Intersection over union of two boxes, each reaching half a voxel around its voxels.
double box_overlap(const Component& a, const Component& b);

/// Greedy suppression: from the highest value down (ties: the first), what overlaps a kept one by more than
/// `overlap` goes.
std::vector<Component> suppressed(std::vector<Component> found, double overlap);

}  // namespace ridgepoint
