// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/resample.h"

#include <algorithm>
#include <cmath>

#include "model/core/ports.h"
#include "workloads/volume/rows_simd.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kRing = 4;                   ///< rows that the four taps along y may need
constexpr double kPole = -0.26794919243112270647;  ///< sqrt(3) - 2
constexpr float kPoleF = -0.26794919243112270647F;
constexpr std::int64_t kReach = 24;  ///< |pole|^24 < 2e-14: below float

/// Weights of the taps at floor(position) + k - (taps / 2 - 1).
std::array<double, 4> weights_at(double t, Interpolation how) {
  if (how == Interpolation::linear) return {1 - t, t, 0, 0};
  const double u = 1 - t;
  return {u * u * u / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * u * u + 3 * u * u * u) / 6,
          t * t * t / 6};
}

std::size_t taps_of(Interpolation how) { return how == Interpolation::linear ? 2 : 4; }

/// Mirrored about the centres of the border voxels.
std::int64_t mirrored(std::int64_t i, std::int64_t n) {
  if (n == 1) return 0;
  const std::int64_t period = 2 * (n - 1);
  i = (i % period + period) % period;
  return i < n ? i : period - i;
}

struct Tap {
  std::array<std::int64_t, 4> index;
  std::array<double, 4> weight;
};

Tap tap_at(const AxisMap& map, std::int64_t out, Interpolation how) {
  const double position =
      std::clamp(map.start + static_cast<double>(out) * map.step, 0.0, static_cast<double>(map.in - 1));
  const double floor = std::floor(position);
  Tap tap{{}, weights_at(position - floor, how)};
  const auto first = static_cast<std::int64_t>(floor) - (how == Interpolation::linear ? 0 : 1);
  for (std::size_t k = 0; k < taps_of(how); ++k)
    tap.index[k] = mirrored(first + static_cast<std::int64_t>(k), map.in);
  return tap;
}

/// Taps of a whole axis, one array a tap.
struct Taps {
  std::size_t count;
  std::array<std::vector<std::int32_t>, 4> index;
  std::array<std::vector<float>, 4> weight;

  Taps(const AxisMap& map, Interpolation how) : count(taps_of(how)) {
    for (std::size_t k = 0; k < count; ++k) {
      index[k].resize(static_cast<std::size_t>(map.out));
      weight[k].resize(index[k].size());
    }
    for (std::int64_t i = 0; i < map.out; ++i) {
      const Tap tap = tap_at(map, i, how);
      for (std::size_t k = 0; k < count; ++k) {
        index[k][static_cast<std::size_t>(i)] = static_cast<std::int32_t>(tap.index[k]);
        weight[k][static_cast<std::size_t>(i)] = static_cast<float>(tap.weight[k]);
      }
    }
  }
};

/// Rows of one output slice. A row of the input that has been combined over z is kept while y needs it.
class SliceMaker {
 public:
  SliceMaker(const float* in, const GridMap& map, const Taps& x, const Taps& y, const Taps& z)
      : in_(in), map_(map), x_(x), y_(y), z_(z), mixed_(static_cast<std::size_t>(map[0].in)) {
    for (auto& row : ring_) row.resize(mixed_.size());
    for (std::size_t k = 0; k < x.count; ++k) {
      x_index_[k] = x.index[k].data();
      x_weight_[k] = x.weight[k].data();
    }
  }

  void make(std::size_t z, float* out) {
    held_.fill(-1);
    const auto width = static_cast<std::size_t>(map_[0].out);
    for (std::size_t y = 0; y < static_cast<std::size_t>(map_[1].out); ++y) {
      std::array<const float*, 4> rows{};
      std::array<float, 4> weights{};
      for (std::size_t k = 0; k < y_.count; ++k) {
        rows[k] = row_at(y_.index[k][y], z);
        weights[k] = y_.weight[k][y];
      }
      combine_rows(rows.data(), weights.data(), y_.count, mixed_.size(), mixed_.data());
      gather_row(mixed_.data(), x_index_.data(), x_weight_.data(), x_.count, width, out + y * width);
    }
  }

