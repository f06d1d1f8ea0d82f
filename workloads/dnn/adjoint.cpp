// SPDX-License-Identifier: Apache-2.0
// Operators that read single places. Windows: adjoint_windows.cpp; norms and resizes: adjoint_norms.cpp.
#include "workloads/dnn/adjoint.h"

#include <cmath>

#include "workloads/dnn/adjoint_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

/// Activations, sums, reshapes: number `at` of the gradient times a slope.
class Pointwise : public OperatorAdjoint {
 public:
  explicit Pointwise(const AdjointParts& p) : p_(p) {}

  GradientTerm input(std::size_t, std::int64_t at) const override {
    GradientTerm sum;
    const double g = p_.gradient->data[index_of(at)];
    const double s = slope(at);
    // What is left of 1 - y^2 or y (1 - y) is as exact as y.
    const OpKind kind = p_.forward.op->kind;
    const bool flat = kind == OpKind::tanh || kind == OpKind::sigmoid || kind == OpKind::elu;
    sum.add(g * s, std::abs(g) * (flat ? std::max(1.0, std::abs(s)) : std::abs(s)));
    return sum;
  }

 private:
  double slope(std::int64_t at) const {
    const net::Operator& op = *p_.forward.op;
    const double x = p_.input().data[index_of(at)];
    switch (op.kind) {
      case OpKind::relu:
        return x > 0 ? 1 : 0;
      case OpKind::leaky_relu:
        return x > 0 ? 1 : op.slope;
      case OpKind::elu:
        return x > 0 ? 1 : op.slope * std::exp(x);
      case OpKind::sigmoid:
        return 1 / ((1 + std::exp(-x)) * (1 + std::exp(x)));
      case OpKind::tanh:
        return 1 - std::tanh(x) * std::tanh(x);
      case OpKind::dropout:
        return dropped(at);
      default:
        return 1;
    }
  }
  double dropped(std::int64_t at) const {
    const ReferenceMode& mode = p_.forward.mode;
    const std::int64_t index = p_.forward.op->whole_channels ? at / p_.gradient->extents.plane() : at;
    return dropout_factor(mode.seed, mode.step, p_.forward.index, static_cast<std::uint64_t>(index),
                          p_.forward.op->slope);
  }
  AdjointParts p_;
};

class Concat : public OperatorAdjoint {
 public:
  explicit Concat(const AdjointParts& p) : p_(p) {}

  GradientTerm input(std::size_t k, std::int64_t at) const override {
    std::int64_t before = 0;
    for (std::size_t i = 0; i < k; ++i) before += p_.input(i).extents.c;
    GridPoint x = place_of(p_.input(k).extents, at);
    x.c += before;
    GradientTerm sum;
    sum.add(number(*p_.gradient, x));
    return sum;
  }

 private:
  AdjointParts p_;
};

class Softmax : public OperatorAdjoint {
 public:
  explicit Softmax(const AdjointParts& p) : p_(p) {}

  GradientTerm input(std::size_t, std::int64_t at) const override {
    const Extents& e = p_.input().extents;
    GridPoint x = place_of(e, at);
    double most = -HUGE_VAL, whole = 0;
    for (x.c = 0; x.c < e.c; ++x.c) most = std::max(most, number(p_.input(), x));
    for (x.c = 0; x.c < e.c; ++x.c) whole += std::exp(number(p_.input(), x) - most);
    const double own = std::exp(p_.input().data[index_of(at)] - most) / whole;
    GradientTerm sum;
    sum.add(own * p_.gradient->data[index_of(at)]);
    for (x.c = 0; x.c < e.c; ++x.c)
      sum.add(-own * std::exp(number(p_.input(), x) - most) / whole * number(*p_.gradient, x));
    sum.size *= std::max(1.0, std::abs(most));  // its error is that of the logits
    return sum;
  }

 private:
  AdjointParts p_;
};

std::unique_ptr<OperatorAdjoint> single_places(const AdjointParts& p) {
  const net::Operator& op = *p.forward.op;
  switch (op.kind) {
    case OpKind::relu:
    case OpKind::leaky_relu:
    case OpKind::elu:
    case OpKind::sigmoid:
    case OpKind::tanh:
    case OpKind::dropout:
    case OpKind::reshape:
      return std::make_unique<Pointwise>(p);
    case OpKind::add: {
      const bool equal = p.input(0).data.size() == p.input(1).data.size();
      return equal ? std::make_unique<Pointwise>(p) : nullptr;
    }
    case OpKind::concat:
      return op.axis == 1 ? std::make_unique<Concat>(p) : nullptr;
    case OpKind::softmax:
      return op.axis == 1 ? std::make_unique<Softmax>(p) : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Result<std::unique_ptr<OperatorAdjoint>> operator_adjoint(const net::Graph& graph,
                                                          const NetworkValues& values,
                                                          const ReferenceMode& mode, int op,
                                                          std::vector<const PlainTensor*> inputs,
                                                          const PlainTensor& gradient) {
  const net::Operator& o = graph.operators[index_of(op)];
  const AdjointParts parts{{&graph, &values, mode, op, &o, gradient.extents, std::move(inputs), false},
                           &gradient};
  auto made = single_places(parts);
  if (!made) made = window_adjoint(parts);
  if (!made) made = norm_adjoint(parts);
  if (made) return made;
  return fail(ErrorKind::unavailable,
              "the reference has no derivative of the operator '" + std::string(name_of(o.kind)) + "' of '" +
                  o.name + "'",
              "", "choose another network");
}

}  // namespace ridgepoint
