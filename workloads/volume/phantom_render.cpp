// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "model/core/random.h"
#include "workloads/volume/phantom.h"

namespace ridgepoint {
namespace {

constexpr double kAir = -1000, kBody = 40, kLung = -850, kTexture = 30, kTextureStep = 4;
constexpr double kRibPitch = 22, kRibSlant = 0.35, kRibHeight = 4, kRibShell = 0.92, kRibDepth = 0.025;
constexpr std::int64_t kBin = 16;  ///< pixels: objects are looked up in squares of the slice

std::uint64_t key(std::int64_t x, std::int64_t y, std::int64_t z) {
  // 21 bits each, offset so that none is negative.
  const auto part = [](std::int64_t v) { return static_cast<std::uint64_t>(v + (1 << 20)) & 0x1fffffU; };
  return part(x) << 42 | part(y) << 21 | part(z);
}

/// Cubic B-spline weights at t in [0, 1).
std::array<double, 4> spline(double t) {
  const double u = 1 - t;
  return {u * u * u / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * u * u + 3 * u * u * u) / 6,
          t * t * t / 6};
}

double mean_square() {  ///< of the weights above, over t, in one dimension
  return 151.0 / 315.0;
}

/// Low-frequency texture along one row: white noise on a lattice of 4 mm, smoothed by cubic B-splines.
class Texture {
 public:
  Texture(std::uint64_t seed, double x0, double dx, std::int64_t nx, double y, double z) : x0_(x0), dx_(dx) {
    const double fy = std::floor(y / kTextureStep), fz = std::floor(z / kTextureStep);
    const auto wy = spline(y / kTextureStep - fy), wz = spline(z / kTextureStep - fz);
    const auto iy = static_cast<std::int64_t>(fy), iz = static_cast<std::int64_t>(fz);
    first_ = static_cast<std::int64_t>(std::floor(x0 / kTextureStep)) - 1;
    const auto last =
        static_cast<std::int64_t>(std::floor((x0 + dx * static_cast<double>(nx)) / kTextureStep)) + 3;
    // Sum of four 16-bit numbers: standard deviation 2^16 / sqrt(3).
    const double m = mean_square();
    const double unit = kTexture / (65536.0 / std::sqrt(3.0) * std::sqrt(m * m * m));
    for (std::int64_t ix = first_; ix <= last; ++ix) {
      double sum = 0;
      for (std::int64_t b = 0; b < 4; ++b)
        for (std::int64_t a = 0; a < 4; ++a)
          sum += wy[static_cast<std::size_t>(a)] * wz[static_cast<std::size_t>(b)] *
                 static_cast<double>(white(seed, key(ix, iy - 1 + a, iz - 1 + b)));
      row_.push_back(sum * unit);
    }
  }

  double at(std::int64_t i) const {
    const double x = (x0_ + dx_ * static_cast<double>(i)) / kTextureStep, f = std::floor(x);
    const auto w = spline(x - f);
    const auto k = static_cast<std::size_t>(static_cast<std::int64_t>(f) - 1 - first_);
    return w[0] * row_[k] + w[1] * row_[k + 1] + w[2] * row_[k + 2] + w[3] * row_[k + 3];
  }

 private:
  static std::int64_t white(std::uint64_t seed, std::uint64_t index) {
    const std::uint64_t bits = random_bits(seed, index);
    return static_cast<std::int64_t>((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) +
                                     (bits >> 48)) -
           131070;
  }

  double x0_, dx_;
  std::int64_t first_ = 0;
  std::vector<double> row_;
};

struct Inside {
  double outside = 0;  ///< mm from the surface at most, negative inside
  double hu = 0;
};

Inside in_tube(const Tube& t, const Point& p) {
  double n = 0, dot = 0, away[3], along[3];
  for (std::size_t c = 0; c < 3; ++c) {
    along[c] = t.to[c] - t.from[c];
    away[c] = p[c] - t.from[c];
    n += along[c] * along[c];
    dot += along[c] * away[c];
  }
  const double at = std::clamp(dot / n, 0.0, 1.0);
  double square = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const double d = away[c] - at * along[c];
    square += d * d;
  }
  return {std::sqrt(square) - (t.radius_from + at * (t.radius_to - t.radius_from)), t.hu};
}