 private:
  const float* row_at(std::int32_t y, std::size_t z) {
    const std::size_t slot = static_cast<std::size_t>(y) % kRing;
    if (held_[slot] == y) return ring_[slot].data();
    std::array<const float*, 4> rows{};
    std::array<float, 4> weights{};
    const auto width = mixed_.size(), height = static_cast<std::size_t>(map_[1].in);
    for (std::size_t k = 0; k < z_.count; ++k) {
      rows[k] =
          in_ + (static_cast<std::size_t>(z_.index[k][z]) * height + static_cast<std::size_t>(y)) * width;
      weights[k] = z_.weight[k][z];
    }
    combine_rows(rows.data(), weights.data(), z_.count, width, ring_[slot].data());
    held_[slot] = y;
    return ring_[slot].data();
  }

  const float* in_;
  const GridMap& map_;
  const Taps &x_, &y_, &z_;
  std::array<const std::int32_t*, 4> x_index_{};
  std::array<const float*, 4> x_weight_{};
  std::vector<float> mixed_;
  std::array<std::vector<float>, kRing> ring_;
  std::array<std::int32_t, kRing> held_{};
};

/// The spline filter over n rows that lie `stride` apart, each `width` wide, all columns alike.
void filter_rows(float* first, std::int64_t n, std::size_t stride, std::size_t width,
                 std::vector<float>& start) {
  if (n < 2) return;
  const auto row = [&](std::int64_t i) { return first + static_cast<std::size_t>(i) * stride; };
  // Causal start: sum of pole^k * s[k], the border mirrored.
  start.assign(row(0), row(0) + width);
  const std::int64_t reach = std::min(n - 1, kReach);
  float power = 1;
  for (std::int64_t k = 1; k <= reach; ++k) {
    power *= kPoleF;
    add_scaled(start.data(), row(k), power, width);
  }
  if (n - 1 < kReach) {  // the whole period 2(n - 1), in closed form
    for (std::int64_t k = n - 2; k >= 1; --k) {
      power *= kPoleF;
      add_scaled(start.data(), row(k), power, width);
    }
    const auto whole = static_cast<float>(1 / (1 - std::pow(kPole, static_cast<double>(2 * (n - 1)))));
    for (float& v : start) v *= whole;
  }
  std::copy(start.begin(), start.end(), row(0));
  for (std::int64_t i = 1; i < n; ++i) add_scaled(row(i), row(i - 1), kPoleF, width);
  // Anticausal start: pole / (pole^2 - 1) * (c[n-1] + pole * c[n-2]); 6 is the filter's gain, put in here.
  const auto end = static_cast<float>(6 * kPole / (kPole * kPole - 1));
  float *last = row(n - 1), *before = row(n - 2);
  for (std::size_t i = 0; i < width; ++i) last[i] = end * (last[i] + kPoleF * before[i]);
  // c[i] = pole * (c[i+1] - c[i]), with c[i] still without the gain.
  for (std::int64_t i = n - 2; i >= 0; --i) from_next(row(i), row(i + 1), kPoleF, 6, width);
}

constexpr std::size_t kTile = 16;  ///< rows turned together, so that the filter along x runs across them

void filter_x(float* slice, std::size_t width, std::size_t height, std::vector<float>& turned,
              std::vector<float>& start) {
  turned.resize(width * kTile);
  for (std::size_t y = 0; y < height; y += kTile) {
    const std::size_t rows = std::min(kTile, height - y);
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t r = 0; r < rows; ++r) turned[x * kTile + r] = slice[(y + r) * width + x];
    filter_rows(turned.data(), static_cast<std::int64_t>(width), kTile, kTile, start);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t x = 0; x < width; ++x) slice[(y + r) * width + x] = turned[x * kTile + r];
  }
}

}  // namespace

AxisMap corner_map(std::int64_t in, std::int64_t out) {
  return {in, out, 0, out > 1 ? static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0};
}

AxisMap extent_map(std::int64_t in, std::int64_t out) {
  const double step = static_cast<double>(in) / static_cast<double>(out);
  return {in, out, 0.5 * step - 0.5, step};
}

