// SPDX-License-Identifier: Apache-2.0
#include "model/networks/shape_rules.h"

#include <algorithm>

namespace ridgepoint::net {
namespace {

constexpr std::int64_t kMostNumbers = std::int64_t{1} << 50;
constexpr std::int64_t kMostMoved = std::int64_t{1} << 57;
constexpr std::int64_t kMostMacs = std::int64_t{1} << 59;
constexpr std::int64_t kLongest = std::int64_t{1} << 31;

tl::unexpected<Error> refused(std::string what) {
  return fail(ErrorKind::bad_input, std::move(what), "", "");
}

/// a * b, or `most` + 1 when that is more.
std::int64_t capped(std::int64_t a, std::int64_t b, std::int64_t most) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) || product > most ? most + 1 : product;
}

bool spread(Shape& list, std::size_t axes, std::int64_t lowest) {
  if (list.size() == 1) list.assign(axes, list.front());
  return list.size() == axes &&
         std::ranges::all_of(list, [&](std::int64_t v) { return v >= lowest && v <= kLongest; });
}

std::int64_t reach(const Window& w, std::size_t axis) { return w.dilation[axis] * (w.kernel[axis] - 1) + 1; }

Result<void> check_channels(const Shape& in, std::int64_t channels, std::int64_t groups) {
  if (channels < 1 || groups < 1 || in[1] % groups != 0 || channels % groups != 0)
    return refused(std::to_string(in[1]) + " input and " + std::to_string(channels) +
                   " output channels do not divide into " + std::to_string(groups) + " groups");
  return {};
}

}  // namespace

Result<Window> full_window(const Window& window, std::size_t axes) {
  if (axes < 3) return refused("a window needs spatial axes");
  const std::size_t n = axes - 2;
  Window w = window;
  if (w.pad_end.empty()) w.pad_end = w.pad;
  if (w.grow_end.empty()) w.grow_end = {0};
  if (spread(w.kernel, n, 1) && spread(w.stride, n, 1) && spread(w.dilation, n, 1) && spread(w.pad, n, 0) &&
      spread(w.pad_end, n, 0) && spread(w.grow_end, n, 0))
    return w;
  return refused("kernel, stride, dilation and padding need one number in range for each of " +
                 std::to_string(n) + " axes");
}

Result<Shape> conv_shape(const Shape& in, const Window& w, std::int64_t channels, std::int64_t groups) {
  if (auto ok = check_channels(in, channels, groups); !ok) return tl::make_unexpected(ok.error());
  Shape out{in[0], channels};
  for (std::size_t i = 0; i + 2 < in.size(); ++i) {
    const std::int64_t room = in[i + 2] + w.pad[i] + w.pad_end[i] - reach(w, i);
    if (room < 0) return refused("the input " + shape_text(in) + " is smaller than the kernel");
    out.push_back(room / w.stride[i] + 1);
  }
  return out;
}

Result<Shape> transposed_shape(const Shape& in, const Window& w, std::int64_t channels, std::int64_t groups) {
  if (auto ok = check_channels(in, channels, groups); !ok) return tl::make_unexpected(ok.error());
  Shape out{in[0], channels};
  for (std::size_t i = 0; i + 2 < in.size(); ++i) {
    out.push_back((in[i + 2] - 1) * w.stride[i] - w.pad[i] - w.pad_end[i] + reach(w, i) + w.grow_end[i]);
    if (out.back() < 1) return refused("the padding leaves nothing of the result");
  }
  return out;
}

Result<Shape> pool_shape(const Shape& in, const Window& w) {
  Shape out{in[0], in[1]};
  for (std::size_t i = 0; i + 2 < in.size(); ++i) {
    const std::int64_t room = in[i + 2] + w.pad[i] + w.pad_end[i] - reach(w, i);
    if (room < 0) return refused("the input " + shape_text(in) + " is smaller than the window");
    const std::int64_t more = w.ceil && room % w.stride[i] != 0 ? 1 : 0;
    const std::int64_t count = room / w.stride[i] + 1 + more;
    // A window that would start behind the last number and its front padding does not count.
    out.push_back(more == 1 && (count - 1) * w.stride[i] >= in[i + 2] + w.pad[i] ? count - 1 : count);
  }
  return out;
}

Result<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  Shape out = a;
  bool fitting = a.size() == b.size();
  for (std::size_t i = 0; fitting && i < a.size(); ++i) {
    fitting = a[i] == b[i] || a[i] == 1 || b[i] == 1;
    out[i] = std::max(a[i], b[i]);
  }
  if (!fitting) return refused("shapes " + shape_text(a) + " and " + shape_text(b) + " do not match");
  return out;
}

Result<void> check_extents(const Shape& shape) {
  constexpr std::size_t kMostAxes = 8;
  if (shape.size() > kMostAxes) return refused("a tensor of more than 8 axes");
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 1) return refused("an extent of " + shape_text(shape) + " is not positive");
    product = capped(product, extent, kMostNumbers);
    if (product > kMostNumbers) return refused("a tensor of more than 2^50 numbers");
  }
  return {};
}

std::int64_t macs_of(const Graph& graph, const Operator& op) {
  if (op.parameters.empty()) return 0;
  const auto tensor = [&](int id) { return elements(graph.tensors[static_cast<std::size_t>(id)].shape); };
  const Shape& weight = graph.parameters[static_cast<std::size_t>(op.parameters.front())].shape;
  // Each output number of a convolution is a sum over the rest of the weight; each input number of a
  // transposed one is spread over it.
  if (op.kind == OpKind::convolution || op.kind == OpKind::linear)
    return capped(tensor(op.output), elements(weight) / weight.front(), kMostMacs);
  if (op.kind == OpKind::transposed_convolution)
    return capped(tensor(op.inputs.front()), elements(weight) / weight.front(), kMostMacs);
  return 0;
}

Result<void> check_sums(const Graph& graph) {
  std::int64_t moved = 0, macs = 0;
  for (const Operator& op : graph.operators) {
    macs += macs_of(graph, op);
    for (const int input : op.inputs) moved += elements(graph.tensors[static_cast<std::size_t>(input)].shape);
    for (const int p : op.parameters) moved += elements(graph.parameters[static_cast<std::size_t>(p)].shape);
    moved += elements(graph.tensors[static_cast<std::size_t>(op.output)].shape);
    if (macs > kMostMacs) return refused("more than 2^59 multiply-accumulates");
    if (moved > kMostMoved) return refused("more than 2^57 numbers moved");
  }
  return {};
}

}  // namespace ridgepoint::net
