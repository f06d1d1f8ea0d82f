// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/core/team.h"
#include "workloads/volume/volume.h"

// The stages of a medical pipeline that only move and scale voxels.

namespace ridgepoint {

/// out = clamp((value - low) / (high - low), 0, 1) with value = slope * stored + intercept, e.g. HU.
void window_values(const Volume& volume, double low, double high, float* out, Team& team);
/// The same of one voxel, in double.
double windowed_value(const Volume& volume, double low, double high, std::size_t i);

using VoxelBox = std::array<std::int64_t, 3>;  ///< x, y, z

/// Where cubic windows begin so that they cover `size`, each axis in equal steps of at most half a window (as
/// MONAI's and nnU-Net's sliding windows do); 0 alone where an axis is no longer than the window.
std::vector<VoxelBox> window_places(const VoxelBox& size, std::int64_t edge);

/// Copies the window that begins at `place`; beyond the volume it holds 0.
void extract_window(const float* volume, const VoxelBox& size, const VoxelBox& place, std::int64_t edge,
                    float* out, Team& team);

/// Gaussian importance of a place in a window along one axis, sigma an eighth of the edge, at least 0.001 of
/// the middle's (as nnU-Net's and MONAI's).
std::vector<float> importance(std::int64_t edge);

/// sum += w * window and weight += w over the window's part of the volume.
void blend_window(const float* window, const VoxelBox& size, const VoxelBox& place, std::int64_t edge,
                  const std::vector<float>& importance, float* sum, float* weight, Team& team);

/// sum = sum / weight.
void finish_blend(float* sum, const float* weight, std::size_t n, Team& team);

}  // namespace ridgepoint
