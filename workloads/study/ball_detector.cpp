// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/ball_detector.h"

#include <algorithm>
#include <cmath>

#include "workloads/study/froc.h"
#include "workloads/volume/blob_filter.h"
#include "workloads/volume/stages.h"

namespace ridgepoint::study {
namespace {

constexpr double kLow = -1000, kHigh = 400, kLungHu = -850;
constexpr float kFloor = 0.004F;  ///< weaker maxima (5.6 HU) are far below any threshold
constexpr double kApart_mm = 3;

constexpr double kDiameterPerSigma = 3.4641016151377544;  ///< 2 sqrt(3): where a ball's answer is largest
constexpr double kNarrow = 0.8;  ///< of the scale: the narrower Gaussian of the filter

/// Which input voxels an output voxel covers along one axis, and how much of each.
struct Cover {
  std::int64_t first = 0;
  std::vector<float> parts;  ///< sum 1
};

std::vector<Cover> covers(std::int64_t in, double ratio) {
  const auto out = static_cast<std::int64_t>(std::floor(static_cast<double>(in) / ratio + 1e-9));
  std::vector<Cover> list;
  for (std::int64_t i = 0; i < out; ++i) {
    const double begin = static_cast<double>(i) * ratio, end = begin + ratio;
    Cover c{static_cast<std::int64_t>(std::floor(begin + 1e-9)), {}};
    for (std::int64_t k = c.first; static_cast<double>(k) < end - 1e-9 && k < in; ++k) {
      const double part = std::min(end, static_cast<double>(k + 1)) - std::max(begin, static_cast<double>(k));
      c.parts.push_back(static_cast<float>(part / ratio));
    }
    list.push_back(std::move(c));
  }
  return list;
}

/// Adds one row of the fine image to one of the coarse.
void add_row(const float* fine, const std::vector<Cover>& along, float weight, float* row) {
  for (std::size_t x = 0; x < along.size(); ++x) {
    const float* source = fine + static_cast<std::size_t>(along[x].first);
    for (std::size_t i = 0; i < along[x].parts.size(); ++i) row[x] += weight * along[x].parts[i] * source[i];
  }
}

/// One scale's answer, around a voxel at least `step` from the border.
struct Around {
  const std::vector<float>& values;
  std::int64_t nx, ny, x, y, z;
  std::int64_t step = 1;

