// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/core/codec.h"
#include "model/core/result.h"

namespace ridgepoint {

enum class VoxelType { u8, i8, u16, i16, u32, i32, f32, f64 };

constexpr auto names(VoxelType) {
  return enum_names<VoxelType>({{VoxelType::u8, "uint8"},
                                {VoxelType::i8, "int8"},
                                {VoxelType::u16, "uint16"},
                                {VoxelType::i16, "int16"},
                                {VoxelType::u32, "uint32"},
                                {VoxelType::i32, "int32"},
                                {VoxelType::f32, "float32"},
                                {VoxelType::f64, "float64"}});
}

std::size_t voxel_byte(VoxelType type);

/// Where the voxels of a volume lie in the patient. Axes are x, y, z of the file: x runs fastest in memory.
/// Millimetres, in DICOM's frame (left, posterior, superior), whatever the file's own frame.
struct VoxelGrid {
  std::array<std::int64_t, 3> size = {1, 1, 1};
  std::array<double, 3> spacing = {1, 1, 1};
  std::array<double, 3> origin = {0, 0, 0};  ///< centre of the first voxel
  /// Unit vectors of the axes, one after another: direction[3 * axis + component].
  std::array<double, 9> direction = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  std::int64_t voxels() const { return size[0] * size[1] * size[2]; }
};

enum class Packing { none, zlib, gzip, per_slice };

constexpr auto names(Packing) {
  return enum_names<Packing>({{Packing::none, "none"},
                              {Packing::zlib, "zlib"},
                              {Packing::gzip, "gzip"},
                              {Packing::per_slice, "per-slice"}});
}

/// What a file says about its voxels, without any of them read. value = slope * stored + intercept; for CT
/// that is HU.
struct VolumeHeader {
  std::string format;
  VoxelGrid grid;
  VoxelType type = VoxelType::i16;
  double slope = 1, intercept = 0;
  std::endian order = std::endian::little;
  Packing packing = Packing::none;
  std::vector<std::string> files;   ///< where the voxels are: one file, or the slices of a series in order
  std::uint64_t file_offset = 0;    ///< where voxels (packed or not) begin in the file
  std::uint64_t stream_offset = 0;  ///< bytes of the unpacked stream in front of the voxels
  std::vector<std::string> notes;   ///< what was assumed because the file does not say it

  std::uint64_t voxel_bytes() const { return static_cast<std::uint64_t>(grid.voxels()) * voxel_byte(type); }
};

/// A volume in memory: native byte order, x fastest, as stored (slope and intercept not applied). The data
/// may lie in the mapped file, and may not be aligned for its type: read it through memcpy.
struct Volume {
  VolumeHeader header;
  std::shared_ptr<const std::byte> data;
  bool mapped = false;

  std::uint64_t bytes() const { return header.voxel_bytes(); }
};

/// Refuses sizes below 1 or above 2^20 an axis or 2^40 voxels in all, spacings that are not positive numbers,
/// and a direction or origin that is not finite.
Result<void> check_header(const VolumeHeader& header, const std::string& path);

/// Turns a grid given in the frame right, anterior, superior (NIfTI) into ours.
void from_ras(VoxelGrid& grid);

}  // namespace ridgepoint
