// SPDX-License-Identifier: Apache-2.0
// 3D lung-nodule detectors: the DSB2017 winner's N-Net and DeepLung's dual-path network.
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr Style kBiased{.norm = OpKind::batch_norm, .act = OpKind::relu, .conv_bias = true};
constexpr Style kPlain{.norm = OpKind::batch_norm, .act = OpKind::relu};
const Window kTwo = {.kernel = {2}, .stride = {2}};
constexpr std::int64_t kHeads = 5 * 3;  ///< probability, position (3) and size for each of three anchors

TensorId residual(Builder& b, TensorId x, const std::string& at, std::int64_t width) {
  TensorId skip = x;
  if (b.channels(x) != width) skip = conv_norm(b, x, at + ".sc", {.channels = width}, kBiased);
  x = conv_norm_act(b, x, at + ".c1", {.channels = width, .window = same(3)}, kBiased);
  x = conv_norm(b, x, at + ".c2", {.channels = width, .window = same(3)}, kBiased);
  return b.activation(b.add(x, skip, at + ".add", true), at + ".act", OpKind::relu);
}

TensorId residuals(Builder& b, TensorId x, const std::string& at, std::int64_t width, int blocks) {
  for (int i = 0; i < blocks; ++i) x = residual(b, x, at + "." + std::to_string(i), width);
  return x;
}

TensorId raise(Builder& b, TensorId x, const std::string& at, std::int64_t width) {
  x = b.norm(b.conv_transposed(x, at, {.channels = width, .window = kTwo}), at + ".norm", OpKind::batch_norm);
  return b.activation(x, at + ".act", OpKind::relu);
}

/// Where each voxel of the feature map lies in the scan.
TensorId coordinates(Builder& b, TensorId map) {
  Shape shape = b.shape(map);
  shape[1] = 3;
  return b.input("coordinates", shape);
}

void heads(Builder& b, TensorId x) {
  x = b.dropout(x, "drop", 0.5, true);
  x = b.activation(b.conv(x, "out0", {.channels = 64}), "out0.act", OpKind::relu);
  b.output(b.conv(x, "out1", {.channels = kHeads}));
}

Result<Graph> n_net(const Shape& input) {
  Builder b("dsb2017-nodule-detector");
  TensorId x = b.input("crop", input);
  x = conv_norm_act(b, x, "pre0", {.channels = 24, .window = same(3)}, kBiased);
  x = conv_norm_act(b, x, "pre1", {.channels = 24, .window = same(3)}, kBiased);
  const auto halve = [&](TensorId t, const char* name) { return b.pool(t, name, OpKind::max_pool, kTwo); };
  const TensorId at2 = residuals(b, halve(x, "pool1"), "forw1", 32, 2);
  const TensorId at4 = residuals(b, halve(at2, "pool2"), "forw2", 64, 2);
  const TensorId at8 = residuals(b, halve(at4, "pool3"), "forw3", 64, 3);
  const TensorId at16 = residuals(b, halve(at8, "pool4"), "forw4", 64, 3);
  x = b.concat({raise(b, at16, "path1", 64), at8}, "comb3");
  x = residuals(b, x, "back3", 64, 3);
  const TensorId raised = raise(b, x, "path2", 64);
  x = b.concat({raised, at4, coordinates(b, raised)}, "comb2");
  heads(b, residuals(b, x, "back2", 128, 3));
  return b.finish();
}

constexpr std::int64_t kDense = 8;

/// Dual path: the first `width` channels are added to the shortcut's, the others are kept beside them.
TensorId dual_path(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
                   bool first) {
  TensorId y = conv_norm_act(b, x, at + ".c1", {.channels = width}, kPlain);
  y = conv_norm_act(b, y, at + ".c2", {.channels = width, .window = same(3, stride), .groups = 8}, kPlain);
  y = conv_norm(b, y, at + ".c3", {.channels = width + kDense}, kPlain);
  const TensorId skip =
      first ? conv_norm(b, x, at + ".sc", {.channels = width + kDense, .window = valid(1, stride)}, kPlain)
            : x;
  const auto cut = [&](TensorId t, const char* name, std::int64_t from, std::int64_t channels) {
    Shape starts(b.shape(t).size(), 0), shape = b.shape(t);
    starts[1] = from;
    shape[1] = channels;
    return b.slice(t, at + name, starts, shape);
  };
  const TensorId sum = b.add(cut(skip, ".skip.head", 0, width), cut(y, ".head", 0, width), at + ".add");
  const TensorId rest = cut(skip, ".skip.tail", width, b.channels(skip) - width);
  const TensorId joined = b.concat({sum, rest, cut(y, ".tail", width, kDense)}, at + ".cat");
  return b.activation(joined, at + ".act", OpKind::relu);
}

TensorId dual_paths(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride) {
  x = dual_path(b, x, at + ".0", width, stride, true);
  return dual_path(b, x, at + ".1", width, 1, false);
}

Result<Graph> dpn26(const Shape& input) {
  Builder b("deeplung-dpn26");
  const TensorId x0 =
      conv_norm_act(b, b.input("crop", input), "conv1", {.channels = 24, .window = same(3)}, kPlain);
  const TensorId at2 = dual_paths(b, x0, "layer1", 24, 2);
  const TensorId at4 = dual_paths(b, at2, "layer2", 48, 2);
  const TensorId at8 = dual_paths(b, at4, "layer3", 72, 2);
  const TensorId at16 = dual_paths(b, at8, "layer4", 96, 2);
  TensorId x = b.concat({raise(b, at16, "path1", b.channels(at16)), at8}, "comb3");
  x = dual_paths(b, x, "layer5", 128, 1);
  const TensorId raised = raise(b, x, "path2", b.channels(x));
  x = b.concat({raised, at4, coordinates(b, raised)}, "comb2");
  heads(b, dual_paths(b, x, "layer6", 224, 1));
  return b.finish();
}

}  // namespace

extern const NetworkFamily nodule_network;
const NetworkFamily nodule_network{
    .title = "Lung-nodule detectors",
    .entries = {
        {"dsb2017-nodule-detector",
         "3D lung-nodule detector, DSB2017 winner (N-Net; also DeepLung's ResNet-18)",
         "lfz/DSB2017:net_detector.py@0ac3eb9", "1x1x128x128x128", n_net, 16},
        {"deeplung-dpn26", "3D lung-nodule detector with dual paths (242 unused weights upstream left out)",
         "wentaozhu/DeepLung:detector/dpn3d26.py@0fedeae", "1x1x96x96x96", dpn26, 16}}};

}  // namespace ridgepoint
