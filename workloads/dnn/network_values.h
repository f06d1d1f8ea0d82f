// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/networks/graph.h"

namespace ridgepoint {

/// What a network computes with, in plain layouts. Weights have the variance that keeps activations in range
/// (He et al. 2015), norms a scale around 1; nothing is zero.
struct NetworkValues {
  std::vector<std::vector<float>> parameters;      ///< one a parameter of the graph
  std::vector<std::vector<float>> mean, variance;  ///< one an operator; of batch norms, gathered in training
  std::vector<std::vector<float>> inputs;          ///< one an input of the graph
};

NetworkValues random_values(const net::Graph& graph, std::uint64_t seed);

/// The same on another shape of the same network: parameters stay, inputs are new.
std::vector<std::vector<float>> random_inputs(const net::Graph& graph, std::uint64_t seed);

/// 0 for what dropout drops, else 1 / (1 - share). `index`: of the channel or of the number.
double dropout_factor(std::uint64_t seed, std::int64_t step, int op, std::uint64_t index, double share);

/// Batch, channels, depth, height, width; axes that a shape lacks are 1.
struct Extents {
  std::int64_t n = 1, c = 1, d = 1, h = 1, w = 1;
  std::int64_t rows() const { return n * c * d * h; }
  std::int64_t plane() const { return d * h * w; }
  std::int64_t all() const { return n * c * plane(); }
};

/// Shapes of more than five axes have their middle ones joined.
Extents extents_of(const net::Shape& shape);

}  // namespace ridgepoint
