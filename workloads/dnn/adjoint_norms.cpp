// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "workloads/dnn/adjoint_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

/// Batch norm over the batch's own statistics, instance norm. With f = 1 / sqrt(variance + epsilon) and
/// y = (x - mean) f: gradient by x = scale f (g - mean of g - y mean of g y).
class Norm : public OperatorAdjoint {
 public:
  explicit Norm(const AdjointParts& p) : p_(p), e_(p.input().extents) {}

  GradientTerm input(std::size_t, std::int64_t at) const override {
    const GridPoint x = place_of(e_, at);
    const Sums s = sums(x.n, x.c);
    const double factor = (p_.numbers(0) == nullptr ? 1 : static_cast<double>(p_.numbers(0)[x.c])) * s.factor;
    const double in = number(p_.input(), x), g = number(*p_.gradient, x);
    const double y = (in - s.mean) * s.factor, rounded = (std::abs(in) + std::abs(s.mean)) * s.factor;
    GradientTerm sum;
    sum.add(factor * g);
    sum.add(-factor * s.shift.value / s.count, std::abs(factor) * s.shift.size / s.count);
    sum.add(-factor * y * s.scale.value / s.count, std::abs(factor) * rounded * s.scale.size / s.count);
    return sum;
  }

  GradientTerm parameter(std::size_t k, std::int64_t channel) const override {
    GradientTerm sum;
    for (std::int64_t n = 0; n < (joined() ? 1 : e_.n); ++n) {
      const Sums s = sums(n, channel);
      const GradientTerm& part = k == 0 ? s.scale : s.shift;
      sum.add(part.value, part.size);
    }
    return sum;
  }

 private:
  struct Sums {
    double count = 0, mean = 0, factor = 0;
    GradientTerm shift, scale;  ///< sums of g, of g y
  };
  bool joined() const { return p_.forward.op->kind == OpKind::batch_norm; }

  Sums sums(std::int64_t instance, std::int64_t channel) const {
    const std::int64_t plane = e_.plane(), from = joined() ? 0 : instance,
                       to = joined() ? e_.n : instance + 1;
    const auto each = [&](const auto& use) {
      for (std::int64_t n = from; n < to; ++n)
        for (std::int64_t k = 0; k < plane; ++k) {
          const std::size_t i = index_of((n * e_.c + channel) * plane + k);
          use(p_.input().data[i], p_.gradient->data[i]);
        }
    };
    Sums s;
    s.count = static_cast<double>((to - from) * plane);
    each([&](double x, double) { s.mean += x / s.count; });
    double variance = 0;
    each([&](double x, double) { variance += (x - s.mean) * (x - s.mean) / s.count; });
    s.factor = 1 / std::sqrt(variance + p_.forward.op->epsilon);
    each([&](double x, double g) {
      s.shift.add(g);
      s.scale.add(g * (x - s.mean) * s.factor, std::abs(g) * (std::abs(x) + std::abs(s.mean)) * s.factor);
    });
    return s;
  }

  AdjointParts p_;
  Extents e_;
};

class Resize : public OperatorAdjoint {
 public:
  explicit Resize(const AdjointParts& p) : p_(p) {}

  GradientTerm input(std::size_t, std::int64_t at) const override {
    const Extents &in = p_.input().extents, &out = p_.gradient->extents;
    const GridPoint x = place_of(in, at);
    GradientTerm sum;
    for (std::int64_t k = 0; k < out.plane(); ++k) {
      GridPoint to = place_of(out, k);
      to.n = x.n;
      to.c = x.c;
      const double part = share(to.at[0], x.at[0], in.d, out.d) * share(to.at[1], x.at[1], in.h, out.h) *
                          share(to.at[2], x.at[2], in.w, out.w);
      if (part != 0) sum.add(part * number(*p_.gradient, to));
    }
    return sum;
  }

 private:
  double share(std::int64_t to, std::int64_t from, std::int64_t in, std::int64_t out) const {
    const Blend b = blend(*p_.forward.op, to, in, out);
    return (b.place[0] == from ? b.share[0] : 0) + (b.place[1] == from ? b.share[1] : 0);
  }
  AdjointParts p_;
};

}  // namespace

std::unique_ptr<OperatorAdjoint> norm_adjoint(const AdjointParts& p) {
  switch (p.forward.op->kind) {
    case OpKind::batch_norm:
    case OpKind::instance_norm:
      return std::make_unique<Norm>(p);
    case OpKind::resize:
      return std::make_unique<Resize>(p);
    default:
      return nullptr;
  }
}

}  // namespace ridgepoint
