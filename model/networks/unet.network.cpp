// SPDX-License-Identifier: Apache-2.0
// 3D U-Nets: MLPerf, nnU-Net plain and residual, NVIDIA, IntelAI, the first one.
#include <array>

#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

using Widths = std::array<std::int64_t, 6>;
constexpr Widths kWidths{32, 64, 128, 256, 320, 320};
constexpr Widths kWidthsOfV1{30, 60, 120, 240, 320, 320};

/// What tells the plain U-Nets apart. All halve by strided convolutions and rise by 2^3 transposed ones.
struct Plain {
  const char* name;
  Widths widths = kWidths;
  OpKind act = OpKind::leaky_relu;
  bool conv_bias = false;
  bool up_bias = true;
  bool head_bias = true;
  std::int64_t classes = 3;
  std::int64_t head_kernel = 1;
  bool every_level = false;  ///< a segmentation head on each level of the decoder (deep supervision)
  bool softmax = false;
};

Style style_of(const Plain& p) {
  return {.norm = OpKind::instance_norm,
          .act = p.act,
          .slope = p.act == OpKind::leaky_relu ? 0.01 : 0,
          .conv_bias = p.conv_bias};
}

/// `convs` convolutions a level; the encoder's results from fine to coarse are joined in again.
void decoder(Builder& b, const std::vector<TensorId>& skips, int convs, const Plain& p) {
  TensorId x = skips.back();
  for (std::size_t stage = 1; stage < skips.size(); ++stage) {
    const TensorId skip = skips[skips.size() - 1 - stage];
    const std::int64_t width = b.channels(skip);
    const std::string at = "dec" + std::to_string(stage);
    const TensorId raised =
        b.conv_transposed(x, at + ".up", {.channels = width, .window = valid(2, 2), .bias = p.up_bias});
    x = b.concat({raised, skip}, at + ".cat");
    for (int c = 0; c < convs; ++c)
      x = conv_norm_act(b, x, at + "." + std::to_string(c), {.channels = width, .window = same(3)},
                        style_of(p));
    if (!p.every_level && stage + 1 < skips.size()) continue;
    const TensorId head = b.conv(x, "seg" + std::to_string(stage),
                                 {.channels = p.classes, .window = same(p.head_kernel), .bias = p.head_bias});
    b.output(p.softmax ? b.softmax(head, "softmax") : head);
  }
}

Result<Graph> plain(const Shape& input, const Plain& p) {
  Builder b(p.name);
  TensorId x = b.input("image", input);
  std::vector<TensorId> skips;
  for (std::size_t level = 0; level < p.widths.size(); ++level) {
    for (int c = 0; c < 2; ++c)
      x = conv_norm_act(b, x, "enc" + std::to_string(level) + "." + std::to_string(c),
                        {.channels = p.widths[level], .window = same(3, level > 0 && c == 0 ? 2 : 1)},
                        style_of(p));
    skips.push_back(x);
  }
  decoder(b, skips, 2, p);
  return b.finish();
}

constexpr Plain kMlperf{.name = "mlperf-3d-unet-kits19", .act = OpKind::relu};
constexpr Plain kNnunet{.name = "nnunet-3d-fullres", .conv_bias = true, .every_level = true};
constexpr Plain kBrats19{.name = "mlperf-3d-unet-brats19",
                         .widths = kWidthsOfV1,
                         .conv_bias = true,
                         .up_bias = false,
                         .head_bias = false,
                         .classes = 4};
constexpr Plain kNvidiaTf{
    .name = "nvidia-3d-unet-brats-tf1", .classes = 4, .head_kernel = 3, .softmax = true};
constexpr Plain kNvidiaTorch{.name = "nvidia-nnunet-3d", .classes = 4};

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
  constexpr std::array<int, 6> kBlocks{1, 3, 4, 6, 6, 6};
  constexpr Plain kResenc{.name = "nnunet-3d-resenc", .conv_bias = true, .every_level = true};
  const Style style = style_of(kResenc);
  Builder b(kResenc.name);
  TensorId x = conv_norm_act(b, b.input("image", input), "stem", {.channels = 32, .window = same(3)}, style);
  std::vector<TensorId> skips;
  for (std::size_t level = 0; level < kBlocks.size(); ++level) {
    for (int block = 0; block < kBlocks[level]; ++block)
      x = residual(b, x, "enc" + std::to_string(level) + "." + std::to_string(block), kWidths[level],
                   level > 0 && block == 0 ? 2 : 1, style);
    skips.push_back(x);
  }
  decoder(b, skips, 1, kResenc);
  return b.finish();
}

/// Two convolutions, batch norm before each activation.
TensorId pair(Builder& b, TensorId x, const std::string& at, std::int64_t first, std::int64_t second,
              const Window& window) {
  constexpr Style kBatch{.norm = OpKind::batch_norm, .act = OpKind::relu, .conv_bias = true};
  x = conv_norm_act(b, x, at + ".0", {.channels = first, .window = window}, kBatch);
  return conv_norm_act(b, x, at + ".1", {.channels = second, .window = window}, kBatch);
}

