// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>

#include "model/core/team.h"
#include "model/core/volume.h"
#include "workloads/volume/volume.h"

namespace ridgepoint {

/// Calls f(T{}) with the C++ type of the voxels.
template <class F>
void with_voxel_type(VoxelType type, F&& f) {
  switch (type) {
    case VoxelType::u8:
      return f(std::uint8_t{});
    case VoxelType::i8:
      return f(std::int8_t{});
    case VoxelType::u16:
      return f(std::uint16_t{});
    case VoxelType::i16:
      return f(std::int16_t{});
    case VoxelType::u32:
      return f(std::uint32_t{});
    case VoxelType::i32:
      return f(std::int32_t{});
    case VoxelType::f32:
      return f(float{});
    case VoxelType::f64:
      return f(double{});
  }
}

/// The i-th voxel, which need not be aligned.
template <class T>
T stored_voxel(const std::byte* data, std::size_t i) {
  T out;
  std::memcpy(&out, data + i * sizeof(T), sizeof(T));
  return out;
}

/// Range, mean and checksum; voxels that are not numbers are left out of the first three. The same whatever
/// the number of threads.
VoxelValues values_of(const Volume& volume, Team& team);

}  // namespace ridgepoint
