// SPDX-License-Identifier: Apache-2.0
#include "model/networks/onnx_nodes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ridgepoint {

using net::OpKind;
using net::Shape;
using net::TensorId;
using net::Window;

struct OnnxNodes::Node {
  const onnx::NodeProto& proto;
  std::string name;

  const onnx::AttributeProto* attribute(const char* key) const {
    for (const auto& a : proto.attribute())
      if (a.name() == key) return &a;
    return nullptr;
  }
  std::int64_t whole(const char* key, std::int64_t otherwise) const {
    const auto* a = attribute(key);
    return a ? a->i() : otherwise;
  }
  double fraction(const char* key, double otherwise) const {
    const auto* a = attribute(key);
    return a ? static_cast<double>(a->f()) : otherwise;
  }
  std::string word(const char* key) const {
    const auto* a = attribute(key);
    return a ? a->s() : "";
  }
  Shape list(const char* key) const {
    const auto* a = attribute(key);
    return a ? Shape(a->ints().begin(), a->ints().end()) : Shape{};
  }
};

namespace {

Shape dims_of(const onnx::TensorProto& t) { return {t.dims().begin(), t.dims().end()}; }

template <class T>
std::vector<double> raw_numbers(const std::string& raw) {
  std::vector<double> out(raw.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value{};
    std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(value);
  }
  return out;
}

std::vector<double> numbers_of(const onnx::TensorProto& t) {
  constexpr std::size_t kMostRaw = 4096;  // shapes, pads and scales are short
  if (t.data_location() == onnx::TensorProto::EXTERNAL || t.raw_data().size() > kMostRaw) return {};
  if (t.data_type() == onnx::TensorProto::INT64)
    return t.has_raw_data() ? raw_numbers<std::int64_t>(t.raw_data())
                            : std::vector<double>(t.int64_data().begin(), t.int64_data().end());
  if (t.data_type() == onnx::TensorProto::FLOAT)
    return t.has_raw_data() ? raw_numbers<float>(t.raw_data())
                            : std::vector<double>(t.float_data().begin(), t.float_data().end());
  return {};
}

/// Attributes of a window; false when their number does not fit the axes.
bool read_window(Window& w, const Shape& kernel, const Shape& strides, const Shape& dilations,
                 const Shape& pads) {
  w.kernel = kernel;
  if (!strides.empty()) w.stride = strides;
  if (!dilations.empty()) w.dilation = dilations;
  if (pads.empty()) return true;
  if (pads.size() != 2 * kernel.size()) return false;
  const auto half = pads.begin() + static_cast<std::ptrdiff_t>(kernel.size());
  w.pad = Shape(pads.begin(), half);
  w.pad_end = Shape(half, pads.end());
  return true;
}

}  // namespace

OnnxNodes::OnnxNodes(const onnx::GraphProto& graph)
    : graph_(graph), builder_(graph.name().empty() ? "onnx" : printable(graph.name().substr(0, 80))) {
  for (const auto& weight : graph.initializer()) weights_[weight.name()] = &weight;
  for (const auto& node : graph.node()) {
    for (const auto& input : node.input()) ++readers_[input];
    // An exporter's alias of a weight that is stored once.
    if (node.op_type() == "Identity" && node.input_size() == 1 && node.output_size() == 1 &&
        weights_.contains(node.input(0)))
      weights_[node.output(0)] = weights_[node.input(0)];
    if (node.op_type() == "Constant" && node.output_size() == 1)
      for (const auto& a : node.attribute())
        if (a.name() == "value") weights_[node.output(0)] = &a.t();
  }
  for (const auto& output : graph.output()) ++readers_[output.name()];
  for (const auto& [name, weight] : weights_) weight_shapes_[name] = dims_of(*weight);
}

void OnnxNodes::add_input(const std::string& name, const Shape& shape) {
  tensors_[name] = builder_.input(printable(name), shape);
}

TensorId OnnxNodes::no_rule(const Node& node, const std::string& why) {
  builder_.refuse(node.name, "the operator " + printable(node.proto.op_type()) + " " + why);
  return -1;
}

TensorId OnnxNodes::tensor(const Node& node, int index) {
  if (index >= node.proto.input_size()) return -1;
  const auto it = tensors_.find(node.proto.input(index));
  return it == tensors_.end() ? -1 : it->second;
}

