// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "model/core/team.h"

namespace ridgepoint {

enum class Interpolation { linear, cubic };

/// Output i of an axis lies at input position start + i * step, in voxels; positions outside are moved to the
/// border.
struct AxisMap {
  std::int64_t in = 1, out = 1;
  double start = 0, step = 1;
};
using GridMap = std::array<AxisMap, 3>;  ///< x, y, z

/// The first and last voxels' centres stay (what scipy.ndimage.zoom does).
AxisMap corner_map(std::int64_t in, std::int64_t out);
/// The outer borders of the field of view stay (a change of spacing).
AxisMap extent_map(std::int64_t in, std::int64_t out);
/// Turns around: from the output's grid back to the input's.
AxisMap inverse_map(const AxisMap& map);

std::size_t voxels_in(const GridMap& map);
std::size_t voxels_out(const GridMap& map);

/// Turns samples into coefficients of the interpolating cubic B-spline, in place, mirrored at the borders
/// (the recursive filter of Unser, Aldroubi, Eden 1993). `data` has the map's input size.
void to_spline(float* data, const GridMap& map, Team& team);

/// Linear: `in` are samples. Cubic: `in` are coefficients of to_spline.
void resample(const float* in, float* out, const GridMap& map, Interpolation how, Team& team);

/// The same for one voxel, in double, straight from the definition: 8 or 64 taps, no separation. `voxel(i)`
/// gives the i-th of the input.
double resampled_voxel(const std::function<double(std::size_t)>& voxel, const GridMap& map, Interpolation how,
                       std::array<std::int64_t, 3> at);

/// Bytes that to_spline (cubic) and resample read and write at least, from memory.
double resample_read_byte(const GridMap& map, Interpolation how);
double resample_written_byte(const GridMap& map, Interpolation how);
/// Multiplications and additions of both, as the separated loops do them.
double resample_flop(const GridMap& map, Interpolation how);

}  // namespace ridgepoint
