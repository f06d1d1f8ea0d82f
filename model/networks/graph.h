// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/core/codec.h"

// A neural network as data: what is computed, on which shapes, with which weights. Nothing here knows a
// platform.

namespace ridgepoint::net {

/// Batch, channels, then the spatial axes, slowest first.
using Shape = std::vector<std::int64_t>;

/// What one number of a tensor is stored as.
enum class Element { fp32, bf16, fp16, int8 };

constexpr auto names(Element) {
  return enum_names<Element>(
      {{Element::fp32, "fp32"}, {Element::bf16, "bf16"}, {Element::fp16, "fp16"}, {Element::int8, "int8"}});
}

constexpr std::int64_t bytes_of(Element element) {
  return element == Element::fp32 ? 4 : element == Element::int8 ? 1 : 2;
}

enum class OpKind {
  convolution,
  transposed_convolution,
  linear,
  max_pool,
  average_pool,
  global_average_pool,
  batch_norm,
  instance_norm,
  group_norm,
  local_response_norm,
  relu,
  leaky_relu,
  prelu,
  elu,
  sigmoid,
  tanh,
  softmax,
  add,
  multiply,
  concat,
  resize,
  slice,
  pad,
  reshape,
  transpose,
  dropout
};

constexpr auto names(OpKind) {
  return enum_names<OpKind>({{OpKind::convolution, "convolution"},
                             {OpKind::transposed_convolution, "transposed-convolution"},
                             {OpKind::linear, "linear"},
                             {OpKind::max_pool, "max-pool"},
                             {OpKind::average_pool, "average-pool"},
                             {OpKind::global_average_pool, "global-average-pool"},
                             {OpKind::batch_norm, "batch-norm"},
                             {OpKind::instance_norm, "instance-norm"},
                             {OpKind::group_norm, "group-norm"},
                             {OpKind::local_response_norm, "local-response-norm"},
                             {OpKind::relu, "relu"},
                             {OpKind::leaky_relu, "leaky-relu"},
                             {OpKind::prelu, "prelu"},
                             {OpKind::elu, "elu"},
                             {OpKind::sigmoid, "sigmoid"},
                             {OpKind::tanh, "tanh"},
                             {OpKind::softmax, "softmax"},
                             {OpKind::add, "add"},
                             {OpKind::multiply, "multiply"},
                             {OpKind::concat, "concat"},
                             {OpKind::resize, "resize"},
                             {OpKind::slice, "slice"},
                             {OpKind::pad, "pad"},
                             {OpKind::reshape, "reshape"},
                             {OpKind::transpose, "transpose"},
                             {OpKind::dropout, "dropout"}});
}

/// Geometry of a convolution or a pooling window. A list of one number holds for every spatial axis.
struct Window {
  Shape kernel{1};
  Shape stride{1};
  Shape dilation{1};
  Shape pad{0};         ///< in front of each axis
  Shape pad_end = {};   ///< behind it; empty = as `pad`
  Shape grow_end = {};  ///< transposed convolution only: rows added behind ("output padding"); empty = none
  bool ceil = false;    ///< pooling only: a window that sticks out still counts
  bool include_pad =
      false;  ///< average pooling only: padding counts as numbers (PyTorch's default; not ONNX's)
};

/// Where a resize reads its input for output place o, with r = input extent / output extent. Linear blends
/// the two neighbours of that place; nearest takes floor(o r), which all grids share at whole factors.
enum class ResizeGrid {
  half_pixel,  ///< (o + 1/2) r - 1/2: ONNX's default, PyTorch's align_corners=False
  corners,     ///< o (in - 1) / (out - 1): align_corners=True
  asymmetric   ///< o r: TensorFlow 1.x
};

/// Local response norm: x / (bias + alpha / size * sum of x^2 over `size` channels)^beta. The sum is divided
/// by the size as in Caffe, ONNX, PyTorch and oneDNN; Krizhevsky's paper has bias 2 and does not divide.
struct Response {
  std::int64_t size = 5;
  double alpha = 1e-4, beta = 0.75, bias = 1;
};

/// A learned tensor. Operators that share weights (detector heads over levels) name the same one.
struct Parameter {
  std::string name;
  Shape shape;  ///< weights: out, in / groups, kernel; transposed: in, out / groups, kernel; linear: out, in
};

struct Tensor {
  std::string name;
  Shape shape;
  int storage = 0;    ///< tensors of one storage share memory: in-place results and views
  int producer = -1;  ///< index of its operator; -1 = an input of the network
};

struct Operator {
  std::string name;
  OpKind kind = OpKind::add;
  std::vector<int> inputs = {};       ///< tensors
  int output = 0;                     ///< tensor
  std::vector<int> parameters = {};   ///< weight then bias; scale then shift; slope
  Window window = {};                 ///< convolutions and pools, every list with one number an axis
  std::int64_t groups = 1;            ///< convolutions and group norm
  double slope = 0;                   ///< leaky-relu, elu; share of a dropout
  int axis = 1;                       ///< concat, softmax, slice
  Shape starts = {};                  ///< slice and pad: numbers cut off (or put) in front of each axis
  std::vector<int> order = {};        ///< transpose
  bool linear_interpolation = false;  ///< resize; else nearest
  ResizeGrid grid = ResizeGrid::half_pixel;  ///< resize
  double epsilon = 1e-5;        ///< batch, instance and group norm: added to the (biased) variance
  Response response = {};       ///< local response norm
  bool whole_channels = false;  ///< dropout: one decision a channel
  bool in_place = false;        ///< writes over its first input
  int fused_into =
      -1;  ///< at inference: operator whose kernel can apply this one before it writes; -1 = none
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Parameter> parameters;
  std::vector<Operator> operators;  ///< in an order in which they can run
  std::vector<int> inputs, outputs;
  int storages = 0;
};

/// Product of the extents. Exact: the builder refuses tensors of more than 2^50 numbers.
std::int64_t elements(const Shape& shape);

/// "1x32x128x128x128"
std::string shape_text(const Shape& shape);

/// The other way round; refuses what is not 2 to 8 positive whole numbers joined by x.
Result<Shape> parse_shape(std::string_view text, const std::string& name);

}  // namespace ridgepoint::net