  double at(std::int64_t i, std::int64_t j, std::int64_t k) const {
    return static_cast<double>(values[static_cast<std::size_t>(((z + k) * ny + y + j) * nx + x + i)]);
  }
  bool is_peak() const {
    const double here = at(0, 0, 0);
    for (std::int64_t n = 0; n < 27; ++n)
      if (at(n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1) > here) return false;
    return true;
  }
  std::array<double, 6> second() const {
    const std::int64_t s = step;
    const double twice = 2 * at(0, 0, 0);
    return {at(s, 0, 0) + at(-s, 0, 0) - twice,
            at(0, s, 0) + at(0, -s, 0) - twice,
            at(0, 0, s) + at(0, 0, -s) - twice,
            (at(s, s, 0) - at(s, -s, 0) - at(-s, s, 0) + at(-s, -s, 0)) / 4,
            (at(s, 0, s) - at(s, 0, -s) - at(-s, 0, s) + at(-s, 0, -s)) / 4,
            (at(0, s, s) - at(0, s, -s) - at(0, -s, s) + at(0, -s, -s)) / 4};
  }
};

struct Peak {
  Candidate candidate;
  double radius_mm = 0;
};

/// Peaks of the answer at one scale. Curvatures are taken over the scale's standard deviation, so that noise
/// of single voxels does not decide them.
void add_peaks(const Image& image, const std::vector<float>& answer, double diameter,
               std::vector<Peak>& out) {
  const auto [nx, ny, nz] = image.size;
  const std::int64_t step =
      std::max<std::int64_t>(1, std::llround(diameter / kDiameterPerSigma / image.voxel_mm));
  for (std::int64_t z = step; z + step < nz; ++z)
    for (std::int64_t y = step; y + step < ny; ++y)
      for (std::int64_t x = step; x + step < nx; ++x) {
        const float here = answer[static_cast<std::size_t>((z * ny + y) * nx + x)];
        if (here < kFloor) continue;
        const Around around{answer, nx, ny, x, y, z, step};
        if (!around.is_peak()) continue;
        const double score = static_cast<double>(here) * roundness(around.second());
        if (score <= 0) continue;
        out.push_back({{{image.first[0] + static_cast<double>(x) * image.voxel_mm,
                         image.first[1] + static_cast<double>(y) * image.voxel_mm,
                         image.first[2] + static_cast<double>(z) * image.voxel_mm},
                        score},
                       diameter / 2});
      }
}

}  // namespace

double roundness(const std::array<double, 6>& m) {
  // Eigenvalues of a symmetric 3x3 matrix by the trigonometric formula.
  const double mean = (m[0] + m[1] + m[2]) / 3;
  const double xx = m[0] - mean, yy = m[1] - mean, zz = m[2] - mean;
  const double off = m[3] * m[3] + m[4] * m[4] + m[5] * m[5];
  const double p = std::sqrt((xx * xx + yy * yy + zz * zz + 2 * off) / 6);
  double least = mean, most = mean;  // towards 0, away from it (a peak's are negative)
  if (p > 0) {
    const double det =
        xx * (yy * zz - m[5] * m[5]) - m[3] * (m[3] * zz - m[5] * m[4]) + m[4] * (m[3] * m[5] - yy * m[4]);
    const double angle = std::acos(std::clamp(det / (2 * p * p * p), -1.0, 1.0)) / 3;
    constexpr double kThird = 2.0943951023931953;
    least = mean + 2 * p * std::cos(angle);
    most = mean + 2 * p * std::cos(angle + kThird);
  }
  return most < 0 ? std::clamp(least / most, 0.0, 1.0) : 0;
}

Image lungs_of(const Phantom& phantom, const Anatomy& anatomy, Team& team) {
  const VoxelGrid& g = phantom.volume.header.grid;
  Image image{g.size, g.spacing[0], {g.origin[0], g.origin[1], g.origin[2]}, {}};
  image.values.resize(static_cast<std::size_t>(g.voxels()));
  window_values(phantom.volume, kLow, kHigh, image.values.data(), team);
  const auto lung = static_cast<float>((kLungHu - kLow) / (kHigh - kLow));
  const double wall = 1 - image.voxel_mm / std::min({anatomy.lung[0], anatomy.lung[1], anatomy.lung[2]});
  team.run([&](int member) {
    const Share share = share_of(static_cast<std::size_t>(g.size[2]), member, team.size());
    for (std::size_t z = share.begin; z < share.end; ++z)
      for (std::int64_t y = 0; y < g.size[1]; ++y) {
        float* row =
            image.values.data() + (z * static_cast<std::size_t>(g.size[1]) + static_cast<std::size_t>(y)) *
                                      static_cast<std::size_t>(g.size[0]);
        for (std::int64_t x = 0; x < g.size[0]; ++x) {
          const Point p = {g.origin[0] + static_cast<double>(x) * g.spacing[0],
                           g.origin[1] + static_cast<double>(y) * g.spacing[1],
                           g.origin[2] + static_cast<double>(z) * g.spacing[2]};
          if (anatomy.in_lung(p) >= wall) row[x] = lung;
        }
      }
  });
  return image;
}

Image box_means(const Image& in, double voxel_mm, Team& team) {
  const double ratio = voxel_mm / in.voxel_mm;
  if (ratio <= 1) return in;
  std::array<std::vector<Cover>, 3> cover;
  Image out{{}, voxel_mm, {}, {}};
  for (std::size_t c = 0; c < 3; ++c) {
    cover[c] = covers(in.size[c], ratio);
    out.size[c] = std::ssize(cover[c]);
    out.first[c] = in.first[c] + 0.5 * (voxel_mm - in.voxel_mm);
  }
  out.values.resize(static_cast<std::size_t>(out.size[0] * out.size[1] * out.size[2]));
  team.run([&](int member) {
    const Share share = share_of(cover[2].size(), member, team.size());
    for (std::size_t z = share.begin; z < share.end; ++z)
      for (std::size_t y = 0; y < cover[1].size(); ++y) {
        float* row = out.values.data() + (z * cover[1].size() + y) * cover[0].size();
        for (std::size_t k = 0; k < cover[2][z].parts.size(); ++k)
          for (std::size_t j = 0; j < cover[1][y].parts.size(); ++j) {
            const float weight = cover[2][z].parts[k] * cover[1][y].parts[j];
            const auto from =
                static_cast<std::size_t>(((cover[2][z].first + static_cast<std::int64_t>(k)) * in.size[1] +
                                          cover[1][y].first + static_cast<std::int64_t>(j)) *
                                         in.size[0]);
            add_row(in.values.data() + from, cover[0], weight, row);
          }
      }
  });
  return out;
}

std::vector<double> scales_for(double voxel_mm) {
  std::vector<double> out = {3, 4.5, 7, 10, 15, 22};
  // A Gaussian narrower than half a voxel is none on this grid.
  std::erase_if(out, [&](double d) { return kNarrow * d / kDiameterPerSigma < 0.5 * voxel_mm; });
  return out;
}

std::vector<Candidate> ball_candidates(const Image& image, Team& team) {
  const double mm = image.voxel_mm;
  std::vector<float> answer(image.values.size());
  std::vector<Peak> peaks;
  for (const double d : scales_for(mm)) {
    BlobFilter(image.size, {mm, mm, mm}, {d}).run(image.values.data(), answer.data(), team);
    add_peaks(image, answer, d, peaks);
  }
  std::ranges::stable_sort(peaks, std::ranges::greater{}, [](const Peak& p) { return p.candidate.score; });
  constexpr std::size_t kMost = 2000;  // of one scan: far more than any rate of false positives asks for
  std::vector<Peak> kept;
  for (const Peak& p : peaks) {
    if (kept.size() == kMost) break;
    if (std::ranges::none_of(kept, [&](const Peak& k) {
          return distance(k.candidate.at, p.candidate.at) < std::max(kApart_mm, k.radius_mm);
        }))
      kept.push_back(p);
  }
  std::vector<Candidate> out;
  out.reserve(kept.size());
  for (const Peak& p : kept) out.push_back(p.candidate);
  return out;
}

}  // namespace ridgepoint::study