const Shape* OnnxNodes::weight_shape(const Node& node, int index) const {
  if (index >= node.proto.input_size()) return nullptr;
  const auto it = weight_shapes_.find(node.proto.input(index));
  return it == weight_shapes_.end() ? nullptr : &it->second;
}

std::vector<double> OnnxNodes::constants(const Node& node, int index) const {
  if (index >= node.proto.input_size()) return {};
  const auto it = weights_.find(node.proto.input(index));
  return it == weights_.end() ? std::vector<double>{} : numbers_of(*it->second);
}

TensorId OnnxNodes::convolution(const Node& node, bool transposed) {
  const TensorId x = tensor(node, 0);
  const Shape* weight = weight_shape(node, 1);
  if (!weight || weight->size() < 3 || weight->size() != builder_.shape(x).size())
    return no_rule(node, "has no weight that fits its input");
  net::ConvSpec spec;
  spec.groups = node.whole("group", 1);
  if (spec.groups < 1) return no_rule(node, "has no positive number of groups");
  const std::int64_t in =
      transposed ? (*weight)[0] : (*weight)[1] * std::min<std::int64_t>(spec.groups, 1 << 20);
  if ((*weight)[0] < 1 || (*weight)[1] < 1 || (*weight)[1] > (1 << 30) || in != builder_.channels(x))
    return no_rule(node, "has a weight for " + std::to_string(in) + " channels, its input " +
                             std::to_string(builder_.channels(x)));
  spec.channels = transposed ? (*weight)[1] * std::min<std::int64_t>(spec.groups, 1 << 20) : (*weight)[0];
  spec.bias = node.proto.input_size() > 2 && !node.proto.input(2).empty();
  const Shape kernel(weight->begin() + 2, weight->end());
  if (!read_window(spec.window, kernel, node.list("strides"), node.list("dilations"), node.list("pads")))
    return no_rule(node, "has pads that do not fit its kernel");
  if (const std::string pad = node.word("auto_pad"); !pad.empty() && pad != "NOTSET" && pad != "VALID")
    return no_rule(node, "pads by itself (auto_pad), which has no rule here");
  if (!transposed) return builder_.conv(x, node.name, spec);
  spec.window.grow_end = node.list("output_padding");
  if (node.attribute("output_shape")) return no_rule(node, "fixes its output shape, which has no rule here");
  return builder_.conv_transposed(x, node.name, spec);
}

TensorId OnnxNodes::dense(const Node& node) {
  const TensorId x = tensor(node, 0);
  const Shape* weight = weight_shape(node, 1);
  if (!weight || weight->size() != 2) return no_rule(node, "has no matrix of weights");
  const bool turned = node.whole("transB", 0) != 0;
  if ((*weight)[turned ? 1 : 0] != builder_.channels(x) || node.whole("transA", 0) != 0)
    return no_rule(node, "has a weight that does not fit its input");
  return builder_.linear(x, node.name, (*weight)[turned ? 0 : 1], node.proto.input_size() > 2);
}

TensorId OnnxNodes::pool(const Node& node, OpKind kind) {
  Window window;
  if (!read_window(window, node.list("kernel_shape"), node.list("strides"), node.list("dilations"),
                   node.list("pads")))
    return no_rule(node, "has pads that do not fit its kernel");
  if (const std::string pad = node.word("auto_pad"); !pad.empty() && pad != "NOTSET" && pad != "VALID")
    return no_rule(node, "pads by itself (auto_pad), which has no rule here");
  window.ceil = node.whole("ceil_mode", 0) != 0;
  window.include_pad = node.whole("count_include_pad", 0) != 0;
  return builder_.pool(tensor(node, 0), node.name, kind, window);
}

TensorId OnnxNodes::norm(const Node& node) {
  const TensorId x = tensor(node, 0);
  const std::string& type = node.proto.op_type();
  if (type == "LRN") {
    const TensorId y = builder_.norm(x, node.name, OpKind::local_response_norm);
    builder_.maker(y).response = {node.whole("size", 5), node.fraction("alpha", 1e-4),
                                  node.fraction("beta", 0.75), node.fraction("bias", 1)};
    return y;
  }
  const Shape* scale = weight_shape(node, 1);
  if (!scale || *scale != Shape{builder_.channels(x)})
    return no_rule(node, "has no scale that fits its input");
  const TensorId y =
      builder_.norm(x, node.name, type == "BatchNormalization" ? OpKind::batch_norm : OpKind::instance_norm);
  builder_.maker(y).epsilon = node.fraction("epsilon", 1e-5);
  return y;
}

