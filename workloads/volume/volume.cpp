// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/volume.h"

#include <cmath>

#include "model/core/text.h"

namespace ridgepoint {

std::size_t voxel_byte(VoxelType type) {
  switch (type) {
    case VoxelType::u8:
    case VoxelType::i8:
      return 1;
    case VoxelType::u16:
    case VoxelType::i16:
      return 2;
    case VoxelType::u32:
    case VoxelType::i32:
    case VoxelType::f32:
      return 4;
    case VoxelType::f64:
      return 8;
  }
  return 1;
}

Result<void> check_header(const VolumeHeader& header, const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorKind::bad_input, "'" + printable(path) + "' is no volume that can be used", why,
                "give a three-dimensional image with a complete header");
  };
  constexpr std::int64_t kAxis = std::int64_t{1} << 20, kAll = std::int64_t{1} << 40;
  std::int64_t voxels = 1;
  for (const std::int64_t n : header.grid.size) {
    if (n < 1 || n > kAxis)
      return refuse("an axis has " + std::to_string(n) + " voxels, and 1 to 2^20 are taken");
    if (voxels > kAll / n) return refuse("it has more than 2^40 voxels");
    voxels *= n;
  }
  for (const double s : header.grid.spacing)
    if (!(s > 0) || !std::isfinite(s) || s > 1e6)
      return refuse("the spacing of its voxels is not a positive number of millimetres");
  bool finite = std::isfinite(header.slope) && std::isfinite(header.intercept);
  for (const double v : header.grid.origin) finite = finite && std::isfinite(v);
  for (const double v : header.grid.direction) finite = finite && std::isfinite(v);
  if (!finite) return refuse("its position, direction or scaling is not a finite number");
  if (header.slope == 0) return refuse("its scaling has slope 0: every voxel would be the same");
  return {};
}

void from_ras(VoxelGrid& grid) {
  // Adding 0 keeps "-0" out of documents.
  for (std::size_t c = 0; c < 2; ++c) {
    grid.origin[c] = 0 - grid.origin[c];
    for (std::size_t axis = 0; axis < 3; ++axis)
      grid.direction[3 * axis + c] = 0 - grid.direction[3 * axis + c];
  }
}

}  // namespace ridgepoint
