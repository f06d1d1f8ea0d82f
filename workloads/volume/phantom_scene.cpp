// SPDX-License-Identifier: Apache-2.0
// What is in the chest and where: the only part of the phantom that runs on one thread.
#include <algorithm>
#include <cmath>
#include <deque>

#include "model/core/random.h"
#include "workloads/volume/phantom.h"

namespace ridgepoint {
namespace {

constexpr int kMostTubes = 200;  ///< vessels; a vessel is several pieces
constexpr double kThinnest = 0.5, kThickest = 4;
constexpr double kSmallest = 3, kLog10 = 2.302585092994046;  ///< diameters 3 to 30 mm, log-uniform

/// Numbers one after another from one stream.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t stream) : seed_(random_bits(seed, stream)) {}
  double unit() { return random_unit(seed_, next_++); }
  double between(double lo, double hi) { return lo + (hi - lo) * unit(); }
  Point direction() {
    while (true) {
      const Point p = {between(-1, 1), between(-1, 1), between(-1, 1)};
      const double n = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
      if (n > 0.01 && n <= 1) return {p[0] / std::sqrt(n), p[1] / std::sqrt(n), p[2] / std::sqrt(n)};
    }
  }

 private:
  std::uint64_t seed_, next_ = 0;
};

double length(const Point& p) { return std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]); }

Point moved(const Point& p, const Point& direction, double by) {
  return {p[0] + by * direction[0], p[1] + by * direction[1], p[2] + by * direction[2]};
}

Point bent(const Point& direction, Draw& draw, double by) {
  const Point p = moved(direction, draw.direction(), by);
  const double n = length(p);
  return {p[0] / n, p[1] / n, p[2] / n};
}

double share(const Point& p, double x, const Point& axes) {
  const double a = (p[0] - x) / axes[0], b = p[1] / axes[1], c = p[2] / axes[2];
  return std::sqrt(a * a + b * b + c * c);
}

struct Sprout {
  Point at, direction;
  double radius, hu;
};

/// Grows one vessel until it leaves the lung or is too thin; its branches go to the queue.
void grow(Sprout s, Draw& draw, std::deque<Sprout>& queue, Scene& scene) {
  ++scene.vessels;
  while (s.radius > kThinnest) {
    const double step = draw.between(5, 9), thinner = s.radius * draw.between(0.86, 0.97);
    const Point next = moved(s.at, s.direction, step);
    if (scene.anatomy.in_lung(next) > 0.97) return;
    scene.tubes.push_back({s.at, next, s.radius, thinner, s.hu});
    if (draw.unit() < 0.4)
      queue.push_back({next, bent(s.direction, draw, 0.9), thinner * draw.between(0.55, 0.85), s.hu});
    s = {next, bent(s.direction, draw, 0.25), thinner, s.hu};
  }
}

void add_vessels(std::uint64_t seed, Scene& scene) {
  Draw draw(seed, 1);
  std::deque<Sprout> queue;
  const Anatomy& a = scene.anatomy;
  for (int root = 0; root < 16; ++root) {
    const double side = root % 2 == 0 ? -1 : 1;
    const Point hilum = {side * (a.lung_x - 0.75 * a.lung[0]), draw.between(-0.15, 0.15) * a.lung[1],
                         draw.between(-0.3, 0.3) * a.lung[2]};
    const Point outward = {side * 0.6, draw.between(-0.7, 0.7), draw.between(-0.8, 0.8)};
    queue.push_back({hilum, bent(outward, draw, 0.1), draw.between(0.5, 1) * kThickest, draw.between(0, 60)});
  }
  while (!queue.empty() && scene.vessels < kMostTubes) {
    const Sprout s = queue.front();
    queue.pop_front();
    grow(s, draw, queue, scene);
  }
}

double distance_to(const Tube& t, const Point& p) {
  Point along{}, away{};
  double n = 0, dot = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    along[c] = t.to[c] - t.from[c];
    away[c] = p[c] - t.from[c];
    n += along[c] * along[c];
    dot += along[c] * away[c];
  }
  const double at = std::clamp(dot / n, 0.0, 1.0);
  return length({away[0] - at * along[0], away[1] - at * along[1], away[2] - at * along[2]}) -
         std::max(t.radius_from, t.radius_to);
}

bool touches_vessel(const Scene& scene, const Point& p, double reach) {
  return std::ranges::any_of(scene.tubes, [&](const Tube& t) { return distance_to(t, p) < reach; });
}

/// Is there room for a nodule of radius r at p?
bool fits(const Scene& scene, const Point& p, double r, double wall) {
  const Anatomy& a = scene.anatomy;
  const double thinnest = std::min({a.lung[0], a.lung[1], a.lung[2]});
  if ((1 - a.in_lung(p)) * thinnest < wall) return false;
  for (std::size_t c = 0; c < 3; ++c)
    if (std::abs(p[c]) + r > a.half[c] - 2) return false;
  return std::ranges::none_of(scene.nodules, [&](const NoduleShape& n) {
    return length({p[0] - n.centre[0], p[1] - n.centre[1], p[2] - n.centre[2]}) < n.reach + r + 4;
  });
}

Point anywhere(const Anatomy& a, Draw& draw) {
  const double side = draw.unit() < 0.5 ? -1 : 1;
  return {side * a.lung_x + draw.between(-1, 1) * a.lung[0], draw.between(-1, 1) * a.lung[1],
          draw.between(-1, 1) * a.lung[2]};
}

