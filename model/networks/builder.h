// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/networks/graph.h"

namespace ridgepoint::net {

/// Index of a tensor. After a refusal the builder hands out -1 and ignores what is asked of it.
using TensorId = int;

/// Odd kernel, padded so that stride 1 keeps the extents.
Window same(std::int64_t kernel, std::int64_t stride = 1, std::int64_t dilation = 1);
/// No padding.
Window valid(std::int64_t kernel, std::int64_t stride = 1);

struct ConvSpec {
  std::int64_t channels = 1;
  Window window = {};
  bool bias = true;
  std::int64_t groups = 1;
};

/// Writes a Graph operator by operator; shapes, weights and storages follow. The first impossible wish is
/// kept and returned by finish(), so that a network reads as a list of layers.
class Builder {
 public:
  explicit Builder(std::string name) { graph_.name = std::move(name); }

  TensorId input(std::string name, Shape shape);

  TensorId conv(TensorId x, const std::string& name, const ConvSpec& spec);
  TensorId conv_transposed(TensorId x, const std::string& name, const ConvSpec& spec);
  /// On (N, C) or on (N, C, 1, ...), whose trailing axes go away.
  TensorId linear(TensorId x, const std::string& name, std::int64_t features, bool bias = true);
  TensorId pool(TensorId x, std::string name, OpKind kind, const Window& window);
  TensorId global_average_pool(TensorId x, std::string name);
  /// Batch, instance, group or local response norm; scale and shift when `affine`.
  TensorId norm(TensorId x, const std::string& name, OpKind kind, bool affine = true,
                std::int64_t groups = 1);
  /// relu, leaky_relu, elu, sigmoid, tanh; in place unless told otherwise.
  TensorId activation(TensorId x, std::string name, OpKind kind, double slope = 0, bool in_place = true);
  TensorId prelu(TensorId x, const std::string& name, std::int64_t slopes);
  TensorId softmax(TensorId x, std::string name, int axis = 1);
  TensorId add(TensorId a, TensorId b, std::string name, bool in_place = false);
  TensorId multiply(TensorId a, TensorId b, std::string name);
  TensorId concat(const std::vector<TensorId>& parts, std::string name, int axis = 1);
  /// Extents multiplied by whole or broken factors, given as the wanted spatial extents.
  TensorId resize(TensorId x, std::string name, const Shape& spatial, bool linear_interpolation);
  /// A view of `shape` that starts at `starts` in every axis.
  TensorId slice(TensorId x, std::string name, const Shape& starts, const Shape& shape);
  TensorId pad(TensorId x, std::string name, const Shape& before, const Shape& behind);
  TensorId reshape(TensorId x, std::string name, const Shape& shape);
  TensorId transpose(TensorId x, std::string name, const std::vector<int>& order);
  TensorId dropout(TensorId x, std::string name, double share, bool whole_channels, bool in_place = false);

  /// The next convolutions and norms of these names take the weights made earlier under the same name.
  void share_weights(bool on) { sharing_ = on; }

  /// The operator that makes `x`, to give it what differs from the usual (epsilon, grid, response); of a
  /// refused tensor one that nobody reads.
  Operator& maker(TensorId x);

  void output(TensorId x);
  const Shape& shape(TensorId x) const;
  std::int64_t channels(TensorId x) const { return shape(x).size() > 1 ? shape(x)[1] : 1; }
  /// Spatial extents.
  Shape extents(TensorId x) const;
  bool failed() const { return trouble_.has_value(); }
  void refuse(const std::string& at, const std::string& what);

  /// The graph, with in-place and fusion flags settled, or the first refusal.
  Result<Graph> finish();

 private:
  bool known(const std::vector<TensorId>& inputs, const std::string& name);
  TensorId put(Operator op, Shape shape, std::optional<int> storage = std::nullopt);
  int parameter(const std::string& name, const Shape& shape);
  bool fits(const Shape& shape, const std::string& name);

  Graph graph_;
  std::optional<Error> trouble_;
  Operator nobody_;
  bool sharing_ = false;
};

/// Sets Operator::fused_into: activations, batch norms and sums whose operand nobody else reads go into the
/// kernel that makes it; an activation also into a norm. (Done by finish().)
void mark_fusion(Graph& graph);

}  // namespace ridgepoint::net
