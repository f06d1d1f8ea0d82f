// SPDX-License-Identifier: Apache-2.0
#include "model/networks/measure.h"

#include <algorithm>

#include "model/networks/liveness.h"
#include "model/networks/shape_rules.h"

namespace ridgepoint::net {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool is_conv(OpKind kind) { return kind == OpKind::convolution || kind == OpKind::transposed_convolution; }

std::int64_t numbers(const Graph& graph, int tensor) { return elements(graph.tensors[at(tensor)].shape); }

std::int64_t side_bytes_of(const Graph& graph, const Operator& op) {
  constexpr std::int64_t kIndexBytes = 8, kMaskBytes = 4;
  const Shape& out = graph.tensors[at(op.output)].shape;
  if (op.kind == OpKind::max_pool) return kIndexBytes * elements(out);
  if (op.kind != OpKind::dropout) return 0;
  return op.whole_channels && out.size() > 1 ? kMaskBytes * out[0] * out[1] : elements(out);
}

bool only_views(OpKind kind) { return kind == OpKind::slice || kind == OpKind::reshape; }

OpCost cost_of(const Graph& graph, const Operator& op) {
  OpCost cost;
  for (const int p : op.parameters) cost.parameters += elements(graph.parameters[at(p)].shape);
  cost.macs = macs_of(graph, op);
  if (only_views(op.kind)) return cost;
  for (const int input : op.inputs) cost.read += numbers(graph, input);
  cost.written = numbers(graph, op.output);
  cost.side_bytes = side_bytes_of(graph, op);
  return cost;
}

/// Numbers of each storage: its largest tensor.
std::vector<std::int64_t> storage_numbers(const Graph& graph) {
  std::vector<std::int64_t> sizes(at(graph.storages), 0);
  for (const Tensor& t : graph.tensors)
    sizes[at(t.storage)] = std::max(sizes[at(t.storage)], elements(t.shape));
  return sizes;
}

void count_saved(const Graph& graph, Totals& totals) {
  const std::vector<std::int64_t> sizes = storage_numbers(graph);
  std::vector<bool> kept(sizes.size(), false);
  for (std::size_t i = 0; i < graph.operators.size(); ++i)
    for (const int tensor : saved_tensors(graph.operators[i])) {
      const std::size_t storage = at(graph.tensors[at(tensor)].storage);
      if (!kept[storage]) totals.operators[i].saved += sizes[storage];
      kept[storage] = true;
    }
}

bool is_network_input(const Graph& graph, int tensor) { return graph.tensors[at(tensor)].producer < 0; }

void count_forward(const Graph& graph, const Operator& op, const OpCost& cost, Sizes sizes, Totals& totals) {
  totals.macs_forward += cost.macs;
  const bool data_gradient = op.inputs.empty() || !is_network_input(graph, op.inputs.front());
  totals.macs_training += cost.macs * (data_gradient ? 3 : 2);
  if (is_conv(op.kind)) totals.conv_outputs += cost.written;
  totals.all_outputs += cost.written;
  totals.largest_tensor = std::max(totals.largest_tensor, cost.written);
  totals.saved_numbers += cost.saved;
  totals.saved_side_bytes += cost.side_bytes;
  const std::int64_t read = cost.read * sizes.activation + cost.parameters * sizes.weight;
  totals.read_bytes += read;
  totals.written_bytes += cost.written * sizes.activation;
  // Backward: the output's gradient and what was saved are read, each input's gradient is written; with
  // weights both happen twice, once for the data and once for the weights.
  const bool weights = cost.macs > 0;
  totals.training_read_bytes += read + cost.written * sizes.activation * (weights && data_gradient ? 2 : 1) +
                                (weights ? read : 0) +
                                (saved_tensors(op).empty() || weights ? 0 : cost.written * sizes.activation);
  totals.training_written_bytes += cost.written * sizes.activation + cost.parameters * sizes.weight +
                                   (data_gradient ? cost.read * sizes.activation : 0);
}

void count_fused(const Graph& graph, Sizes sizes, Totals& totals) {
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const Operator& op = graph.operators[i];
    const OpCost& cost = totals.operators[i];
    std::int64_t read = cost.read, written = cost.written;
    if (op.kind == OpKind::dropout) continue;  // the identity at inference
    if (op.fused_into >= 0) {
      // What it reads beside the fused operand; the host writes in its stead.
      read -= cost.written;
      written = 0;
    }
    totals.fused_read_bytes +=
        std::max<std::int64_t>(read, 0) * sizes.activation + cost.parameters * sizes.weight;
    totals.fused_written_bytes += written * sizes.activation;
  }
}

}  // namespace

std::vector<int> saved_tensors(const Operator& op) {
  switch (op.kind) {
    case OpKind::convolution:
    case OpKind::transposed_convolution:
    case OpKind::linear:
    case OpKind::max_pool:
    case OpKind::average_pool:
    case OpKind::global_average_pool:
    case OpKind::batch_norm:
    case OpKind::instance_norm:
    case OpKind::group_norm:
    case OpKind::local_response_norm:
    case OpKind::prelu:
      return {op.inputs.front()};
    case OpKind::multiply:
      return op.inputs;
    case OpKind::relu:
    case OpKind::sigmoid:
    case OpKind::tanh:
    case OpKind::softmax:
      return {op.output};
    case OpKind::leaky_relu:
    case OpKind::elu:
      return {op.in_place ? op.output : op.inputs.front()};
    case OpKind::add:
    case OpKind::concat:
    case OpKind::resize:
    case OpKind::slice:
    case OpKind::pad:
    case OpKind::reshape:
    case OpKind::transpose:
    case OpKind::dropout:
      return {};
  }
  return {};
}

Totals measure(const Graph& graph, Sizes sizes) {
  Totals totals;
  for (const Parameter& p : graph.parameters) totals.parameters += elements(p.shape);
  for (const Operator& op : graph.operators) totals.operators.push_back(cost_of(graph, op));
  count_saved(graph, totals);
  for (std::size_t i = 0; i < graph.operators.size(); ++i)
    count_forward(graph, graph.operators[i], totals.operators[i], sizes, totals);
  count_fused(graph, sizes, totals);
  totals.saved_bytes = totals.saved_numbers * sizes.activation + totals.saved_side_bytes;
  const Peak inference = inference_peak(graph, sizes.activation);
  totals.peak_inference_bytes = inference.bytes;
  totals.peak_inference_at = inference.at;
  const Peak training = training_peak(graph, sizes.activation, totals);
  totals.peak_training_bytes = training.bytes;
  totals.peak_training_at = training.at;
  totals.peak_training_is_backward = training.backward;
  return totals;
}

}  // namespace ridgepoint::net
