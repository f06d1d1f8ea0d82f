// SPDX-License-Identifier: Apache-2.0
// Operators that read single places, and the walk over a network. Sums over windows: reference_sums.cpp;
// norms and resizes: reference_norms.cpp.
#include "workloads/dnn/reference.h"

#include <algorithm>
#include <cmath>

#include "workloads/dnn/reference_parts.h"

namespace ridgepoint {
namespace {

using net::OpKind;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

double activated(const net::Operator& op, double x) {
  switch (op.kind) {
    case OpKind::relu:
      return std::max(0.0, x);
    case OpKind::leaky_relu:
      return x > 0 ? x : op.slope * x;
    case OpKind::elu:
      return x > 0 ? x : op.slope * (std::exp(x) - 1);
    case OpKind::sigmoid:
      return 1 / (1 + std::exp(-x));
    case OpKind::tanh:
      return std::tanh(x);
    default:
      return x;
  }
}

class Pointwise : public OperatorReference {
 public:
  Pointwise(const ReferenceParts& p) : OperatorReference(p.output), op_(*p.op), x_(*p.inputs[0]), p_(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const Extents& e = extents();
    const double* from = x_.data.data() + index * e.w;
    for (std::int64_t i = 0; i < e.w; ++i) {
      out[at(i)] = value(from[i], index, index * e.w + i);
      size[at(i)] = std::max(std::abs(from[i]), std::abs(out[at(i)]));
    }
  }

 private:
  double value(double x, std::int64_t row, std::int64_t flat) const {
    const Extents& e = extents();
    const std::int64_t channel = row / (e.d * e.h);
    if (op_.kind == OpKind::prelu) {
      const std::vector<float>& slopes = p_.values->parameters[at(op_.parameters[0])];
      return x > 0 ? x : x * static_cast<double>(slopes[at(channel % e.c) % slopes.size()]);
    }
    if (op_.kind != OpKind::dropout) return activated(op_, x);
    if (!p_.mode.training) return x;
    return x * dropout_factor(p_.mode.seed, p_.mode.step, p_.index,
                              static_cast<std::uint64_t>(op_.whole_channels ? channel : flat), op_.slope);
  }

  const net::Operator& op_;
  const PlainTensor& x_;
  ReferenceParts p_;
};

/// Sum or product of two tensors, either of which may have extents of 1 that are repeated.
class TwoTensors : public OperatorReference {
 public:
  TwoTensors(const ReferenceParts& p)
      : OperatorReference(p.output), a_(*p.inputs[0]), b_(*p.inputs[1]), sum_(p.op->kind == OpKind::add) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    for (std::int64_t i = 0; i < extents().w; ++i) {
      const double a = a_.data[place(a_.extents, index, i)], b = b_.data[place(b_.extents, index, i)];
      out[at(i)] = sum_ ? a + b : a * b;
      size[at(i)] = sum_ ? std::abs(a) + std::abs(b) : std::abs(a * b);
    }
  }

 private:
  std::size_t place(const Extents& e, std::int64_t row, std::int64_t i) const {
    const RowPlace r = row_place(extents(), row);
    const auto one = [](std::int64_t extent, std::int64_t v) { return extent == 1 ? 0 : v; };
    return at((((one(e.n, r.n) * e.c + one(e.c, r.c)) * e.d + one(e.d, r.d)) * e.h + one(e.h, r.h)) * e.w +
              one(e.w, i));
  }
  const PlainTensor &a_, &b_;
  bool sum_;
};

/// Numbers moved, not changed: each output place reads one input place or is zero.
class Moved : public OperatorReference {
 public:
  Moved(const ReferenceParts& p) : OperatorReference(p.output), p_(p) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const net::Shape& shape = p_.graph->tensors[at(p_.op->output)].shape;
    for (std::int64_t i = 0; i < extents().w; ++i) {
      net::Shape place(shape.size());
      std::int64_t rest = index * extents().w + i;
      for (std::size_t axis = shape.size(); axis-- > 0; rest /= shape[axis]) place[axis] = rest % shape[axis];
      out[at(i)] = read(place, index * extents().w + i);
      size[at(i)] = std::abs(out[at(i)]);
    }
  }

