// SPDX-License-Identifier: Apache-2.0
// 3D U-Nets: MLPerf KiTS19, nnU-Net plain and residual.
#include <algorithm>

#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kWidths[] = {32, 64, 128, 256, 320, 320};
constexpr int kLevels = 6;

const Window kUp = {.kernel = {2}, .stride = {2}};

Style instance(OpKind act, bool bias) {
  return {.norm = OpKind::instance_norm,
          .act = act,
          .slope = act == OpKind::leaky_relu ? 0.01 : 0,
          .conv_bias = bias};
}

Result<Graph> mlperf(const Shape& input) {
  const Style style = instance(OpKind::relu, false);
  Builder b("mlperf-3d-unet-kits19");
  TensorId x = b.input("image", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < kLevels; ++level) {
    const std::string at = level == 0             ? "input"
                           : level == kLevels - 1 ? "bottleneck"
                                                  : "down" + std::to_string(level - 1);
    x = conv_norm_act(b, x, at + ".conv1",
                      {.channels = kWidths[level], .window = same(3, level == 0 ? 1 : 2)}, style);
    x = conv_norm_act(b, x, at + ".conv2", {.channels = kWidths[level], .window = same(3)}, style);
    skips.push_back(x);
  }
  for (int up = 0; up < kLevels - 1; ++up) {
    const int level = kLevels - 2 - up;
    const std::string at = "up" + std::to_string(up);
    const TensorId raised = b.conv_transposed(x, at + ".upconv", {.channels = kWidths[level], .window = kUp});
    x = b.concat({raised, skips[static_cast<std::size_t>(level)]}, at + ".cat");
    for (const char* conv : {".conv1", ".conv2"})
      x = conv_norm_act(b, x, at + conv, {.channels = kWidths[level], .window = same(3)}, style);
  }
  b.output(b.conv(x, "output", {.channels = 3, .window = same(1)}));
  return b.finish();
}

/// nnU-Net's decoder: `convs` a level, and a segmentation head on every level (deep supervision).
void nnunet_decoder(Builder& b, const std::vector<TensorId>& skips, int convs, std::int64_t classes,
                    const Style& style) {
  TensorId x = skips.back();
  for (std::size_t stage = 1; stage < skips.size(); ++stage) {
    const TensorId skip = skips[skips.size() - 1 - stage];
    const std::int64_t width = b.channels(skip);
    const std::string at = "dec" + std::to_string(stage);
    x = b.concat({b.conv_transposed(x, at + ".up", {.channels = width, .window = kUp}), skip}, at + ".cat");
    for (int c = 0; c < convs; ++c)
      x = conv_norm_act(b, x, at + "." + std::to_string(c), {.channels = width, .window = same(3)}, style);
    b.output(b.conv(x, "seg" + std::to_string(stage), {.channels = classes, .window = same(1)}));
  }
}

Result<Graph> plain(const std::string& name, const Shape& input, std::int64_t classes) {
  const Style style = instance(OpKind::leaky_relu, true);
  Builder b(name);
  TensorId x = b.input("image", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < kLevels; ++level) {
    for (int c = 0; c < 2; ++c)
      x = conv_norm_act(b, x, "enc" + std::to_string(level) + "." + std::to_string(c),
                        {.channels = kWidths[level], .window = same(3, level > 0 && c == 0 ? 2 : 1)}, style);
    skips.push_back(x);
  }
  nnunet_decoder(b, skips, 2, classes, style);
  return b.finish();
}

TensorId residual(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
                  const Style& style) {
  TensorId skip = x;
  if (stride > 1)
    skip = b.pool(skip, at + ".skip.pool", OpKind::average_pool, {.kernel = {stride}, .stride = {stride}});
  if (b.channels(x) != width)
    skip =
        b.norm(b.conv(skip, at + ".skip", {.channels = width, .bias = false}), at + ".skip.norm", style.norm);
  x = conv_norm_act(b, x, at + ".c1", {.channels = width, .window = same(3, stride)}, style);
  x = conv_norm(b, x, at + ".c2", {.channels = width, .window = same(3)}, style);
  return b.activation(b.add(x, skip, at + ".add"), at + ".act", style.act, style.slope);
}

Result<Graph> resenc(const Shape& input) {
  constexpr int kBlocks[] = {1, 3, 4, 6, 6, 6};
  const Style style = instance(OpKind::leaky_relu, true);
  Builder b("nnunet-3d-resenc");
  TensorId x = conv_norm_act(b, b.input("image", input), "stem", {.channels = 32, .window = same(3)}, style);
  std::vector<TensorId> skips;
  for (int level = 0; level < kLevels; ++level) {
    for (int block = 0; block < kBlocks[level]; ++block)
      x = residual(b, x, "enc" + std::to_string(level) + "." + std::to_string(block), kWidths[level],
                   level > 0 && block == 0 ? 2 : 1, style);
    skips.push_back(x);
  }
  nnunet_decoder(b, skips, 1, 3, style);
  return b.finish();
}

}  // namespace

extern const NetworkFamily unet_network;
const NetworkFamily unet_network{
    .title = "3D U-Nets",
    .entries = {
        {"mlperf-3d-unet-kits19", "CT kidney and tumour segmentation, MLPerf training and inference",
         "mlcommons/training:retired_benchmarks/unet3d/pytorch/model/unet3d.py@aa344c7", "1x1x128x128x128",
         mlperf},
        {"nnunet-3d-fullres", "generic 3D segmentation, nnU-Net v2 plain, deep supervision, 3 classes",
         "MIC-DKFZ/dynamic-network-architectures:dynamic_network_architectures/architectures/unet.py@d35f85c",
         "1x1x128x128x128", [](const Shape& input) { return plain("nnunet-3d-fullres", input, 3); }},
        {"nnunet-3d-resenc", "generic 3D segmentation, nnU-Net v2 residual encoder, 3 classes",
         "MIC-DKFZ/nnUNet:nnunetv2/experiment_planning/experiment_planners/residual_unets/"
         "residual_encoder_unet_planners.py@0e49508",
         "1x1x128x128x128", resenc}}};

}  // namespace ridgepoint