TensorId OnnxNodes::activation(const Node& node) {
  const TensorId x = tensor(node, 0);
  const std::string& type = node.proto.op_type();
  // The file does not say; frameworks write over what nobody else reads.
  const bool in_place = readers_[node.proto.input(0)] == 1;
  if (type == "Relu") return builder_.activation(x, node.name, OpKind::relu, 0, in_place);
  if (type == "LeakyRelu")
    return builder_.activation(x, node.name, OpKind::leaky_relu, node.fraction("alpha", 0.01), in_place);
  if (type == "Elu")
    return builder_.activation(x, node.name, OpKind::elu, node.fraction("alpha", 1), in_place);
  if (type == "Sigmoid") return builder_.activation(x, node.name, OpKind::sigmoid, 0, false);
  if (type == "Tanh") return builder_.activation(x, node.name, OpKind::tanh, 0, false);
  if (type == "PRelu") {
    const Shape* slope = weight_shape(node, 1);
    return slope && !slope->empty() ? builder_.prelu(x, node.name, slope->front())
                                    : no_rule(node, "has no slope that is a weight");
  }
  const std::int64_t axis = node.whole("axis", 1);
  return builder_.softmax(x, node.name, axis >= 0 && axis < 8 ? static_cast<int>(axis) : 1);
}

TensorId OnnxNodes::elementwise(const Node& node) {
  const TensorId a = tensor(node, 0), b = tensor(node, 1);
  if (a < 0 || b < 0) return no_rule(node, "has a constant operand, which has no rule here");
  if (node.proto.op_type() == "Mul") return builder_.multiply(a, b, node.name);
  return builder_.add(a, b, node.name, readers_[node.proto.input(0)] == 1);
}

TensorId OnnxNodes::resized(const Node& node) {
  const TensorId x = tensor(node, 0);
  const Shape in = builder_.extents(x);
  const bool old = node.proto.op_type() == "Upsample";
  const std::vector<double> scales = constants(node, old ? 1 : 2), sizes = constants(node, 3);
  Shape out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (scales.size() == in.size() + 2 && scales[i + 2] > 0 && scales[i + 2] < 1e4)
      out.push_back(static_cast<std::int64_t>(std::floor(static_cast<double>(in[i]) * scales[i + 2])));
    else if (sizes.size() == in.size() + 2 && sizes[i + 2] >= 1 && sizes[i + 2] < 1e9)
      out.push_back(static_cast<std::int64_t>(sizes[i + 2]));
    else
      return no_rule(node, "needs constant scales or sizes");
  }
  const TensorId y = builder_.resize(x, node.name, out, node.word("mode") == "linear");
  const std::string grid = node.word("coordinate_transformation_mode");
  if (old || grid == "asymmetric") builder_.maker(y).grid = net::ResizeGrid::asymmetric;
  if (grid == "align_corners") builder_.maker(y).grid = net::ResizeGrid::corners;
  return y;
}

TensorId OnnxNodes::padded(const Node& node) {
  const TensorId x = tensor(node, 0);
  const std::size_t axes = builder_.shape(x).size();
  std::vector<double> pads = constants(node, 1);
  if (const Shape old = node.list("pads"); pads.empty()) pads.assign(old.begin(), old.end());
  if (pads.size() != 2 * axes) return no_rule(node, "needs constant pads, two an axis");
  Shape before, behind;
  for (std::size_t i = 0; i < axes; ++i) {
    if (std::abs(pads[i]) > 1e9 || std::abs(pads[axes + i]) > 1e9)
      return no_rule(node, "has pads out of range");
    before.push_back(static_cast<std::int64_t>(pads[i]));
    behind.push_back(static_cast<std::int64_t>(pads[axes + i]));
  }
  return builder_.pad(x, node.name, before, behind);
}

