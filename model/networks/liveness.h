// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/networks/graph.h"
#include "model/networks/measure.h"

namespace ridgepoint::net {

struct Peak {
  std::int64_t bytes = 0;
  int at = -1;            ///< operator
  bool backward = false;  ///< in its backward pass
};

/// Largest sum of tensors alive at once when operators run in order and memory is given back after the last
/// use. The caller's inputs are alive until then, too; outputs to the end.
Peak inference_peak(const Graph& graph, std::int64_t number_bytes);

/// The same over forward and backward, as an eager framework does it: what is saved stays until its
/// operator's backward; each operator's input gradients are new memory, except those of concat, add and
/// reshape, which share the output's.
Peak training_peak(const Graph& graph, std::int64_t number_bytes, const Totals& costs);

}  // namespace ridgepoint::net
