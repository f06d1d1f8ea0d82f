// SPDX-License-Identifier: Apache-2.0
#include "model/networks/resnet.h"

#include "model/networks/blocks.h"

namespace ridgepoint::net {
namespace {

TensorId basic(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
               std::int64_t dilation) {
  const Style style;
  TensorId y =
      conv_norm_act(b, x, at + ".c1", {.channels = width, .window = same(3, stride, dilation)}, style);
  y = conv_norm(b, y, at + ".c2", {.channels = width, .window = same(3, 1, dilation)}, style);
  if (stride != 1 || b.channels(x) != width)
    x = conv_norm(b, x, at + ".sc", {.channels = width, .window = valid(1, stride)}, style);
  return b.activation(b.add(y, x, at + ".add", true), at + ".act", style.act);
}

}  // namespace

TensorId bottleneck(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t out,
                    std::int64_t stride, std::int64_t dilation, bool first, bool bias) {
  const Style style{.conv_bias = bias};
  TensorId y = conv_norm_act(b, x, at + ".c1", {.channels = width}, style);
  y = conv_norm_act(b, y, at + ".c2", {.channels = width, .window = same(3, stride, dilation)}, style);
  y = conv_norm(b, y, at + ".c3", {.channels = out}, style);
  if (first) x = conv_norm(b, x, at + ".sc", {.channels = out, .window = valid(1, stride)}, style);
  return b.activation(b.add(y, x, at + ".add", true), at + ".act", style.act);
}

TensorId resnet_trunk(Builder& b, TensorId x, const ResNet& net) {
  const Style style;
  x = conv_norm_act(b, x, "conv1", {.channels = 64, .window = same(7, net.stem_stride)}, style);
  x = b.pool(x, "pool1", OpKind::max_pool, same(3, 2));
  for (std::size_t stage = 0; stage < net.blocks.size(); ++stage) {
    const std::int64_t width = 64 << stage;
    for (int block = 0; block < net.blocks[stage]; ++block) {
      const std::string at = "layer" + std::to_string(stage + 1) + "." + std::to_string(block);
      const std::int64_t stride = block == 0 ? net.strides[stage] : 1;
      if (net.bottleneck)
        x = bottleneck(b, x, at, width, 4 * width, stride, net.dilations[stage], block == 0, false);
      else
        x = basic(b, x, at, width, stride, net.dilations[stage]);
    }
  }
  return x;
}

}  // namespace ridgepoint::net