/// The middle of `x`, as large as `like`.
TensorId crop(Builder& b, TensorId x, TensorId like, const std::string& name) {
  Shape shape = b.shape(x), starts(shape.size(), 0);
  for (std::size_t axis = 2; axis < shape.size(); ++axis) {
    starts[axis] = (shape[axis] - b.shape(like)[axis]) / 2;
    shape[axis] = b.shape(like)[axis];
  }
  return b.slice(x, name, starts, shape);
}

Result<Graph> cicek(const Shape& input) {
  Builder b("3d-unet-2016");
  TensorId x = b.input("volume", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < 3; ++level) {
    x = pair(b, x, "enc" + std::to_string(level), 32 << level, 64 << level, valid(3));
    skips.push_back(x);
    x = b.pool(x, "pool" + std::to_string(level), OpKind::max_pool, valid(2, 2));
  }
  x = pair(b, x, "bottom", 256, 512, valid(3));
  for (int level = 2; level >= 0; --level) {
    const std::string at = "dec" + std::to_string(level);
    x = b.conv_transposed(x, at + ".up", {.channels = b.channels(x), .window = valid(2, 2)});
    x = b.concat({x, crop(b, skips[static_cast<std::size_t>(level)], x, at + ".crop")}, at + ".cat");
    x = pair(b, x, at, 64 << level, 64 << level, valid(3));
  }
  b.output(b.conv(x, "out", {.channels = 3}));
  return b.finish();
}

Result<Graph> intelai(const Shape& input) {
  Builder b("intelai-3d-unet");
  TensorId x = b.input("volume", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < 5; ++level) {
    x = pair(b, x, "enc" + std::to_string(level), 16 << level, 16 << level, same(3));
    skips.push_back(x);
    if (level < 4) x = b.pool(x, "pool" + std::to_string(level), OpKind::max_pool, valid(2, 2));
  }
  for (int level = 3; level >= 0; --level) {
    const std::string at = "dec" + std::to_string(level);
    x = b.conv_transposed(x, at + ".up", {.channels = 16 << level, .window = valid(2, 2)});
    x = b.concat({x, skips[static_cast<std::size_t>(level)]}, at + ".cat");
    x = pair(b, x, at, 16 << level, 16 << level, same(3));
  }
  b.output(b.conv(x, "out", {.channels = 1}));
  return b.finish();
}

}  // namespace

extern const NetworkFamily unet_network;
const NetworkFamily unet_network{
    .title = "3D U-Nets",
    .entries = {
        {"mlperf-3d-unet-kits19", "CT kidney and tumour segmentation, MLPerf training and inference",
         "mlcommons/training:retired_benchmarks/unet3d/pytorch/model/unet3d.py@aa344c7", "1x1x128x128x128",
         [](const Shape& in) { return plain(in, kMlperf); }, 32},
        {"mlperf-3d-unet-brats19",
         "MR brain tumours, MLPerf inference v0.7-v1.1; nnU-Net v1 with its default 30 features (assumed)",
         "mlcommons/inference:vision/medical_imaging/3d-unet-brats19/unet_pytorch_to_onnx.py@7947d5b; "
         "MIC-DKFZ/nnUNet:nnunet/network_architecture/generic_UNet.py@648f4b3",
         "1x4x224x224x160", [](const Shape& in) { return plain(in, kBrats19); }, 32},
        {"nnunet-3d-fullres", "generic 3D segmentation, nnU-Net v2 plain, deep supervision, 3 classes",
         "MIC-DKFZ/dynamic-network-architectures:dynamic_network_architectures/architectures/unet.py@d35f85c",
         "1x1x128x128x128", [](const Shape& in) { return plain(in, kNnunet); }, 32},
        {"nnunet-3d-resenc", "generic 3D segmentation, nnU-Net v2 residual encoder, 3 classes",
         "MIC-DKFZ/nnUNet:nnunetv2/experiment_planning/experiment_planners/residual_unets/"
         "residual_encoder_unet_planners.py@0e49508",
         "1x1x128x128x128", resenc, 32},
        {"nvidia-nnunet-3d", "NVIDIA's nnU-Net for PyTorch, Medical Decathlon task 1, 128^3 patches",
         "NVIDIA/DeepLearningExamples:PyTorch/Segmentation/nnUNet/nnunet/nn_unet.py@0053e6d",
         "1x4x128x128x128", [](const Shape& in) { return plain(in, kNvidiaTorch); }, 32},
        {"nvidia-3d-unet-brats-tf1", "NVIDIA's 3D U-Net for TensorFlow 1, BraTS (4 classes assumed)",
         "NVIDIA/DeepLearningExamples:TensorFlow/Segmentation/UNet_3D_Medical/model@1158675",
         "1x4x128x128x128", [](const Shape& in) { return plain(in, kNvidiaTf); }, 32},
        {"intelai-3d-unet", "BraTS 3D U-Net of Intel's CPU reference, 16 features",
         "IntelAI/unet:3D/model.py@3c31ae1", "1x1x144x144x144", intelai, 16},
        {"3d-unet-2016", "the first 3D U-Net, unpadded", "Cicek et al. 2016, arXiv 1606.06650",
         "1x3x132x132x116", cicek}}};

}  // namespace ridgepoint