/// A place of the wanted class, by rejection.
std::optional<Point> place(const Scene& scene, const std::string& where, double r, Draw& draw) {
  const Anatomy& a = scene.anatomy;
  for (int attempt = 0; attempt < 400; ++attempt) {
    Point p = anywhere(a, draw);
    if (where == "vascular" && !scene.tubes.empty()) {
      const auto k =
          std::min(scene.tubes.size() - 1,
                   static_cast<std::size_t>(draw.unit() * static_cast<double>(scene.tubes.size())));
      const Tube& t = scene.tubes[k];
      p = moved(t.to, draw.direction(), 0.8 * r + t.radius_to);
    }
    if (where == "pleural") {
      // From any point towards the wall, so that the nodule leans against it.
      const double f = a.in_lung(p);
      const double thinnest = std::min({a.lung[0], a.lung[1], a.lung[2]});
      if (f < 0.05) continue;
      const double x = p[0] < 0 ? -a.lung_x : a.lung_x, to = (1 - 0.6 * r / thinnest) / f;
      p = {x + (p[0] - x) * to, p[1] * to, p[2] * to};
      if (fits(scene, p, r, 0.3 * r)) return p;
      continue;
    }
    if (!fits(scene, p, r, where == "isolated" ? r + 2 : r)) continue;
    if (where == "isolated" && touches_vessel(scene, p, r + 1)) continue;
    return p;
  }
  return std::nullopt;
}

std::array<double, 9> turned(Draw& draw, double stretch_a, double stretch_b) {
  // A rotation from a random unit quaternion; the third stretch keeps the volume.
  double q[4], n = 0;
  do {
    n = 0;
    for (double& v : q) {
      v = draw.between(-1, 1);
      n += v * v;
    }
  } while (n < 0.01 || n > 1);
  for (double& v : q) v /= std::sqrt(n);
  const double w = q[0], x = q[1], y = q[2], z = q[3];
  const double stretch[3] = {stretch_a, stretch_b, 1 / (stretch_a * stretch_b)};
  std::array<double, 9> out = {1 - 2 * (y * y + z * z), 2 * (x * y - z * w),     2 * (x * z + y * w),
                               2 * (x * y + z * w),     1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
                               2 * (x * z - y * w),     2 * (y * z + x * w),     1 - 2 * (x * x + y * y)};
  for (std::size_t i = 0; i < 9; ++i) out[i] /= stretch[i / 3];
  return out;
}

void add_nodule(std::uint64_t seed, std::uint64_t index, Scene& scene) {
  Draw draw(seed, 100 + index);
  const double radius = 0.5 * kSmallest * steady_exp(kLog10 * draw.unit());
  const double kind = draw.unit(), where = draw.unit();
  TrueNodule truth;
  truth.kind = kind < 0.6 ? "solid" : kind < 0.8 ? "part-solid" : "ground-glass";
  truth.place = where < 0.5 ? "isolated" : where < 0.75 ? "pleural" : "vascular";
  const auto centre = place(scene, truth.place, radius, draw);
  if (!centre) return;
  NoduleShape n;
  n.centre = *centre;
  n.radius = radius;
  n.frame = turned(draw, draw.between(0.93, 1.07), draw.between(0.93, 1.07));
  if (draw.unit() < 0.4)
    for (double& l : n.lobes) l = draw.between(-0.12, 0.12);
  n.edge = draw.between(0.5, 1);
  const double solid = draw.between(-50, 100), glass = draw.between(-750, -400);
  n.hu = truth.kind == "ground-glass" ? glass : solid;
  n.halo_hu = glass;
  n.core = truth.kind == "part-solid" ? draw.between(0.4, 0.7) : 1;
  n.reach = 1.6 * radius + n.edge;  // stretch and lobes at their most
  truth.centre_mm.assign(centre->begin(), centre->end());
  truth.diameter_mm = 2 * radius;
  truth.value_hu = n.hu;
  scene.nodules.push_back(n);
  scene.truth.push_back(std::move(truth));
}

}  // namespace

double steady_exp(double x) {
  double sum = 1, term = 1;
  for (int k = 1; k < 60; ++k) {
    term *= (x < 0 ? -x : x) / k;
    sum += term;
  }
  return x < 0 ? 1 / sum : sum;
}

double Anatomy::in_body(const Point& p) const { return share(p, 0, body); }
double Anatomy::in_lung(const Point& p) const { return share(p, p[0] < 0 ? -lung_x : lung_x, lung); }

double NoduleShape::depth(const Point& p, double part) const {
  const double x = p[0] - centre[0], y = p[1] - centre[1], z = p[2] - centre[2];
  const double a = frame[0] * x + frame[1] * y + frame[2] * z, b = frame[3] * x + frame[4] * y + frame[5] * z,
               c = frame[6] * x + frame[7] * y + frame[8] * z;
  const double n = std::sqrt(a * a + b * b + c * c);
  if (n < 1e-9) return -radius * part;
  const double u = a / n, v = b / n, w = c / n;
  const double bumps = lobes[0] * 2 * u * v + lobes[1] * 2 * v * w + lobes[2] * (u * u - v * v) +
                       lobes[3] * 5 * u * v * w + lobes[4] * w * (5 * w * w - 3) * 0.5;
  return n - radius * part * (1 + bumps);
}

Scene make_scene(const PhantomRequest& request) {
  Scene scene;
  Anatomy& a = scene.anatomy;
  for (std::size_t c = 0; c < 3; ++c)
    a.half[c] = 0.5 * static_cast<double>(request.size[c]) * request.spacing[c];
  a.body = {0.94 * a.half[0], 0.72 * a.half[1], 2.2 * a.half[2]};
  a.lung = {0.36 * a.half[0], 0.52 * a.half[1], 0.85 * a.half[2]};
  a.lung_x = 0.44 * a.half[0];
  add_vessels(request.seed, scene);
  for (int k = 0; k < request.nodules; ++k) add_nodule(request.seed, static_cast<std::uint64_t>(k), scene);
  return scene;
}

}  // namespace ridgepoint
