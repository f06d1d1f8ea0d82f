// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/networks/graph.h"

namespace ridgepoint::net {

/// One operator, forward. Numbers, not bytes: the element size is the reader's choice.
struct OpCost {
  std::int64_t parameters = 0;  ///< those it uses; shared ones count at every user
  std::int64_t macs = 0;        ///< convolutions and linear layers; one is two FLOP
  std::int64_t read = 0;        ///< numbers of all inputs
  std::int64_t written = 0;     ///< numbers of the output; an in-place operator writes them too
  std::int64_t saved = 0;       ///< numbers first kept for the backward pass by this operator
  std::int64_t side_bytes = 0;  ///< kept beside them: 8 a max-pool output (index), 4 a dropped channel
};

/// Sizes used to turn numbers into bytes.
struct Sizes {
  std::int64_t activation = 4;
  std::int64_t weight = 4;
};

/// Everything about one network at one shape. Bytes follow from the sizes given to measure().
struct Totals {
  std::int64_t parameters = 0;    ///< shared ones once
  std::int64_t macs_forward = 0;  ///< whole batch
  std::int64_t macs_training =
      0;  ///< forward, data and weight gradients; no data gradient for network inputs

  std::int64_t conv_outputs = 0;      ///< numbers written by (transposed) convolutions
  std::int64_t all_outputs = 0;       ///< numbers written by all operators
  std::int64_t largest_tensor = 0;    ///< numbers
  std::int64_t saved_numbers = 0;     ///< kept for the backward pass
  std::int64_t saved_bytes = 0;       ///< the same in bytes, indices and masks included
  std::int64_t saved_side_bytes = 0;  ///< of which indices and masks

  std::int64_t read_bytes = 0;  ///< forward, every operator by itself, weights included
  std::int64_t written_bytes = 0;
  std::int64_t fused_read_bytes = 0;  ///< forward at inference, Operator::fused_into obeyed
  std::int64_t fused_written_bytes = 0;
  std::int64_t training_read_bytes = 0;  ///< forward and backward, unfused; no optimizer
  std::int64_t training_written_bytes = 0;

  std::int64_t peak_inference_bytes = 0;  ///< largest sum of live tensors; weights not included
  std::int64_t peak_training_bytes =
      0;                       ///< the same over forward and backward; no weights, no their gradients
  int peak_inference_at = -1;  ///< operator
  int peak_training_at = -1;   ///< operator, forward or backward
  bool peak_training_is_backward = false;

  std::vector<OpCost> operators;  ///< one an operator of the graph, same order
};

Totals measure(const Graph& graph, Sizes sizes = {});

/// Tensors an operator keeps for its backward pass by framework convention: the inputs of convolutions,
/// linear layers, norms, pools and products, the outputs of activations. Concat and add keep nothing.
std::vector<int> saved_tensors(const Operator& op);

}  // namespace ridgepoint::net
