// SPDX-License-Identifier: Apache-2.0
// GoogLeNet and Inception-v3, without their auxiliary heads.
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

struct Branches {
  const char* name;
  std::int64_t one, three_in, three, five_in, five, pool;
};

constexpr Branches kStage3[] = {{"3a", 64, 96, 128, 16, 32, 32}, {"3b", 128, 128, 192, 32, 96, 64}};
constexpr Branches kStage4[] = {{"4a", 192, 96, 208, 16, 48, 64},
                                {"4b", 160, 112, 224, 24, 64, 64},
                                {"4c", 128, 128, 256, 24, 64, 64},
                                {"4d", 112, 144, 288, 32, 64, 64},
                                {"4e", 256, 160, 320, 32, 128, 128}};
constexpr Branches kStage5[] = {{"5a", 256, 160, 320, 32, 128, 128}, {"5b", 384, 192, 384, 48, 128, 128}};

TensorId conv_act(Builder& b, TensorId x, const std::string& name, std::int64_t channels,
                  const Window& window) {
  return b.activation(b.conv(x, name, {.channels = channels, .window = window}), name + ".act", OpKind::relu);
}

TensorId halve(Builder& b, TensorId x, const std::string& name) {
  return b.pool(x, name, OpKind::max_pool, {.kernel = {3}, .stride = {2}, .ceil = true});
}

template <std::size_t N>
TensorId inception(Builder& b, TensorId x, const Branches (&list)[N]) {
  for (const Branches& w : list) {
    const std::string at = w.name;
    const TensorId one = conv_act(b, x, at + ".1x1", w.one, same(1));
    const TensorId three =
        conv_act(b, conv_act(b, x, at + ".3x3.in", w.three_in, same(1)), at + ".3x3", w.three, same(3));
    const TensorId five =
        conv_act(b, conv_act(b, x, at + ".5x5.in", w.five_in, same(1)), at + ".5x5", w.five, same(5));
    const TensorId pooled = b.pool(x, at + ".pool", OpKind::max_pool, same(3));
    x = b.concat({one, three, five, conv_act(b, pooled, at + ".proj", w.pool, same(1))}, at + ".cat");
  }
  return x;
}

Result<Graph> googlenet(const Shape& input) {
  Builder b("googlenet");
  TensorId x = conv_act(b, b.input("image", input), "conv1", 64, same(7, 2));
  x = b.norm(halve(b, x, "pool1"), "norm1", OpKind::local_response_norm);
  x = conv_act(b, conv_act(b, x, "conv2.in", 64, same(1)), "conv2", 192, same(3));
  x = halve(b, b.norm(x, "norm2", OpKind::local_response_norm), "pool2");
  x = halve(b, inception(b, x, kStage3), "pool3");
  x = halve(b, inception(b, x, kStage4), "pool4");
  x = b.global_average_pool(inception(b, x, kStage5), "pool5");
  b.output(b.linear(b.dropout(x, "drop", 0.4, false), "fc", 1000));
  return b.finish();
}

TensorId unit(Builder& b, TensorId x, const std::string& name, std::int64_t channels, const Window& window) {
  return conv_norm_act(b, x, name, {.channels = channels, .window = window}, Style{.epsilon = 1e-3});
}

/// 1 x n or n x 1, padded to keep the extents.
Window row(std::int64_t n) { return {.kernel = {1, n}, .pad = {0, n / 2}}; }
Window column(std::int64_t n) { return {.kernel = {n, 1}, .pad = {n / 2, 0}}; }

TensorId pool_branch(Builder& b, TensorId x, const std::string& at, std::int64_t channels) {
  Window window = same(3);
  window.include_pad = true;
  return unit(b, b.pool(x, at + ".pool", OpKind::average_pool, window), at + ".proj", channels, same(1));
}

TensorId module_a(Builder& b, TensorId x, const std::string& at, std::int64_t pool) {
  const TensorId one = unit(b, x, at + ".1x1", 64, same(1));
  const TensorId five = unit(b, unit(b, x, at + ".5x5.in", 48, same(1)), at + ".5x5", 64, same(5));
  TensorId twice = unit(b, unit(b, x, at + ".dbl.in", 64, same(1)), at + ".dbl.1", 96, same(3));
  twice = unit(b, twice, at + ".dbl.2", 96, same(3));
  return b.concat({one, five, twice, pool_branch(b, x, at, pool)}, at + ".cat");
}