/// How much of the nodule's material is at a place so deep: a soft edge.
double amount(double depth, double edge) {
  const double t = std::clamp(0.5 - depth / edge, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// Objects near one square of a slice.
struct Near {
  std::vector<const Tube*> tubes;
  std::vector<const NoduleShape*> nodules;
};

class Cut {
 public:
  Cut(const Scene& scene, const PhantomRequest& r, std::int64_t z) : scene_(scene), r_(r) {
    for (std::size_t c = 0; c < 3; ++c) {
      first_[c] = -0.5 * static_cast<double>(r.size[c] - 1) * r.spacing[c];
      margin_ += r.spacing[c] * r.spacing[c];
    }
    margin_ = 0.5 * std::sqrt(margin_);
    z_ = first_[2] + static_cast<double>(z) * r.spacing[2];
    bins_x_ = (r.size[0] + kBin - 1) / kBin;
    bins_y_ = (r.size[1] + kBin - 1) / kBin;
    near_.resize(static_cast<std::size_t>(bins_x_ * bins_y_));
    for (const Tube& t : scene.tubes) {
      const double reach = std::max(t.radius_from, t.radius_to) + margin_;
      Point lo{}, hi{};
      for (std::size_t c = 0; c < 3; ++c) {
        lo[c] = std::min(t.from[c], t.to[c]) - reach;
        hi[c] = std::max(t.from[c], t.to[c]) + reach;
      }
      file(lo, hi, [&](Near& n) { n.tubes.push_back(&t); });
    }
    for (const NoduleShape& n : scene.nodules) {
      const double reach = n.reach + margin_;
      const Point& c = n.centre;
      file({c[0] - reach, c[1] - reach, c[2] - reach}, {c[0] + reach, c[1] + reach, c[2] + reach},
           [&](Near& near) { near.nodules.push_back(&n); });
    }
  }

  void row(std::int64_t y, float* out) const {
    const double py = first_[1] + static_cast<double>(y) * r_.spacing[1];
    const Texture texture(random_bits(r_.seed, 2), first_[0], r_.spacing[0], r_.size[0], py, z_);
    for (std::int64_t x = 0; x < r_.size[0]; ++x) {
      const Point p = {first_[0] + static_cast<double>(x) * r_.spacing[0], py, z_};
      const Near& near = near_[static_cast<std::size_t>(y / kBin * bins_x_ + x / kBin)];
      out[x] = static_cast<float>(voxel(p, near, [&] { return texture.at(x); }));
    }
  }

 private:
  template <class Add>
  void file(const Point& lo, const Point& hi, const Add& add) {
    if (z_ < lo[2] || z_ > hi[2]) return;
    const auto bin = [&](double v, std::size_t c, std::int64_t bins) {
      const double at = std::floor((v - first_[c]) / (r_.spacing[c] * static_cast<double>(kBin)));
      return static_cast<std::int64_t>(std::clamp(at, 0.0, static_cast<double>(bins - 1)));
    };
    // A pixel's half width is within the margin of lo and hi.
    for (std::int64_t y = bin(lo[1], 1, bins_y_); y <= bin(hi[1], 1, bins_y_); ++y)
      for (std::int64_t x = bin(lo[0], 0, bins_x_); x <= bin(hi[0], 0, bins_x_); ++x)
        add(near_[static_cast<std::size_t>(y * bins_x_ + x)]);
  }

  /// Is what a voxel at p holds the same everywhere in it?
  bool uniform(const Point& p, const Near& near) const {
    const Anatomy& a = scene_.anatomy;
    const double body = a.in_body(p);
    if (std::abs(body - 1) * std::min({a.body[0], a.body[1], a.body[2]}) < margin_) return false;
    if (body > 1) return true;
    const double lung = a.in_lung(p);
    if (std::abs(lung - 1) * std::min({a.lung[0], a.lung[1], a.lung[2]}) < margin_) return false;
    if (lung > 1) {
      const double r = rib(p, body).outside;
      return r < 0.4 || r > 1.7;
    }
    return std::ranges::none_of(near.tubes,
                                [&](const Tube* t) { return std::abs(in_tube(*t, p).outside) < margin_; }) &&
           std::ranges::none_of(near.nodules, [&](const NoduleShape* n) {
             double square = 0;
             for (std::size_t c = 0; c < 3; ++c) square += (p[c] - n->centre[c]) * (p[c] - n->centre[c]);
             return square < (n->reach + margin_) * (n->reach + margin_);
           });
  }

  /// A rib: a slanted band in a shell of the body; `outside` as a share of its half height (1 on the
  /// surface).
  Inside rib(const Point& p, double body) const {
    const double s = (p[2] - kRibSlant * p[1]) / kRibPitch, k = std::floor(s + 0.5);
    const double u = (body - kRibShell) / kRibDepth, w = (s - k) * kRibPitch / kRibHeight;
    const double hu = 400 + 300 * random_unit(r_.seed + 3, key(static_cast<std::int64_t>(k), 0, 0));
    return {std::sqrt(u * u + w * w), hu};
  }

  template <class F>
  double voxel(const Point& p, const Near& near, const F& texture) const {
    const bool plain = uniform(p, near);
    if (plain) {
      const double value = sample(p, near, 0);
      return value == kLung ? kLung + texture() : value;
    }
    const double local = scene_.anatomy.in_lung(p) < 1.2 ? texture() : 0;
    double sum = 0;
    for (int k = -1; k <= 1; ++k)
      for (int j = -1; j <= 1; ++j)
        for (int i = -1; i <= 1; ++i)
          sum += sample(
              {p[0] + i * r_.spacing[0] / 3, p[1] + j * r_.spacing[1] / 3, p[2] + k * r_.spacing[2] / 3},
              near, local);
    return sum / 27;
  }

  double sample(const Point& p, const Near& near, double texture) const {
    const Anatomy& a = scene_.anatomy;
    const double body = a.in_body(p);
    if (body > 1) return kAir;
    if (a.in_lung(p) > 1) {
      const Inside r = rib(p, body);
      return r.outside < 1 ? r.hu : kBody;
    }
    double value = kLung + texture;
    for (const Tube* t : near.tubes)
      if (const Inside in = in_tube(*t, p); in.outside < 0) value = std::max(value, in.hu);
    for (const NoduleShape* n : near.nodules) {
      const double whole = amount(n->depth(p, 1), n->edge);
      if (n->core < 1) value = std::max(value, value + whole * (n->halo_hu - value));
      const double core = n->core < 1 ? amount(n->depth(p, n->core), n->edge) : whole;
      value = std::max(value, value + core * (n->hu - value));
    }
    return value;
  }

  const Scene& scene_;
  const PhantomRequest& r_;
  Point first_{};
  double z_ = 0, margin_ = 0;
  std::int64_t bins_x_ = 0, bins_y_ = 0;
  std::vector<Near> near_;
};

std::vector<float> gaussian(double sigma, double spacing) {
  const double reach = std::min(8.0, std::ceil(3 * sigma / spacing));
  std::vector<double> w;
  double sum = 0;
  for (double k = -reach; k <= reach; k += 1) {
    const double d = k * spacing / sigma;
    w.push_back(steady_exp(std::max(-8.0, -0.5 * d * d)));
    sum += w.back();
  }
  std::vector<float> out;
  for (const double v : w) out.push_back(static_cast<float>(v / sum));
  return out;
}

/// Convolves along an axis; beyond the border the last pixel goes on.
void blur(const std::vector<float>& w, const std::vector<float>& in, std::vector<float>& out, std::int64_t nx,
          std::int64_t ny, bool along_x) {
  const auto reach = std::ssize(w) / 2;
  for (std::int64_t y = 0; y < ny; ++y)
    for (std::int64_t x = 0; x < nx; ++x) {
      float sum = 0;
      for (std::int64_t k = -reach; k <= reach; ++k) {
        const std::int64_t from = along_x ? y * nx + std::clamp<std::int64_t>(x + k, 0, nx - 1)
                                          : std::clamp<std::int64_t>(y + k, 0, ny - 1) * nx + x;
        sum += w[static_cast<std::size_t>(k + reach)] * in[static_cast<std::size_t>(from)];
      }
      out[static_cast<std::size_t>(y * nx + x)] = sum;
    }
}

}  // namespace

void render_slice(const Scene& scene, const PhantomRequest& request, std::int64_t z, double blur_mm,
                  std::vector<float>& plane, std::vector<float>& scratch) {
  const std::int64_t nx = request.size[0], ny = request.size[1];
  const Cut slice(scene, request, z);
  for (std::int64_t y = 0; y < ny; ++y) slice.row(y, plane.data() + y * nx);
  blur(gaussian(blur_mm, request.spacing[0]), plane, scratch, nx, ny, true);
  blur(gaussian(blur_mm, request.spacing[1]), scratch, plane, nx, ny, false);
}

}  // namespace ridgepoint
