// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <onnx/onnx_pb.h>

#include <map>
#include <string>

#include "model/networks/builder.h"

namespace ridgepoint {

/// Turns the nodes of an ONNX graph into operators. Shapes come from our own rules, never from the file.
/// Weights count at every use: exporters store equal ones once, whether or not they are shared in training.
class OnnxNodes {
 public:
  explicit OnnxNodes(const onnx::GraphProto& graph);

  bool is_weight(const std::string& name) const { return weights_.contains(name); }
  void add_input(const std::string& name, const net::Shape& shape);
  Result<net::Graph> build();

 private:
  struct Node;  ///< one node with its attributes at hand

  net::TensorId put(const Node& node);
  net::TensorId convolution(const Node& node, bool transposed);
  net::TensorId dense(const Node& node);
  net::TensorId pool(const Node& node, net::OpKind kind);
  net::TensorId norm(const Node& node);
  net::TensorId activation(const Node& node);
  net::TensorId elementwise(const Node& node);
  net::TensorId moved(const Node& node);
  net::TensorId resized(const Node& node);
  net::TensorId padded(const Node& node);

  net::TensorId tensor(const Node& node, int index);
  const net::Shape* weight_shape(const Node& node, int index) const;
  /// Whole numbers or fractions of a constant input; empty when it is none, or is kept outside the file.
  std::vector<double> constants(const Node& node, int index) const;
  net::TensorId no_rule(const Node& node, const std::string& why);

  const onnx::GraphProto& graph_;
  net::Builder builder_;
  std::map<std::string, const onnx::TensorProto*> weights_;
  std::map<std::string, net::Shape> weight_shapes_;
  std::map<std::string, net::TensorId> tensors_;
  std::map<std::string, int> readers_;
};

}  // namespace ridgepoint
