// SPDX-License-Identifier: Apache-2.0
// Operators that move or re-read numbers, and the end of building.
#include <algorithm>
#include <numeric>

#include "model/networks/builder.h"
#include "model/networks/shape_rules.h"

namespace ridgepoint::net {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool activates(OpKind kind) {
  return kind == OpKind::relu || kind == OpKind::leaky_relu || kind == OpKind::elu ||
         kind == OpKind::sigmoid || kind == OpKind::tanh;
}

bool multiplies(OpKind kind) {
  return kind == OpKind::convolution || kind == OpKind::transposed_convolution || kind == OpKind::linear;
}

bool normalises(OpKind kind) {
  return kind == OpKind::batch_norm || kind == OpKind::instance_norm || kind == OpKind::group_norm;
}

}  // namespace

TensorId Builder::concat(const std::vector<TensorId>& parts, std::string name, int axis) {
  if (!known(parts, name)) return -1;
  if (parts.empty() || axis < 0 || at(axis) >= shape(parts.front()).size())
    return refuse(name, "nothing to join along axis " + std::to_string(axis)), -1;
  Shape out = shape(parts.front());
  out[at(axis)] = 0;
  for (const TensorId part : parts) {
    Shape s = shape(part);
    const bool fitting = s.size() == out.size();
    if (fitting) out[at(axis)] += std::exchange(s[at(axis)], out[at(axis)] + s[at(axis)]);
    if (!fitting || s != out)
      return refuse(name,
                    "cannot join " + shape_text(shape(part)) + " to " + shape_text(shape(parts.front()))),
             -1;
  }
  Operator op{.name = std::move(name), .kind = OpKind::concat, .inputs = parts};
  op.axis = axis;
  return put(std::move(op), out);
}

TensorId Builder::resize(TensorId x, std::string name, const Shape& spatial, bool linear_interpolation) {
  if (!known({x}, name)) return -1;
  Shape out(shape(x).begin(), shape(x).begin() + 2);
  out.insert(out.end(), spatial.begin(), spatial.end());
  if (out.size() != shape(x).size()) return refuse(name, "resize may not change the number of axes"), -1;
  Operator op{.name = std::move(name), .kind = OpKind::resize, .inputs = {x}};
  op.linear_interpolation = linear_interpolation;
  return put(std::move(op), out);
}

TensorId Builder::slice(TensorId x, std::string name, const Shape& starts, const Shape& wanted) {
  if (!known({x}, name)) return -1;
  const Shape& in = shape(x);
  bool inside = starts.size() == in.size() && wanted.size() == in.size();
  for (std::size_t i = 0; inside && i < in.size(); ++i)
    inside = starts[i] >= 0 && wanted[i] >= 1 && wanted[i] <= in[i] && starts[i] <= in[i] - wanted[i];
  if (!inside) return refuse(name, shape_text(wanted) + " is not inside " + shape_text(in)), -1;
  Operator op{.name = std::move(name), .kind = OpKind::slice, .inputs = {x}};
  op.starts = starts;
  op.in_place = true;
  return put(std::move(op), wanted, graph_.tensors[at(x)].storage);
}

TensorId Builder::pad(TensorId x, std::string name, const Shape& before, const Shape& behind) {
  if (!known({x}, name)) return -1;
  Shape out = shape(x);
  if (before.size() != out.size() || behind.size() != out.size())
    return refuse(name, "padding needs two numbers an axis"), -1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (before[i] < 0 || behind[i] < 0 || before[i] > out[i] || behind[i] > out[i])
      return refuse(name, "padding larger than the tensor or negative"), -1;
    out[i] += before[i] + behind[i];
  }
  Operator op{.name = std::move(name), .kind = OpKind::pad, .inputs = {x}};
  op.starts = before;
  return put(std::move(op), out);
}

TensorId Builder::reshape(TensorId x, std::string name, const Shape& wanted) {
  if (!known({x}, name)) return -1;
  if (!fits(wanted, name)) return -1;
  if (elements(wanted) != elements(shape(x)))
    return refuse(name, "cannot view " + shape_text(shape(x)) + " as " + shape_text(wanted)), -1;
  Operator op{.name = std::move(name), .kind = OpKind::reshape, .inputs = {x}};
  op.in_place = true;
  return put(std::move(op), wanted, graph_.tensors[at(x)].storage);
}

TensorId Builder::transpose(TensorId x, std::string name, const std::vector<int>& order) {
  if (!known({x}, name)) return -1;
  std::vector<int> sorted = order, expected(shape(x).size());
  std::ranges::sort(sorted);
  std::iota(expected.begin(), expected.end(), 0);
  if (sorted != expected) return refuse(name, "the new order must name every axis once"), -1;
  Shape out;
  for (const int axis : order) out.push_back(shape(x)[at(axis)]);
  Operator op{.name = std::move(name), .kind = OpKind::transpose, .inputs = {x}};
  op.order = order;
  return put(std::move(op), out);
}

TensorId Builder::dropout(TensorId x, std::string name, double share, bool whole_channels, bool in_place) {
  if (!known({x}, name)) return -1;
  Operator op{.name = std::move(name), .kind = OpKind::dropout, .inputs = {x}};
  op.slope = share;
  op.whole_channels = whole_channels;
  op.in_place = in_place;
  const int storage = graph_.tensors[at(x)].storage;
  return put(std::move(op), shape(x), in_place ? std::optional(storage) : std::nullopt);
}

namespace {

/// The operator that `op` may ride on through its operand `input`; -1: none.
int host_for(const Graph& graph, const Operator& op, int input, const std::vector<int>& readers) {
  const Tensor& from = graph.tensors[at(input)];
  if (from.producer < 0 || readers[at(input)] != 1) return -1;
  const Operator& maker = graph.operators[at(from.producer)];
  const int host = maker.fused_into >= 0 ? maker.fused_into : from.producer;
  const OpKind kind = graph.operators[at(host)].kind;
  // A sum's other operand must exist before the host runs.
  const bool ready = op.kind != OpKind::add || op.inputs.size() < 2 ||
                     graph.tensors[at(op.inputs[at(input == op.inputs[0] ? 1 : 0)])].producer < host;
  const bool rides = multiplies(kind) || (activates(op.kind) && (normalises(kind) || kind == OpKind::add));
  return ready && rides ? host : -1;
}

}  // namespace

void mark_fusion(Graph& graph) {
  std::vector<int> readers(graph.tensors.size(), 0);
  for (const Operator& op : graph.operators)
    for (const int input : op.inputs) ++readers[at(input)];
  for (const int output : graph.outputs) ++readers[at(output)];
  for (Operator& op : graph.operators) {
    op.fused_into = -1;
    if (!activates(op.kind) && op.kind != OpKind::batch_norm && op.kind != OpKind::add) continue;
    for (auto input = op.inputs.rbegin(); input != op.inputs.rend() && op.fused_into < 0; ++input)
      op.fused_into = host_for(graph, op, *input, readers);
  }
}

Result<Graph> Builder::finish() {
  if (graph_.operators.empty()) refuse("end", "no operator");
  if (graph_.outputs.empty() && !graph_.operators.empty())
    graph_.outputs.push_back(graph_.operators.back().output);
  if (!trouble_)
    if (auto ok = check_sums(graph_); !ok) refuse("all", ok.error().what);
  if (trouble_) return tl::make_unexpected(*trouble_);
  mark_fusion(graph_);
  return graph_;
}

}  // namespace ridgepoint::net
