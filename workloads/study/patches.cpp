// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/patches.h"

#include <cmath>

#include "model/core/random.h"

namespace ridgepoint::study {
namespace {

/// Numbers of one patch, one after another.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t patch) : seed_(random_bits(seed, patch)) {}
  double between(double lo, double hi) { return lo + (hi - lo) * random_unit(seed_, next_++); }
  double normal() {  // sum of twelve uniforms less 6: standard deviation 1
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += random_unit(seed_, next_++);
    return sum;
  }

 private:
  std::uint64_t seed_, next_ = 0;
};

double bell(double square) { return std::exp(-0.5 * square); }

struct Thing {
  std::uint8_t kind;
  double x, y, cosine, sine, width, length;

  double at(double px, double py) const {
    const double dx = px - x, dy = py - y;
    const double along = cosine * dx + sine * dy, across = cosine * dy - sine * dx;
    switch (kind) {
      case 0:
        return bell((dx * dx + dy * dy) / (width * width));
      case 1:
        return bell(across * across / (0.36 * width * width));
      case 2:
        return bell(across * across / (0.49 * width * width) + along * along / (length * length));
      default: {
        const double off = std::hypot(dx, dy) - length;
        return bell(off * off);
      }
    }
  }
};

}  // namespace

Patches make_patches(std::uint64_t seed, std::size_t first, std::size_t count) {
  Patches out;
  out.pixels.reserve(count * kPatchPixels);
  constexpr double kMiddle = 0.5 * static_cast<double>(kPatchEdge - 1), kHalfTurn = 3.141592653589793;
  for (std::size_t i = first; i < first + count; ++i) {
    Draws draw(seed, i);
    Thing t{static_cast<std::uint8_t>(i % kPatchKinds), 0, 0, 0, 0, 0, 0};
    t.x = kMiddle + draw.between(-3, 3);
    t.y = kMiddle + draw.between(-3, 3);
    const double angle = draw.between(0, kHalfTurn);
    t.cosine = std::cos(angle);
    t.sine = std::sin(angle);
    t.width = draw.between(1.8, 3);
    t.length = draw.between(3, 5);
    for (std::size_t p = 0; p < kPatchPixels; ++p) {
      const std::size_t x = p % kPatchEdge, y = p / kPatchEdge;
      out.pixels.push_back(static_cast<float>(t.at(static_cast<double>(x), static_cast<double>(y)) +
                                              kPatchNoise * draw.normal()));
    }
    out.kinds.push_back(t.kind);
  }
  return out;
}

}  // namespace ridgepoint::study
