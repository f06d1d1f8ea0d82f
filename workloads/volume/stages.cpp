// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/stages.h"

#include <algorithm>
#include <cmath>

#include "model/core/ports.h"
#include "workloads/volume/rows_simd.h"
#include "workloads/volume/voxels.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;  ///< voxels between two looks at Ctrl-C

template <class T>
void window_block(const std::byte* data, std::size_t begin, std::size_t end, float scale, float shift,
                  float* out) {
  for (std::size_t i = begin; i < end; ++i)
    out[i] = std::clamp(scale * static_cast<float>(stored_voxel<T>(data, i)) + shift, 0.0F, 1.0F);
}

template <>
void window_block<std::int16_t>(const std::byte* data, std::size_t begin, std::size_t end, float scale,
                                float shift, float* out) {
  window_int16(data + 2 * begin, scale, shift, end - begin, out + begin);
}

/// Rows of the window's part that lies in the volume: row(z, y, first voxel in the volume, in the window,
/// length).
template <class F>
void rows_within(const VoxelBox& size, const VoxelBox& place, std::int64_t edge, Team& team, const F& row) {
  const std::int64_t nx = std::min(edge, size[0] - place[0]), ny = std::min(edge, size[1] - place[1]),
                     nz = std::min(edge, size[2] - place[2]);
  team.run([&](int member) {
    const Share share = share_of(static_cast<std::size_t>(nz), member, team.size());
    for (auto z = static_cast<std::int64_t>(share.begin); z < static_cast<std::int64_t>(share.end); ++z)
      for (std::int64_t y = 0; y < ny; ++y) {
        const std::int64_t at = ((place[2] + z) * size[1] + place[1] + y) * size[0] + place[0];
        row(z, y, static_cast<std::size_t>(at), static_cast<std::size_t>((z * edge + y) * edge),
            static_cast<std::size_t>(nx));
      }
  });
}

}  // namespace

void window_values(const Volume& volume, double low, double high, float* out, Team& team) {
  const double scale = volume.header.slope / (high - low),
               shift = (volume.header.intercept - low) / (high - low);
  const auto n = static_cast<std::size_t>(volume.header.grid.voxels());
  with_voxel_type(volume.header.type, [&]<class T>(T) {
    team.run([&](int member) {
      const Share share = share_of(n, member, team.size(), 64);
      for (std::size_t i = share.begin; i < share.end && !Interrupt::requested(); i += kBlock)
        window_block<T>(volume.data.get(), i, std::min(share.end, i + kBlock), static_cast<float>(scale),
                        static_cast<float>(shift), out);
    });
  });
}

double windowed_value(const Volume& volume, double low, double high, std::size_t i) {
  double stored = 0;
  with_voxel_type(volume.header.type,
                  [&]<class T>(T) { stored = static_cast<double>(stored_voxel<T>(volume.data.get(), i)); });
  return std::clamp((volume.header.slope * stored + volume.header.intercept - low) / (high - low), 0.0, 1.0);
}

std::vector<VoxelBox> window_places(const VoxelBox& size, std::int64_t edge) {
  std::array<std::vector<std::int64_t>, 3> starts;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::int64_t rest = size[c] - edge;
    const std::int64_t steps = rest <= 0 ? 0 : (2 * rest + edge - 1) / edge;
    for (std::int64_t k = 0; k <= steps; ++k) starts[c].push_back(steps == 0 ? 0 : rest * k / steps);
  }
  std::vector<VoxelBox> out;
  for (const std::int64_t z : starts[2])
    for (const std::int64_t y : starts[1])
      for (const std::int64_t x : starts[0]) out.push_back({x, y, z});
  return out;
}

void extract_window(const float* volume, const VoxelBox& size, const VoxelBox& place, std::int64_t edge,
                    float* out, Team& team) {
  for (std::size_t c = 0; c < 3; ++c)
    if (size[c] < edge) {
      std::fill_n(out, static_cast<std::size_t>(edge * edge * edge), 0.0F);
      break;
    }
  rows_within(size, place, edge, team,
              [&](std::int64_t, std::int64_t, std::size_t from, std::size_t to, std::size_t n) {
                std::copy_n(volume + from, n, out + to);
              });
}

std::vector<float> importance(std::int64_t edge) {
  std::vector<float> out;
  const double middle = 0.5 * static_cast<double>(edge - 1), sigma = static_cast<double>(edge) / 8;
  for (std::int64_t i = 0; i < edge; ++i) {
    const double d = (static_cast<double>(i) - middle) / sigma;
    out.push_back(static_cast<float>(std::max(0.001, std::exp(-0.5 * d * d))));
  }
  return out;
}

void blend_window(const float* window, const VoxelBox& size, const VoxelBox& place, std::int64_t edge,
                  const std::vector<float>& importance, float* sum, float* weight, Team& team) {
  rows_within(size, place, edge, team,
              [&](std::int64_t z, std::int64_t y, std::size_t at, std::size_t from, std::size_t n) {
                const float row =
                    importance[static_cast<std::size_t>(z)] * importance[static_cast<std::size_t>(y)];
                for (std::size_t x = 0; x < n; ++x) {
                  const float w = row * importance[x];
                  sum[at + x] += w * window[from + x];
                  weight[at + x] += w;
                }
              });
}

void finish_blend(float* sum, const float* weight, std::size_t n, Team& team) {
  team.run([&](int member) {
    const Share share = share_of(n, member, team.size(), 64);
    for (std::size_t i = share.begin; i < share.end; ++i) sum[i] /= weight[i];
  });
}

}  // namespace ridgepoint
