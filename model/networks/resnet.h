// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "model/networks/builder.h"

namespace ridgepoint::net {

/// A ResNet without its head, in two or three dimensions.
struct ResNet {
  std::array<int, 4> blocks{2, 2, 2, 2};
  bool bottleneck = false;
  std::int64_t stem_stride = 2;
  std::array<std::int64_t, 4> strides{1, 2, 2, 2};
  std::array<std::int64_t, 4> dilations{1, 1, 1, 1};
};

constexpr ResNet kResNet10{.blocks = {1, 1, 1, 1}};
constexpr ResNet kResNet18{};
constexpr ResNet kResNet34{.blocks = {3, 4, 6, 3}};
constexpr ResNet kResNet50{.blocks = {3, 4, 6, 3}, .bottleneck = true};
constexpr ResNet kResNet152{.blocks = {3, 8, 36, 3}, .bottleneck = true};

/// Stem, max-pool and four stages. Convolutions carry no bias; the stride of a bottleneck is in its 3x3
/// ("version 1.5").
TensorId resnet_trunk(Builder& b, TensorId x, const ResNet& net);

/// 1x1, 3x3, 1x1 with batch norms, added to the shortcut.
TensorId bottleneck(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t out,
                    std::int64_t stride, std::int64_t dilation, bool first, bool bias);

}  // namespace ridgepoint::net
