// SPDX-License-Identifier: Apache-2.0
// DenseNet-121: every layer reads all layers before it in its block.
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kGrowth = 32;
constexpr int kBlocks[] = {6, 12, 24, 16};

TensorId norm_act(Builder& b, TensorId x, const std::string& at) {
  return b.activation(b.norm(x, at + ".norm", OpKind::batch_norm), at + ".act", OpKind::relu);
}

/// Each layer joins all results before it anew, so those stay alive to the end of the block.
TensorId dense_block(Builder& b, TensorId x, const std::string& block, int layers) {
  std::vector<TensorId> results = {x};
  for (int layer = 0; layer < layers; ++layer) {
    const std::string at = block + "." + std::to_string(layer);
    TensorId y = b.conv(norm_act(b, x, at + ".c1"), at + ".c1", {.channels = 4 * kGrowth, .bias = false});
    y = b.conv(norm_act(b, y, at + ".c2"), at + ".c2",
               {.channels = kGrowth, .window = same(3), .bias = false});
    results.push_back(y);
    x = b.concat(results, at + ".cat");
  }
  return x;
}

Result<Graph> densenet(const std::string& name, const Shape& input, std::int64_t classes) {
  Builder b(name);
  const Style style;
  TensorId x =
      conv_norm_act(b, b.input("image", input), "conv0", {.channels = 64, .window = same(7, 2)}, style);
  x = b.pool(x, "pool0", OpKind::max_pool, same(3, 2));
  for (int block = 0; block < 4; ++block) {
    const std::string at = "b" + std::to_string(block);
    x = norm_act(b, dense_block(b, x, at, kBlocks[block]), block < 3 ? at + ".trans" : "last");
    if (block == 3) break;
    x = b.conv(x, at + ".trans", {.channels = b.channels(x) / 2, .bias = false});
    x = b.pool(x, at + ".pool", OpKind::average_pool, valid(2, 2));
  }
  b.output(b.linear(b.global_average_pool(x, "pool"), "fc", classes));
  return b.finish();
}

constexpr const char* kSource = "Huang et al. 2017, arXiv 1608.06993; structure of torchvision";

}  // namespace

extern const NetworkFamily densenet_network;
const NetworkFamily densenet_network{
    .title = "DenseNet",
    .entries = {{"chest-densenet121", "chest X-ray findings, 14 labels, full resolution", kSource,
                 "1x3x1024x1024", [](const Shape& in) { return densenet("chest-densenet121", in, 14); }},
                {"densenet121", "ImageNet classification, 1000 classes", kSource, "1x3x224x224",
                 [](const Shape& in) { return densenet("densenet121", in, 1000); }}}};

}  // namespace ridgepoint
