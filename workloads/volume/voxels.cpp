// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/voxels.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "model/core/ports.h"
#include "workloads/volume/deflate.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;  ///< voxels summed together, whoever does it

struct Partial {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  double sum = 0;
  std::size_t count = 0;
};

template <class T>
Partial of_block(const std::byte* data, std::size_t begin, std::size_t end, const VolumeHeader& header) {
  Partial p;
  for (std::size_t i = begin; i < end; ++i) {
    const double v = header.slope * static_cast<double>(stored_voxel<T>(data, i)) + header.intercept;
    if (!std::isfinite(v)) continue;
    p.lowest = std::min(p.lowest, v);
    p.highest = std::max(p.highest, v);
    p.sum += v;
    ++p.count;
  }
  return p;
}

}  // namespace

VoxelValues values_of(const Volume& volume, Team& team) {
  const auto n = static_cast<std::size_t>(volume.header.grid.voxels());
  std::vector<Partial> partials((n + kBlock - 1) / kBlock);
  std::atomic<std::size_t> next{0};
  with_voxel_type(volume.header.type, [&]<class T>(T) {
    team.run([&](int) {
      for (std::size_t i = next++; i < partials.size() && !Interrupt::requested(); i = next++)
        partials[i] =
            of_block<T>(volume.data.get(), i * kBlock, std::min(n, (i + 1) * kBlock), volume.header);
    });
  });
  Partial all;
  for (const Partial& p : partials) {
    all.lowest = std::min(all.lowest, p.lowest);
    all.highest = std::max(all.highest, p.highest);
    all.sum += p.sum;
    all.count += p.count;
  }
  VoxelValues out;
  if (all.count > 0) {
    out.lowest = all.lowest;
    out.highest = all.highest;
    out.mean = all.sum / static_cast<double>(all.count);
  }
  out.checksum =
      "crc32:" + checksum_text({volume.data.get(), static_cast<std::size_t>(volume.bytes())}, team);
  return out;
}

}  // namespace ridgepoint