namespace {

/// The constant shape of a Reshape; empty where it is out of range. 0 keeps the extent, -1 takes what is
/// left.
Shape reshaped(const Shape& in, const std::vector<double>& wanted) {
  Shape out;
  std::int64_t known = 1;
  std::size_t open = 0;
  for (std::size_t i = 0; i < wanted.size() && i < 9; ++i) {
    if (wanted[i] < -1 || wanted[i] > 1e12 || (wanted[i] == 0 && i >= in.size())) return {};
    out.push_back(wanted[i] == 0 ? in[i] : static_cast<std::int64_t>(wanted[i]));
    if (out.back() == -1)
      ++open;
    else if (__builtin_mul_overflow(known, out.back(), &known))
      return {};
  }
  if (out.size() < 2 || out.size() > 8 || open > 1 || known == 0) return {};
  std::ranges::replace(out, std::int64_t{-1}, net::elements(in) / known);
  return out;
}

}  // namespace

TensorId OnnxNodes::moved(const Node& node) {
  const TensorId x = tensor(node, 0);
  const Shape& in = builder_.shape(x);
  if (node.proto.op_type() == "Flatten") {
    if (node.whole("axis", 1) != 1) return no_rule(node, "keeps more than the batch, which has no rule here");
    return builder_.reshape(x, node.name, {in[0], net::elements(in) / in[0]});
  }
  if (node.proto.op_type() == "Transpose") {
    std::vector<int> order;
    for (const std::int64_t axis : node.list("perm"))
      order.push_back(axis < 0 || axis > 7 ? -1 : static_cast<int>(axis));
    return builder_.transpose(x, node.name, order);
  }
  const Shape out = reshaped(in, constants(node, 1));
  if (out.empty()) return no_rule(node, "needs a constant shape within range");
  return builder_.reshape(x, node.name, out);
}

TensorId OnnxNodes::put(const Node& node) {
  const std::string& type = node.proto.op_type();
  if (type == "Conv" || type == "ConvTranspose") return convolution(node, type == "ConvTranspose");
  if (type == "Gemm" || type == "MatMul") return dense(node);
  if (type == "MaxPool") return pool(node, OpKind::max_pool);
  if (type == "AveragePool") return pool(node, OpKind::average_pool);
  if (type == "GlobalAveragePool") return builder_.global_average_pool(tensor(node, 0), node.name);
  if (type == "BatchNormalization" || type == "InstanceNormalization" || type == "LRN") return norm(node);
  if (type == "Relu" || type == "LeakyRelu" || type == "Elu" || type == "Sigmoid" || type == "Tanh" ||
      type == "PRelu" || type == "Softmax")
    return activation(node);
  if (type == "Add" || type == "Mul") return elementwise(node);
  if (type == "Resize" || type == "Upsample") return resized(node);
  if (type == "Pad") return padded(node);
  if (type == "Flatten" || type == "Transpose" || type == "Reshape") return moved(node);
  if (type == "Concat") {
    std::vector<TensorId> parts;
    parts.reserve(static_cast<std::size_t>(node.proto.input_size()));
    for (int i = 0; i < node.proto.input_size(); ++i) parts.push_back(tensor(node, i));
    const std::int64_t axis = node.whole("axis", 1);
    return builder_.concat(parts, node.name, axis >= 0 && axis < 8 ? static_cast<int>(axis) : -1);
  }
  if (type == "Dropout")
    return builder_.dropout(tensor(node, 0), node.name, node.fraction("ratio", 0.5), false);
  return no_rule(node, "has no rule here");
}

Result<net::Graph> OnnxNodes::build() {
  int index = 0;
  for (const auto& proto : graph_.node()) {
    const std::string named =
        proto.name().empty() ? proto.op_type() + "." + std::to_string(index) : proto.name();
    const Node node{proto, printable(named.substr(0, 80))};
    ++index;
    if (proto.output_size() == 0 || weights_.contains(proto.output(0))) continue;
    if (proto.op_type() == "Identity") {
      tensors_[proto.output(0)] = tensor(node, 0);
      continue;
    }
    if (tensor(node, 0) < 0 && !builder_.failed())
      no_rule(node, "reads something that no operator before it makes");
    if (builder_.failed()) break;
    tensors_[proto.output(0)] = put(node);
  }
  for (const auto& output : graph_.output()) {
    const auto it = tensors_.find(output.name());
    builder_.output(it == tensors_.end() ? -1 : it->second);
  }
  return builder_.finish();
}

}  // namespace ridgepoint