 private:
  double read(net::Shape place, std::int64_t flat) const {
    const net::Operator& op = *p_.op;
    std::size_t from = 0;
    if (op.kind == OpKind::reshape) return p_.inputs[0]->data[at(flat)];
    if (op.kind == OpKind::concat)
      for (; place[at(op.axis)] >= shape(from)[at(op.axis)]; ++from)
        place[at(op.axis)] -= shape(from)[at(op.axis)];
    if (op.kind == OpKind::slice)
      for (std::size_t axis = 0; axis < place.size(); ++axis) place[axis] += op.starts[axis];
    if (op.kind == OpKind::pad)
      for (std::size_t axis = 0; axis < place.size(); ++axis) {
        place[axis] -= op.starts[axis];
        if (place[axis] < 0 || place[axis] >= shape(0)[axis]) return 0;
      }
    if (op.kind == OpKind::transpose) {
      const net::Shape turned = place;
      for (std::size_t axis = 0; axis < place.size(); ++axis) place[at(op.order[axis])] = turned[axis];
    }
    std::int64_t index = 0;
    for (std::size_t axis = 0; axis < place.size(); ++axis) index = index * shape(from)[axis] + place[axis];
    return p_.inputs[from]->data[at(index)];
  }
  const net::Shape& shape(std::size_t input) const {
    return p_.graph->tensors[at(p_.op->inputs[input])].shape;
  }
  ReferenceParts p_;
};

class Softmax : public OperatorReference {
 public:
  Softmax(const ReferenceParts& p) : OperatorReference(p.output), x_(*p.inputs[0]) {}

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const override {
    const Extents& e = extents();
    const RowPlace r = row_place(e, index);
    for (std::int64_t i = 0; i < e.w; ++i) {
      const auto x = [&](std::int64_t c) {
        return x_.data[at((((r.n * e.c + c) * e.d + r.d) * e.h + r.h) * e.w + i)];
      };
      double most = x(0), sum = 0;
      for (std::int64_t c = 1; c < e.c; ++c) most = std::max(most, x(c));
      for (std::int64_t c = 0; c < e.c; ++c) sum += std::exp(x(c) - most);
      out[at(i)] = std::exp(x(r.c) - most) / sum;
      size[at(i)] = std::max(1.0, std::abs(most));  // its error is that of the logits
    }
  }

 private:
  const PlainTensor& x_;
};

template <class T>
std::unique_ptr<OperatorReference> make(const ReferenceParts& p) {
  return std::make_unique<T>(p);
}

std::unique_ptr<OperatorReference> single_places(const ReferenceParts& p) {
  switch (p.op->kind) {
    case OpKind::relu:
    case OpKind::leaky_relu:
    case OpKind::elu:
    case OpKind::sigmoid:
    case OpKind::tanh:
    case OpKind::prelu:
    case OpKind::dropout:
      return make<Pointwise>(p);
    case OpKind::add:
    case OpKind::multiply:
      return make<TwoTensors>(p);
    case OpKind::concat:
    case OpKind::slice:
    case OpKind::pad:
    case OpKind::reshape:
    case OpKind::transpose:
      return make<Moved>(p);
    case OpKind::softmax:
      return p.op->axis == 1 ? make<Softmax>(p) : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Result<std::unique_ptr<OperatorReference>> operator_reference(const net::Graph& graph,
                                                              const NetworkValues& values,
                                                              const ReferenceMode& mode, int op,
                                                              std::vector<const PlainTensor*> inputs,
                                                              bool every_row) {
  const net::Operator& o = graph.operators[at(op)];
  const ReferenceParts parts{
      &graph,   &values, mode, op, &o, extents_of(graph.tensors[at(o.output)].shape), std::move(inputs),
      every_row};
  auto made = single_places(parts);
  if (!made) made = sums_over_places(parts);
  if (!made) made = norms_and_resizes(parts);
  if (made) return made;
  return fail(
      ErrorKind::unavailable,
      "the reference has no rule for the operator '" + std::string(name_of(o.kind)) + "' of '" + o.name + "'",
      "", "choose another network");
}

Result<std::vector<PlainTensor>> reference_run(const net::Graph& graph, const NetworkValues& values,
                                               const ReferenceMode& mode, Team& team) {
  std::vector<PlainTensor> tensors(graph.tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].extents = extents_of(graph.tensors[i].shape);
  for (std::size_t i = 0; i < graph.inputs.size(); ++i)
    tensors[at(graph.inputs[i])].data.assign(values.inputs[i].begin(), values.inputs[i].end());
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const net::Operator& op = graph.operators[i];
    std::vector<const PlainTensor*> inputs;
    for (const int input : op.inputs) inputs.push_back(&tensors[at(input)]);
    const auto made = operator_reference(graph, values, mode, static_cast<int>(i), inputs, true);
    if (!made) return tl::make_unexpected(made.error());
    PlainTensor& out = tensors[at(op.output)];
    out.data.resize(at(out.extents.all()));
    team.run([&](int member) {
      std::vector<double> row(at(out.extents.w)), size(row.size());
      for (std::int64_t r = member; r < out.extents.rows(); r += team.size()) {
        (*made)->row(r, row, size);
        std::ranges::copy(row, out.data.begin() + r * out.extents.w);
      }
    });
  }
  return tensors;
}

}  // namespace ridgepoint
