// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/blob_filter.h"

#include <algorithm>
#include <cmath>

#include "model/core/ports.h"
#include "workloads/volume/rows_simd.h"

namespace ridgepoint {
namespace {

constexpr double kNarrow = 0.8, kWide = 1.28;  ///< of the scale: their ratio is the usual 1.6

std::vector<float> taps_of(double sigma_voxels) {
  const auto reach = static_cast<std::int64_t>(std::max(1.0, std::ceil(3 * sigma_voxels)));
  std::vector<double> w;
  double sum = 0;
  for (std::int64_t k = -reach; k <= reach; ++k) {
    const double d = static_cast<double>(k) / sigma_voxels;
    w.push_back(std::exp(-0.5 * d * d));
    sum += w.back();
  }
  std::vector<float> out;
  for (const double v : w) out.push_back(static_cast<float>(v / sum));
  return out;
}

}  // namespace

BlobFilter::BlobFilter(std::array<std::int64_t, 3> size, std::array<double, 3> spacing,
                       const std::vector<double>& diameters)
    : size_(size) {
  const auto n = static_cast<std::size_t>(size[0] * size[1] * size[2]);
  for (auto* v : {&first_, &second_, &narrow_}) v->resize(n);
  for (const double d : diameters) {
    // The Laplacian of Gaussian answers a ball of radius r most at sigma = r / sqrt(3).
    const double sigma = d / 2 / std::sqrt(3.0);
    Scale s;
    for (std::size_t c = 0; c < 3; ++c) {
      s.narrow[c] = taps_of(kNarrow * sigma / spacing[c]);
      s.wide[c] = taps_of(kWide * sigma / spacing[c]);
    }
    scales_.push_back(std::move(s));
  }
}

void BlobFilter::smooth(const float* in, float* out, const std::array<std::vector<float>, 3>& taps,
                        Team& team) {
  const auto nx = static_cast<std::size_t>(size_[0]), ny = static_cast<std::size_t>(size_[1]),
             nz = static_cast<std::size_t>(size_[2]);
  // Along x and y within slices, then along z.
  team.run([&](int member) {
    const Share share = share_of(nz, member, team.size());
    const std::size_t reach = taps[0].size() / 2;
    std::vector<float> padded(nx + 2 * reach), slice(nx * ny);
    std::vector<const float*> rows(std::max(taps[0].size(), taps[1].size()));
    for (std::size_t z = share.begin; z < share.end && !Interrupt::requested(); ++z) {
      for (std::size_t y = 0; y < ny; ++y) {
        const float* row = in + (z * ny + y) * nx;
        std::fill_n(padded.begin(), reach, row[0]);
        std::copy_n(row, nx, padded.begin() + static_cast<std::ptrdiff_t>(reach));
        std::fill_n(padded.end() - static_cast<std::ptrdiff_t>(reach), reach, row[nx - 1]);
        for (std::size_t k = 0; k < taps[0].size(); ++k) rows[k] = padded.data() + k;
        combine_rows(rows.data(), taps[0].data(), taps[0].size(), nx, slice.data() + y * nx);
      }
      const auto half = static_cast<std::int64_t>(taps[1].size() / 2);
      for (std::size_t y = 0; y < ny; ++y) {
        for (std::size_t k = 0; k < taps[1].size(); ++k) {
          const std::int64_t from = std::clamp<std::int64_t>(
              static_cast<std::int64_t>(y) + static_cast<std::int64_t>(k) - half, 0, size_[1] - 1);
          rows[k] = slice.data() + static_cast<std::size_t>(from) * nx;
        }
        combine_rows(rows.data(), taps[1].data(), taps[1].size(), nx, second_.data() + (z * ny + y) * nx);
      }
    }
  });
  team.run([&](int member) {
    const Share share = share_of(nz, member, team.size());
    const auto half = static_cast<std::int64_t>(taps[2].size() / 2);
    std::vector<const float*> rows(taps[2].size());
    for (std::size_t z = share.begin; z < share.end && !Interrupt::requested(); ++z) {
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const std::int64_t from = std::clamp<std::int64_t>(
            static_cast<std::int64_t>(z) + static_cast<std::int64_t>(k) - half, 0, size_[2] - 1);
        rows[k] = second_.data() + static_cast<std::size_t>(from) * nx * ny;
      }
      for (std::size_t y = 0; y < ny; ++y) {  // row by row, so that the taps' rows stay in cache
        combine_rows(rows.data(), taps[2].data(), rows.size(), nx, out + (z * ny + y) * nx);
        for (const float*& r : rows) r += nx;
      }
    }
  });
}

void BlobFilter::run(const float* in, float* out, Team& team) {
  const std::size_t n = narrow_.size();
  std::fill_n(out, n, 0.0F);
  for (const Scale& s : scales_) {
    smooth(in, narrow_.data(), s.narrow, team);
    smooth(in, first_.data(), s.wide, team);
    team.run([&](int member) {
      const Share share = share_of(n, member, team.size());
      for (std::size_t i = share.begin; i < share.end; ++i) out[i] = std::max(out[i], narrow_[i] - first_[i]);
    });
  }
}

double BlobFilter::scratch_byte() const { return 3 * 4.0 * static_cast<double>(narrow_.size()); }

// A tap is 2 operations a voxel on each axis, the difference and the comparison 2 a scale.
double BlobFilter::work_flop() const {
  double taps = 0;
  for (const Scale& s : scales_)
    for (std::size_t c = 0; c < 3; ++c)
      taps += 2.0 * static_cast<double>(s.narrow[c].size() + s.wide[c].size());
  return static_cast<double>(narrow_.size()) * (taps + 2.0 * static_cast<double>(scales_.size()));
}

}  // namespace ridgepoint
