// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_values.h"

#include <algorithm>
#include <cmath>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::vector<float> uniform(std::int64_t n, double low, double high, std::uint64_t seed) {
  std::vector<float> out(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(low + (high - low) * random_unit(seed, i));
  return out;
}

bool multiplies(net::OpKind kind) {
  return kind == net::OpKind::convolution || kind == net::OpKind::transposed_convolution ||
         kind == net::OpKind::linear;
}

/// Numbers that are summed into one output of a layer with weights.
double fan_in(const net::Operator& op, const net::Shape& weight) {
  const auto taps = static_cast<double>(net::elements(weight) / weight.front());
  if (op.kind != net::OpKind::transposed_convolution) return taps;
  double strides = 1;
  for (const std::int64_t s : op.window.stride) strides *= static_cast<double>(s);
  const double channels = static_cast<double>(weight[0]) / static_cast<double>(op.groups);
  return std::max(1.0, taps / static_cast<double>(weight[1]) * channels / strides);
}

}  // namespace

Extents extents_of(const net::Shape& s) {
  Extents e;
  if (!s.empty()) e.n = s[0];
  if (s.size() > 1) e.c = s[1];
  if (s.size() > 2) e.w = s.back();
  if (s.size() > 3) e.h = s[s.size() - 2];
  for (std::size_t axis = 2; axis + 2 < s.size(); ++axis) e.d *= s[axis];
  return e;
}

std::vector<std::vector<float>> random_inputs(const net::Graph& graph, std::uint64_t seed) {
  std::vector<std::vector<float>> inputs;
  for (const int input : graph.inputs)
    inputs.push_back(uniform(net::elements(graph.tensors[at(input)].shape), -1.7, 1.7,
                             random_bits(seed, 1000003 + static_cast<std::uint64_t>(input))));
  return inputs;
}

NetworkValues random_values(const net::Graph& graph, std::uint64_t seed) {
  NetworkValues values;
  values.parameters.resize(graph.parameters.size());
  values.mean.resize(graph.operators.size());
  values.variance.resize(graph.operators.size());
  const auto fill = [&](int parameter, double low, double high) {
    std::vector<float>& data = values.parameters[at(parameter)];
    if (data.empty())
      data = uniform(net::elements(graph.parameters[at(parameter)].shape), low, high,
                     random_bits(seed, static_cast<std::uint64_t>(parameter)));
  };
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const net::Operator& op = graph.operators[i];
    if (multiplies(op.kind)) {
      // A uniform number of [-b, b] has the variance b^2 / 3; relu halves the second moment.
      const double b = std::sqrt(6 / fan_in(op, graph.parameters[at(op.parameters[0])].shape));
      fill(op.parameters[0], -b, b);
      if (op.parameters.size() > 1) fill(op.parameters[1], -0.2, 0.2);
    } else if (op.kind == net::OpKind::prelu) {
      fill(op.parameters[0], 0.05, 0.3);
    } else if (op.parameters.size() > 1) {
      fill(op.parameters[0], 0.6, 1.4);
      fill(op.parameters[1], -0.3, 0.3);
    }
    if (op.kind != net::OpKind::batch_norm) continue;
    const std::int64_t channels = graph.tensors[at(op.output)].shape[1];
    values.mean[i] = uniform(channels, -0.2, 0.2, random_bits(seed, 2000003 + i));
    values.variance[i] = uniform(channels, 0.7, 1.5, random_bits(seed, 3000017 + i));
  }
  values.inputs = random_inputs(graph, seed);
  return values;
}

double dropout_factor(std::uint64_t seed, std::int64_t step, int op, std::uint64_t index, double share) {
  const std::uint64_t key = random_bits(random_bits(seed, static_cast<std::uint64_t>(step)), at(op));
  return random_unit(key, index) < share ? 0 : 1 / (1 - share);
}

}  // namespace ridgepoint
