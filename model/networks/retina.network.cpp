// SPDX-License-Identifier: Apache-2.0
// nnDetection's RetinaUNet: encoder, feature pyramid, detection heads shared over the levels.
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kWidths[] = {32, 64, 128, 256, 320, 320};
constexpr std::int64_t kPyramid[] = {32, 64, 128, 128, 128, 128};
constexpr std::size_t kLevels = 6, kFirstHead = 2;
constexpr std::int64_t kAnchors = 27, kBox = 6, kHeadWidth = 128, kHeadGroups = 16;
constexpr Style kEncoder{.norm = OpKind::instance_norm, .act = OpKind::relu};

/// One head, run on every level with the same convolutions and norms.
void head(Builder& b, const std::vector<TensorId>& levels, const std::string& name, std::int64_t outputs) {
  b.share_weights(true);
  for (std::size_t level = kFirstHead; level < kLevels; ++level) {
    TensorId x = levels[level];
    for (const char* conv : {".0", ".1"}) {
      x = b.conv(x, name + conv, {.channels = kHeadWidth, .window = same(3), .bias = false});
      x = b.norm(x, name + conv + std::string(".norm"), OpKind::group_norm, true, kHeadGroups);
      x = b.activation(x, name + conv + std::string(".act"), OpKind::relu);
    }
    b.output(b.conv(x, name + ".out", {.channels = outputs, .window = same(3)}));
  }
  b.share_weights(false);
}

Result<Graph> retina_unet(const Shape& input) {
  Builder b("nndetection-retinaunet");
  TensorId x = b.input("patch", input);
  std::vector<TensorId> levels;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::string at = "enc" + std::to_string(level);
    x = conv_norm_act(b, x, at + ".0", {.channels = kWidths[level], .window = same(3, level == 0 ? 1 : 2)},
                      kEncoder);
    x = conv_norm_act(b, x, at + ".1", {.channels = kWidths[level], .window = same(3)}, kEncoder);
    levels.push_back(x);
  }
  for (std::size_t level = 0; level < kLevels; ++level)
    levels[level] = b.conv(levels[level], "lat" + std::to_string(level), {.channels = kPyramid[level]});
  for (std::size_t level = kLevels - 1; level > 0; --level) {
    const std::string at = "up" + std::to_string(level);
    const TensorId raised =
        b.conv_transposed(levels[level], at, {.channels = kPyramid[level - 1], .window = valid(2, 2)});
    levels[level - 1] = b.add(levels[level - 1], raised, at + ".add");
  }
  b.output(b.conv(levels[0], "seg", {.channels = 2}));
  head(b, levels, "cls", kAnchors);
  head(b, levels, "reg", kAnchors * kBox);
  return b.finish();
}

}  // namespace

extern const NetworkFamily retina_network;
const NetworkFamily retina_network{
    .title = "Object detection in volumes",
    .entries = {{"nndetection-retinaunet", "3D object detection with segmentation, 27 anchors a position",
                 "MIC-DKFZ/nnDetection:nndet/ptmodule/retinaunet/v001.py@97a58f3", "1x1x128x128x128",
                 retina_unet, 32}}};

}  // namespace ridgepoint
