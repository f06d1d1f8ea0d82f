// SPDX-License-Identifier: Apache-2.0
#include "model/networks/builder.h"

#include <algorithm>

#include "model/networks/shape_rules.h"

namespace ridgepoint::net {

Window same(std::int64_t kernel, std::int64_t stride, std::int64_t dilation) {
  return {
      .kernel = {kernel}, .stride = {stride}, .dilation = {dilation}, .pad = {dilation * (kernel - 1) / 2}};
}

Window valid(std::int64_t kernel, std::int64_t stride) { return {.kernel = {kernel}, .stride = {stride}}; }

void Builder::refuse(const std::string& at, const std::string& what) {
  if (!trouble_)
    trouble_ = Error{ErrorKind::bad_input, "network '" + graph_.name + "', '" + printable(at) + "': " + what,
                     "", "give an input shape that this network can take"};
}

bool Builder::known(const std::vector<TensorId>& inputs, const std::string& name) {
  if (trouble_) return false;
  const auto count = static_cast<TensorId>(graph_.tensors.size());
  if (std::ranges::all_of(inputs, [&](TensorId id) { return id >= 0 && id < count; })) return true;
  refuse(name, "an input is no tensor of this network");
  return false;
}

bool Builder::fits(const Shape& shape, const std::string& name) {
  if (auto ok = check_extents(shape); !ok) refuse(name, ok.error().what);
  return !trouble_;
}

const Shape& Builder::shape(TensorId x) const {
  static const Shape kNone{1, 1};
  return x < 0 || x >= static_cast<TensorId>(graph_.tensors.size())
             ? kNone
             : graph_.tensors[static_cast<std::size_t>(x)].shape;
}

Shape Builder::extents(TensorId x) const {
  const Shape& s = shape(x);
  return s.size() <= 2 ? Shape{} : Shape(s.begin() + 2, s.end());
}

TensorId Builder::input(std::string name, Shape shape) {
  if (!fits(shape, name)) return -1;
  graph_.tensors.push_back({std::move(name), std::move(shape), graph_.storages++, -1});
  graph_.inputs.push_back(static_cast<int>(graph_.tensors.size()) - 1);
  return graph_.inputs.back();
}

int Builder::parameter(const std::string& name, const Shape& shape) {
  if (!fits(shape, name)) return -1;
  if (sharing_)
    for (std::size_t i = 0; i < graph_.parameters.size(); ++i)
      if (graph_.parameters[i].name == name && graph_.parameters[i].shape == shape)
        return static_cast<int>(i);
  graph_.parameters.push_back({name, shape});
  return static_cast<int>(graph_.parameters.size()) - 1;
}

TensorId Builder::put(Operator op, Shape shape, std::optional<int> storage) {
  constexpr std::size_t kMostOperators = 1 << 16;
  if (!fits(shape, op.name)) return -1;
  if (graph_.operators.size() == kMostOperators) {
    refuse(op.name, "more than 65536 operators");
    return -1;
  }
  op.output = static_cast<int>(graph_.tensors.size());
  graph_.tensors.push_back({op.name, std::move(shape), storage ? *storage : graph_.storages++,
                            static_cast<int>(graph_.operators.size())});
  graph_.operators.push_back(std::move(op));
  return graph_.operators.back().output;
}

TensorId Builder::conv(TensorId x, const std::string& name, const ConvSpec& spec) {
  if (!known({x}, name)) return -1;
  const auto window = full_window(spec.window, shape(x).size());
  if (!window) return refuse(name, window.error().what), -1;
  const auto out = conv_shape(shape(x), *window, spec.channels, spec.groups);
  if (!out) return refuse(name, out.error().what), -1;
  Shape weight{spec.channels, channels(x) / spec.groups};
  weight.insert(weight.end(), window->kernel.begin(), window->kernel.end());
  Operator op{.name = name, .kind = OpKind::convolution, .inputs = {x}};
  op.window = *window;
  op.groups = spec.groups;
  op.parameters.push_back(parameter(name + ".weight", weight));
  if (spec.bias) op.parameters.push_back(parameter(name + ".bias", {spec.channels}));
  return put(std::move(op), *out);
}

TensorId Builder::conv_transposed(TensorId x, const std::string& name, const ConvSpec& spec) {
  if (!known({x}, name)) return -1;
  const auto window = full_window(spec.window, shape(x).size());
  if (!window) return refuse(name, window.error().what), -1;
  const auto out = transposed_shape(shape(x), *window, spec.channels, spec.groups);
  if (!out) return refuse(name, out.error().what), -1;
  Shape weight{channels(x), spec.channels / spec.groups};
  weight.insert(weight.end(), window->kernel.begin(), window->kernel.end());
  Operator op{.name = name, .kind = OpKind::transposed_convolution, .inputs = {x}};
  op.window = *window;
  op.groups = spec.groups;
  op.parameters.push_back(parameter(name + ".weight", weight));
  if (spec.bias) op.parameters.push_back(parameter(name + ".bias", {spec.channels}));
  return put(std::move(op), *out);
}

TensorId Builder::linear(TensorId x, const std::string& name, std::int64_t features, bool bias) {
  if (!known({x}, name)) return -1;
  const Shape& in = shape(x);
  if (std::ranges::any_of(extents(x), [](std::int64_t extent) { return extent != 1; }))
    return refuse(name, "a linear layer needs its input flat, not " + shape_text(in)), -1;
  Operator op{.name = name, .kind = OpKind::linear, .inputs = {x}};
  op.parameters.push_back(parameter(name + ".weight", {features, in[1]}));
  if (bias) op.parameters.push_back(parameter(name + ".bias", {features}));
  return put(std::move(op), {in[0], features});
}

TensorId Builder::pool(TensorId x, std::string name, OpKind kind, const Window& wanted) {
  if (!known({x}, name)) return -1;
  const auto window = full_window(wanted, shape(x).size());
  if (!window) return refuse(name, window.error().what), -1;
  const auto out = pool_shape(shape(x), *window);
  if (!out) return refuse(name, out.error().what), -1;
  Operator op{.name = std::move(name), .kind = kind, .inputs = {x}};
  op.window = *window;
  return put(std::move(op), *out);
}

TensorId Builder::global_average_pool(TensorId x, std::string name) {
  if (!known({x}, name)) return -1;
  Shape out = shape(x);
  std::fill(out.begin() + 2, out.end(), 1);
  return put({.name = std::move(name), .kind = OpKind::global_average_pool, .inputs = {x}}, out);
}

TensorId Builder::norm(TensorId x, const std::string& name, OpKind kind, bool affine, std::int64_t groups) {
  if (!known({x}, name)) return -1;
  Operator op{.name = name, .kind = kind, .inputs = {x}};
  op.groups = groups;
  if (groups < 1 || channels(x) % groups != 0)
    return refuse(name, std::to_string(channels(x)) + " channels do not divide into the groups"), -1;
  if (affine && kind != OpKind::local_response_norm) {
    op.parameters.push_back(parameter(name + ".scale", {channels(x)}));
    op.parameters.push_back(parameter(name + ".shift", {channels(x)}));
  }
  return put(std::move(op), shape(x));
}

TensorId Builder::activation(TensorId x, std::string name, OpKind kind, double slope, bool in_place) {
  if (!known({x}, name)) return -1;
  Operator op{.name = std::move(name), .kind = kind, .inputs = {x}};
  op.slope = slope;
  op.in_place = in_place;
  const int storage = graph_.tensors[static_cast<std::size_t>(x)].storage;
  return put(std::move(op), shape(x), in_place ? std::optional(storage) : std::nullopt);
}

TensorId Builder::prelu(TensorId x, const std::string& name, std::int64_t slopes) {
  if (!known({x}, name)) return -1;
  Operator op{.name = name, .kind = OpKind::prelu, .inputs = {x}};
  op.parameters.push_back(parameter(name + ".slope", {slopes}));
  return put(std::move(op), shape(x));
}

TensorId Builder::softmax(TensorId x, std::string name, int axis) {
  if (!known({x}, name)) return -1;
  Operator op{.name = std::move(name), .kind = OpKind::softmax, .inputs = {x}};
  op.axis = axis;
  return put(std::move(op), shape(x));
}

TensorId Builder::add(TensorId a, TensorId b, std::string name, bool in_place) {
  if (!known({a, b}, name)) return -1;
  const auto out = broadcast_shape(shape(a), shape(b));
  if (!out) return refuse(name, out.error().what), -1;
  const bool reuse = in_place && *out == shape(a);
  Operator op{.name = std::move(name), .kind = OpKind::add, .inputs = {a, b}};
  op.in_place = reuse;
  const int storage = graph_.tensors[static_cast<std::size_t>(a)].storage;
  return put(std::move(op), *out, reuse ? std::optional(storage) : std::nullopt);
}

TensorId Builder::multiply(TensorId a, TensorId b, std::string name) {
  if (!known({a, b}, name)) return -1;
  const auto out = broadcast_shape(shape(a), shape(b));
  if (!out) return refuse(name, out.error().what), -1;
  return put({.name = std::move(name), .kind = OpKind::multiply, .inputs = {a, b}}, *out);
}

Operator& Builder::maker(TensorId x) {
  const bool made = x >= 0 && x < static_cast<TensorId>(graph_.tensors.size()) &&
                    graph_.tensors[static_cast<std::size_t>(x)].producer >= 0;
  return made ? graph_
                    .operators[static_cast<std::size_t>(graph_.tensors[static_cast<std::size_t>(x)].producer)]
              : nobody_;
}

void Builder::output(TensorId x) {
  if (known({x}, "output")) graph_.outputs.push_back(x);
}

}  // namespace ridgepoint::net
