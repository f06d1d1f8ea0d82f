// SPDX-License-Identifier: Apache-2.0
// V-Net: 5^3 convolutions, residual stages, strided convolutions instead of pools.
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr Style kElu{.norm = OpKind::batch_norm, .act = OpKind::elu, .slope = 1, .conv_bias = true};
const Window kHalve = {.kernel = {2}, .stride = {2}};

TensorId elu(Builder& b, TensorId x, const std::string& name) {
  return b.activation(x, name, OpKind::elu, 1);
}

/// `convs` convolutions of the same width, added to `skip`.
TensorId stage(Builder& b, TensorId x, TensorId skip, const std::string& at, int convs) {
  const std::int64_t width = b.channels(x);
  for (int c = 0; c < convs; ++c)
    x = conv_norm_act(b, x, at + "." + std::to_string(c), {.channels = width, .window = same(5)}, kElu);
  return elu(b, b.add(x, skip, at + ".add"), at + ".act");
}

TensorId down(Builder& b, TensorId x, std::int64_t width, int convs, bool drop) {
  const std::string at = "d" + std::to_string(width);
  const TensorId half = conv_norm_act(b, x, at + ".down", {.channels = width, .window = kHalve}, kElu);
  return stage(b, drop ? b.dropout(half, at + ".drop", 0.5, true) : half, half, at, convs);
}

TensorId up(Builder& b, TensorId x, TensorId skip, std::int64_t width, int convs, bool drop) {
  const std::string at = "u" + std::to_string(width);
  if (drop) x = b.dropout(x, at + ".drop", 0.5, true);
  skip = b.dropout(skip, at + ".skip.drop", 0.5, true);
  const TensorId raised = b.norm(b.conv_transposed(x, at + ".up", {.channels = width / 2, .window = kHalve}),
                                 at + ".up.norm", OpKind::batch_norm);
  const TensorId both = b.concat({elu(b, raised, at + ".up.act"), skip}, at + ".cat");
  return stage(b, both, both, at, convs);
}

Result<Graph> vnet(const Shape& input) {
  Builder b("vnet");
  const TensorId image = b.input("image", input);
  const TensorId first = conv_norm(b, image, "in", {.channels = 16, .window = same(5)}, kElu);
  const TensorId wide = b.concat(std::vector<TensorId>(16, image), "in.cat");
  const TensorId at16 = elu(b, b.add(first, wide, "in.add"), "in.act");
  const TensorId at32 = down(b, at16, 32, 1, false);
  const TensorId at64 = down(b, at32, 64, 2, false);
  const TensorId at128 = down(b, at64, 128, 3, true);
  TensorId x = down(b, at128, 256, 2, true);
  x = up(b, x, at128, 256, 2, true);
  x = up(b, x, at64, 128, 2, true);
  x = up(b, x, at32, 64, 1, false);
  x = up(b, x, at16, 32, 1, false);
  x = conv_norm_act(b, x, "out1", {.channels = 2, .window = same(5)}, kElu);
  b.output(b.softmax(b.conv(x, "out2", {.channels = 2}), "softmax"));
  return b.finish();
}

}  // namespace

extern const NetworkFamily vnet_network;
const NetworkFamily vnet_network{
    .title = "V-Net",
    .entries = {{"vnet", "3D prostate MR segmentation (image repeated along the channels, as in the paper)",
                 "mattmacy/vnet.pytorch:vnet.py@a00c8ea", "1x1x128x128x64", vnet, 16}}};

}  // namespace ridgepoint
