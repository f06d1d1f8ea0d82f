// SPDX-License-Identifier: Apache-2.0
// STU-Net in three sizes, and the first 3D U-Net with padded convolutions.
#include <algorithm>

#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr Style kStyle{
    .norm = OpKind::instance_norm, .act = OpKind::leaky_relu, .slope = 0.01, .conv_bias = true};

struct Size {
  std::int64_t base = 32;
  int depth = 1;
};

TensorId block(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
               bool projected) {
  TensorId y = conv_norm_act(b, x, at + ".c1", {.channels = width, .window = same(3, stride)}, kStyle);
  y = conv_norm(b, y, at + ".c2", {.channels = width, .window = same(3)}, kStyle);
  if (projected) x = b.conv(x, at + ".c3", {.channels = width, .window = same(1, stride)});
  return b.activation(b.add(y, x, at + ".add", true), at + ".act", kStyle.act, kStyle.slope);
}

TensorId stage(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
               int depth) {
  for (int d = 0; d < depth; ++d)
    x = block(b, x, at + "." + std::to_string(d), width, d == 0 ? stride : 1, d == 0);
  return x;
}

Result<Graph> stunet(const Shape& input, const std::string& name, Size size) {
  Builder b(name);
  TensorId x = b.input("image", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < 6; ++level) {
    const std::int64_t width = size.base << std::min(level, 4);
    x = stage(b, x, "enc" + std::to_string(level), width, level > 0 ? 2 : 1, size.depth);
    skips.push_back(x);
  }
  for (int level = 4; level >= 0; --level) {
    const std::string at = "dec" + std::to_string(level);
    const TensorId skip = skips[static_cast<std::size_t>(level)];
    x = b.resize(x, at + ".up", b.extents(skip), false);
    x = b.conv(x, at + ".narrow", {.channels = b.channels(skip)});
    x = stage(b, b.concat({x, skip}, at + ".cat"), at, b.channels(skip), 1, size.depth);
    b.output(b.conv(x, at + ".seg", {.channels = 3}));
  }
  return b.finish();
}

Result<Graph> padded(const Shape& input) {
  constexpr Style kBatch{.norm = OpKind::batch_norm, .act = OpKind::relu, .conv_bias = true};
  Builder b("3d-unet-2016-padded");
  const auto pair = [&](TensorId x, const std::string& at, std::int64_t first, std::int64_t second) {
    x = conv_norm_act(b, x, at + ".0", {.channels = first, .window = same(3)}, kBatch);
    return conv_norm_act(b, x, at + ".1", {.channels = second, .window = same(3)}, kBatch);
  };
  TensorId x = b.input("volume", input);
  std::vector<TensorId> skips;
  for (int level = 0; level < 3; ++level) {
    x = pair(x, "enc" + std::to_string(level), 32 << level, 64 << level);
    skips.push_back(x);
    x = b.pool(x, "pool" + std::to_string(level), OpKind::max_pool, valid(2, 2));
  }
  x = pair(x, "bottom", 256, 512);
  for (int level = 2; level >= 0; --level) {
    const std::string at = "dec" + std::to_string(level);
    x = b.conv_transposed(x, at + ".up", {.channels = b.channels(x), .window = valid(2, 2)});
    x = pair(b.concat({x, skips[static_cast<std::size_t>(level)]}, at + ".cat"), at, 64 << level,
             64 << level);
  }
  b.output(b.conv(x, "out", {.channels = 1}));
  return b.finish();
}

constexpr const char* kSource =
    "uni-medical/STU-Net:nnUNet-1.7.1/nnunet/network_architecture/STUNet.py@1732c65; sizes arXiv 2304.06716";

}  // namespace

extern const NetworkFamily stunet_network;
const NetworkFamily stunet_network{
    .title = "3D U-Nets of others",
    .entries = {
        {"stu-net-s", "segmentation, 16 base features (14.6 M parameters)", kSource, "1x1x128x128x128",
         [](const Shape& in) {
           return stunet(in, "stu-net-s", {16, 1});
         }},
        {"stu-net-b", "segmentation, 32 base features (58.26 M)", kSource, "1x1x128x128x128",
         [](const Shape& in) {
           return stunet(in, "stu-net-b", {32, 1});
         }},
        {"stu-net-l", "segmentation, 64 base features, two blocks a stage (440.3 M)", kSource,
         "1x1x128x128x128",
         [](const Shape& in) {
           return stunet(in, "stu-net-l", {64, 2});
         }},
        {"3d-unet-2016-padded", "the first 3D U-Net's widths with padded convolutions, one class",
         "Cicek et al. 2016, arXiv 1606.06650; padding assumed", "1x1x128x128x128", padded}}};

}  // namespace ridgepoint
