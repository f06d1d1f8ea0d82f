// SPDX-License-Identifier: Apache-2.0
// Operators that read through a window: place on the large side = place on the small side * stride - pad +
// tap * dilation. The large side is the input of a convolution or a pool, and the output of a transposed
// convolution.
#include <cmath>
#include <optional>

#include "workloads/dnn/adjoint_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

class Taps {
 public:
  Taps(const net::Window& window, const Extents& small, const Extents& large)
      : window_(window), small_(small), large_(large) {}

  void cover_all() {
    window_.kernel[0] = large_.d;
    window_.kernel[1] = large_.h;
    window_.kernel[2] = large_.w;
  }
  std::int64_t count() const { return window_.kernel[0] * window_.kernel[1] * window_.kernel[2]; }

  std::optional<GridPoint> large(GridPoint p, std::int64_t tap) const {
    const std::int64_t extents[3] = {large_.d, large_.h, large_.w};
    for (int axis = 2; axis >= 0; tap /= window_.kernel[axis--]) {
      std::int64_t& x = p.at[axis];
      x = x * window_.stride[axis] - window_.pad[axis] + tap % window_.kernel[axis] * window_.dilation[axis];
      if (x < 0 || x >= extents[axis]) return std::nullopt;
    }
    return p;
  }

  std::optional<GridPoint> small(GridPoint p, std::int64_t tap) const {
    const std::int64_t extents[3] = {small_.d, small_.h, small_.w};
    for (int axis = 2; axis >= 0; tap /= window_.kernel[axis--]) {
      std::int64_t& x = p.at[axis];
      x += window_.pad[axis] - tap % window_.kernel[axis] * window_.dilation[axis];
      if (x < 0 || x % window_.stride[axis] != 0) return std::nullopt;
      x /= window_.stride[axis];
      if (x >= extents[axis]) return std::nullopt;
    }
    return p;
  }

 private:
  Window3 window_;
  Extents small_, large_;
};

/// Convolution, transposed convolution, linear layer: weights lie by small channel, large channel in the
/// group, tap.
class Weighted : public OperatorAdjoint {
 public:
  explicit Weighted(const AdjointParts& p)
      : p_(p),
        turned_(p.forward.op->kind == OpKind::transposed_convolution),
        small_(turned_ ? p.input() : *p.gradient),
        large_(turned_ ? *p.gradient : p.input()),
        taps_(p.forward.op->window, small_.extents, large_.extents),
        small_each_(small_.extents.c / p.forward.op->groups),
        large_each_(large_.extents.c / p.forward.op->groups) {}

  GradientTerm input(std::size_t, std::int64_t at) const override {
    const GridPoint x = place_of(p_.input().extents, at);
    return turned_ ? small_number(x) : large_number(x);
  }

  GradientTerm parameter(std::size_t k, std::int64_t at) const override {
    return k == 0 ? weight(at) : bias(at);
  }

 private:
  double weight_at(std::int64_t s, std::int64_t l, std::int64_t tap) const {
    return static_cast<double>(p_.numbers(0)[(s * large_each_ + l % large_each_) * taps_.count() + tap]);
  }

  GradientTerm large_number(const GridPoint& x) const {
    GradientTerm sum;
    const std::int64_t first = x.c / large_each_ * small_each_;
    for (std::int64_t tap = 0; tap < taps_.count(); ++tap)
      if (auto from = taps_.small(x, tap))
        for (from->c = first; from->c < first + small_each_; ++from->c)
          sum.add(weight_at(from->c, x.c, tap) * number(small_, *from));
    return sum;
  }

  GradientTerm small_number(const GridPoint& x) const {
    GradientTerm sum;
    const std::int64_t first = x.c / small_each_ * large_each_;
    for (std::int64_t tap = 0; tap < taps_.count(); ++tap)
      if (auto from = taps_.large(x, tap))
        for (from->c = first; from->c < first + large_each_; ++from->c)
          sum.add(weight_at(x.c, from->c, tap) * number(large_, *from));
    return sum;
  }

  GradientTerm weight(std::int64_t at) const {
    GradientTerm sum;
    const std::int64_t tap = at % taps_.count(), pair = at / taps_.count(), s = pair / large_each_;
    const std::int64_t l = s / small_each_ * large_each_ + pair % large_each_, plane = small_.extents.plane();
    for (std::int64_t k = 0; k < small_.extents.n * plane; ++k) {
      const GridPoint from = place_of(small_.extents, (k / plane * small_.extents.c + s) * plane + k % plane);
      auto to = taps_.large(from, tap);
      if (!to) continue;
      to->c = l;
      sum.add(number(small_, from) * number(large_, *to));
    }
    return sum;
  }

  GradientTerm bias(std::int64_t channel) const {
    GradientTerm sum;
    const Extents& e = p_.gradient->extents;
    for (std::int64_t n = 0; n < e.n; ++n)
      for (std::int64_t k = 0; k < e.plane(); ++k)
        sum.add(p_.gradient->data[index_of((n * e.c + channel) * e.plane() + k)]);
    return sum;
  }

  AdjointParts p_;
  bool turned_;
  const PlainTensor &small_, &large_;
  Taps taps_;
  std::int64_t small_each_, large_each_;
};

class Pool : public OperatorAdjoint {
 public:
  explicit Pool(const AdjointParts& p)
      : p_(p), taps_(p.forward.op->window, p.gradient->extents, p.input().extents) {
    if (p.forward.op->kind == OpKind::global_average_pool) taps_.cover_all();
  }

  GradientTerm input(std::size_t, std::int64_t at) const override {
    GradientTerm sum;
    const GridPoint x = place_of(p_.input().extents, at);
    for (std::int64_t tap = 0; tap < taps_.count(); ++tap)
      if (const auto window = taps_.small(x, tap)) {
        const double part = share(*window, tap);
        if (part != 0) sum.add(part * number(*p_.gradient, *window));
      }
    return sum;
  }

 private:
  /// Of what lies under `tap` in the window's result.
  double share(const GridPoint& window, std::int64_t tap) const {
    double inside = 0, best = -HUGE_VAL;
    std::int64_t first = -1;
    for (std::int64_t k = 0; k < taps_.count(); ++k)
      if (const auto from = taps_.large(window, k)) {
        inside += 1;
        const double x = number(p_.input(), *from);
        if (x <= best) continue;
        best = x;
        first = k;
      }
    if (p_.forward.op->kind == OpKind::max_pool) return tap == first ? 1 : 0;
    return 1 / (p_.forward.op->window.include_pad ? static_cast<double>(taps_.count()) : inside);
  }

  AdjointParts p_;
  Taps taps_;
};

}  // namespace

std::unique_ptr<OperatorAdjoint> window_adjoint(const AdjointParts& p) {
  switch (p.forward.op->kind) {
    case OpKind::convolution:
    case OpKind::transposed_convolution:
    case OpKind::linear:
      return std::make_unique<Weighted>(p);
    case OpKind::max_pool:
    case OpKind::average_pool:
    case OpKind::global_average_pool:
      return std::make_unique<Pool>(p);
    default:
      return nullptr;
  }
}

}  // namespace ridgepoint