TensorId module_b(Builder& b, TensorId x, const std::string& at) {
  const TensorId three = unit(b, x, at + ".3x3", 384, valid(3, 2));
  TensorId twice = unit(b, unit(b, x, at + ".dbl.in", 64, same(1)), at + ".dbl.1", 96, same(3));
  twice = unit(b, twice, at + ".dbl.2", 96, valid(3, 2));
  return b.concat({three, twice, b.pool(x, at + ".pool", OpKind::max_pool, valid(3, 2))}, at + ".cat");
}

TensorId module_c(Builder& b, TensorId x, const std::string& at, std::int64_t narrow) {
  const TensorId one = unit(b, x, at + ".1x1", 192, same(1));
  TensorId seven = unit(b, unit(b, x, at + ".7.in", narrow, same(1)), at + ".7.row", narrow, row(7));
  seven = unit(b, seven, at + ".7.column", 192, column(7));
  TensorId twice = unit(b, unit(b, x, at + ".dbl.in", narrow, same(1)), at + ".dbl.1", narrow, column(7));
  twice = unit(b, unit(b, twice, at + ".dbl.2", narrow, row(7)), at + ".dbl.3", narrow, column(7));
  twice = unit(b, twice, at + ".dbl.4", 192, row(7));
  return b.concat({one, seven, twice, pool_branch(b, x, at, 192)}, at + ".cat");
}

TensorId module_d(Builder& b, TensorId x, const std::string& at) {
  const TensorId three = unit(b, unit(b, x, at + ".3x3.in", 192, same(1)), at + ".3x3", 320, valid(3, 2));
  TensorId seven = unit(b, unit(b, x, at + ".7.in", 192, same(1)), at + ".7.row", 192, row(7));
  seven = unit(b, unit(b, seven, at + ".7.column", 192, column(7)), at + ".7.3x3", 192, valid(3, 2));
  return b.concat({three, seven, b.pool(x, at + ".pool", OpKind::max_pool, valid(3, 2))}, at + ".cat");
}

TensorId module_e(Builder& b, TensorId x, const std::string& at) {
  const TensorId one = unit(b, x, at + ".1x1", 320, same(1));
  const TensorId three = unit(b, x, at + ".3x3.in", 384, same(1));
  TensorId twice = unit(b, unit(b, x, at + ".dbl.in", 448, same(1)), at + ".dbl.1", 384, same(3));
  const auto split = [&](TensorId t, const std::string& branch) {
    return b.concat(
        {unit(b, t, branch + ".row", 384, row(3)), unit(b, t, branch + ".column", 384, column(3))},
        branch + ".cat");
  };
  const TensorId left = split(three, at + ".3x3");
  return b.concat({one, left, split(twice, at + ".dbl"), pool_branch(b, x, at, 192)}, at + ".cat");
}

Result<Graph> inception_v3(const Shape& input) {
  Builder b("inception-v3");
  TensorId x = unit(b, b.input("image", input), "1a", 32, valid(3, 2));
  x = unit(b, unit(b, x, "2a", 32, valid(3)), "2b", 64, same(3));
  x = b.pool(x, "pool1", OpKind::max_pool, valid(3, 2));
  x = unit(b, unit(b, x, "3b", 80, valid(1)), "4a", 192, valid(3));
  x = b.pool(x, "pool2", OpKind::max_pool, valid(3, 2));
  x = module_a(b, module_a(b, module_a(b, x, "5b", 32), "5c", 64), "5d", 64);
  x = module_b(b, x, "6a");
  x = module_c(b, module_c(b, module_c(b, module_c(b, x, "6b", 128), "6c", 160), "6d", 160), "6e", 192);
  x = module_e(b, module_e(b, module_d(b, x, "7a"), "7b"), "7c");
  x = b.dropout(b.global_average_pool(x, "pool"), "drop", 0.5, false);
  b.output(b.linear(x, "fc", 1000));
  return b.finish();
}

}  // namespace

extern const NetworkFamily inception_network;
const NetworkFamily inception_network{
    .title = "Inception",
    .entries = {
        {"googlenet", "ImageNet classification (Inception-v1), 1000 classes",
         "Szegedy et al. 2015, arXiv 1409.4842, table 1; as in BVLC/caffe:models/bvlc_googlenet",
         "1x3x224x224", googlenet},
        {"inception-v3", "ImageNet classification, 1000 classes",
         "Szegedy et al. 2016, arXiv 1512.00567; structure of torchvision", "1x3x299x299", inception_v3}}};

}  // namespace ridgepoint