AxisMap inverse_map(const AxisMap& map) { return {map.out, map.in, -map.start / map.step, 1 / map.step}; }

std::size_t voxels_in(const GridMap& map) {
  return static_cast<std::size_t>(map[0].in * map[1].in * map[2].in);
}
std::size_t voxels_out(const GridMap& map) {
  return static_cast<std::size_t>(map[0].out * map[1].out * map[2].out);
}

void to_spline(float* data, const GridMap& map, Team& team) {
  const auto nx = static_cast<std::size_t>(map[0].in), ny = static_cast<std::size_t>(map[1].in),
             nz = static_cast<std::size_t>(map[2].in);
  team.run([&](int member) {
    const Share slices = share_of(nz, member, team.size());
    std::vector<float> turned, start;
    for (std::size_t z = slices.begin; z < slices.end && !Interrupt::requested(); ++z) {
      filter_x(data + z * nx * ny, nx, ny, turned, start);
      filter_rows(data + z * nx * ny, map[1].in, nx, nx, start);
    }
  });
  team.run([&](int member) {
    const Share rows = share_of(ny, member, team.size());
    std::vector<float> start;
    for (std::size_t y = rows.begin; y < rows.end && !Interrupt::requested(); ++y)
      filter_rows(data + y * nx, map[2].in, nx * ny, nx, start);
  });
}

void resample(const float* in, float* out, const GridMap& map, Interpolation how, Team& team) {
  const Taps x(map[0], how), y(map[1], how), z(map[2], how);
  const auto slice = static_cast<std::size_t>(map[0].out * map[1].out);
  team.run([&](int member) {
    SliceMaker maker(in, map, x, y, z);
    const Share share = share_of(static_cast<std::size_t>(map[2].out), member, team.size());
    for (std::size_t k = share.begin; k < share.end && !Interrupt::requested(); ++k)
      maker.make(k, out + k * slice);
  });
}

double resampled_voxel(const std::function<double(std::size_t)>& voxel, const GridMap& map, Interpolation how,
                       std::array<std::int64_t, 3> at) {
  const Tap x = tap_at(map[0], at[0], how), y = tap_at(map[1], at[1], how), z = tap_at(map[2], at[2], how);
  double sum = 0;
  for (std::size_t k = 0; k < taps_of(how); ++k)
    for (std::size_t j = 0; j < taps_of(how); ++j)
      for (std::size_t i = 0; i < taps_of(how); ++i)
        sum +=
            x.weight[i] * y.weight[j] * z.weight[k] *
            voxel(static_cast<std::size_t>((z.index[k] * map[1].in + y.index[j]) * map[0].in + x.index[i]));
  return sum;
}

// Linear: the input once. Cubic: the filter's two walks (x and y together, then z) and the input once.
double resample_read_byte(const GridMap& map, Interpolation how) {
  return 4.0 * static_cast<double>(voxels_in(map)) * (how == Interpolation::cubic ? 3 : 1);
}

double resample_written_byte(const GridMap& map, Interpolation how) {
  return 4.0 * static_cast<double>(voxels_out(map)) +
         (how == Interpolation::cubic ? 8.0 * static_cast<double>(voxels_in(map)) : 0);
}

// A filter step is 2 operations forward, 3 back (with the gain), on each of three axes; a tap is 2: over z
// for a plane of input rows, over y for output rows as wide as the input, over x for the output.
double resample_flop(const GridMap& map, Interpolation how) {
  const auto n = [&](std::size_t axis, bool out) {
    return static_cast<double>(out ? map[axis].out : map[axis].in);
  };
  const double taps = 2.0 * static_cast<double>(taps_of(how));
  const double filter = how == Interpolation::cubic ? 3 * 5.0 * static_cast<double>(voxels_in(map)) : 0;
  return filter +
         taps * n(2, true) * (n(0, false) * n(1, false) + n(0, false) * n(1, true) + n(0, true) * n(1, true));
}

}  // namespace ridgepoint
