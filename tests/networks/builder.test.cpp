// SPDX-License-Identifier: Apache-2.0
#include "model/networks/builder.h"

#include <gtest/gtest.h>

#include "model/networks/measure.h"
#include "model/networks/shape_rules.h"

namespace ridgepoint::net {
namespace {

TEST(Builder, ShapesFollowTheFormulas) {
  Builder b("t");
  const TensorId x = b.input("x", {2, 8, 20, 31});
  // floor((20 + 2 - 2*(3-1) - 1)/2) + 1 = 9 and floor((31 + 2 - 5)/2) + 1 = 15.
  const Window window{.kernel = {3}, .stride = {2}, .dilation = {2}, .pad = {1}};
  EXPECT_EQ(b.shape(b.conv(x, "c", {.channels = 4, .window = window})), (Shape{2, 4, 9, 15}));
  // (20-1)*2 - 2 + 3 + 1 = 40 and (31-1)*2 - 2 + 3 + 1 = 62.
  const Window up{.kernel = {3}, .stride = {2}, .pad = {1}, .grow_end = {1}};
  EXPECT_EQ(b.shape(b.conv_transposed(x, "t", {.channels = 4, .window = up})), (Shape{2, 4, 40, 62}));
  // Ceil: (20-3)/2 -> 9 windows + 1; (31-3)/2 = 14 exactly + 1.
  const Window pool{.kernel = {3}, .stride = {2}, .ceil = true};
  EXPECT_EQ(b.shape(b.pool(x, "p", OpKind::max_pool, pool)), (Shape{2, 8, 10, 15}));
  EXPECT_EQ(b.shape(b.global_average_pool(x, "g")), (Shape{2, 8, 1, 1}));
  EXPECT_EQ(b.shape(b.resize(x, "r", {40, 62}, true)), (Shape{2, 8, 40, 62}));
  EXPECT_EQ(b.shape(b.pad(x, "z", {0, 0, 1, 1}, {0, 0, 0, 2})), (Shape{2, 8, 21, 34}));
  EXPECT_EQ(b.shape(b.transpose(x, "n", {0, 2, 3, 1})), (Shape{2, 20, 31, 8}));
  EXPECT_FALSE(b.failed());
}

TEST(Builder, WeightsAndWorkOfGroupedAndTransposedConvolutions) {
  Builder b("t");
  TensorId x = b.input("x", {1, 8, 10, 10});
  x = b.conv(x, "c", {.channels = 16, .window = same(3), .groups = 4});
  b.conv_transposed(x, "t", {.channels = 6, .window = valid(2, 2), .bias = false, .groups = 2});
  const auto g = b.finish();
  ASSERT_TRUE(g);
  EXPECT_EQ(g->parameters[0].shape, (Shape{16, 2, 3, 3}));
  EXPECT_EQ(g->parameters[2].shape, (Shape{16, 3, 2, 2}));
  const Totals t = measure(*g);
  EXPECT_EQ(t.operators[0].macs, 16 * 100 * 2 * 9);
  EXPECT_EQ(t.operators[1].macs, 16 * 100 * 3 * 4);
  EXPECT_EQ(t.parameters, 16 * 2 * 9 + 16 + 16 * 3 * 4);
  // The first layer is fed by the image: no gradient for it.
  EXPECT_EQ(t.macs_training, 2 * t.operators[0].macs + 3 * t.operators[1].macs);
}

TEST(Builder, SharedWeightsCountOnceInTheNetworkAndAtEveryUser) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  const TensorId y = b.conv(x, "c", {.channels = 4, .window = same(3)});
  b.share_weights(true);
  b.conv(y, "c", {.channels = 4, .window = same(3)});
  const auto g = b.finish();
  ASSERT_TRUE(g);
  const Totals t = measure(*g);
  EXPECT_EQ(t.parameters, 4 * 4 * 9 + 4);
  EXPECT_EQ(t.operators[1].parameters, t.parameters);
}

TEST(Builder, TheFirstRefusalIsKept) {
  Builder b("net");
  const TensorId x = b.input("x", {1, 6, 4, 4});
  const TensorId bad = b.conv(x, "first", {.channels = 4, .window = valid(5)});
  EXPECT_EQ(bad, -1);
  b.conv(x, "second", {.channels = 4, .window = valid(9)});
  b.output(bad);
  const auto g = b.finish();
  ASSERT_FALSE(g);
  EXPECT_EQ(g.error().what, "network 'net', 'first': the input 1x6x4x4 is smaller than the kernel");
}

TEST(Builder, RefusesWhatDoesNotFit) {
  const auto refused = [](auto&& layer) {
    Builder b("net");
    layer(b, b.input("x", {1, 6, 4, 4}));
    return !b.finish();
  };
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.conv(x, "g", {.channels = 4, .groups = 4}); }));
  EXPECT_TRUE(
      refused([](Builder& b, TensorId x) { b.conv(x, "s", {.channels = 4, .window = {.stride = {0}}}); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.linear(x, "l", 4); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.reshape(x, "r", {1, 95}); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.slice(x, "s", {0, 3, 0, 0}, {1, 4, 4, 4}); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.transpose(x, "t", {0, 1, 1, 3}); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.concat({x, b.input("y", {1, 6, 4, 5})}, "c"); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.add(x, b.input("y", {1, 5, 4, 4}), "a"); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.norm(x, "n", OpKind::group_norm, true, 4); }));
  EXPECT_TRUE(refused([](Builder& b, TensorId x) { b.resize(x, "u", {8, 0}, false); }));
}

TEST(Builder, EmptyNetworksAreRefused) { EXPECT_FALSE(Builder("none").finish()); }

TEST(Fusion, ActivationBatchNormAndSumGoIntoTheConvolution) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  const TensorId skip = b.conv(x, "skip", {.channels = 4});
  TensorId y = b.norm(b.conv(x, "c", {.channels = 4, .window = same(3)}), "n", OpKind::batch_norm);
  y = b.activation(b.add(y, skip, "a", true), "r", OpKind::relu);
  b.output(y);
  const auto g = b.finish();
  ASSERT_TRUE(g);
  const std::vector<int> hosts{-1, -1, 1, 1, 1};
  for (std::size_t i = 0; i < hosts.size(); ++i) EXPECT_EQ(g->operators[i].fused_into, hosts[i]) << i;
  // Fused: each convolution reads x and its weights, the second also the skip; both write once.
  const Totals t = measure(*g);
  const std::int64_t map = 4 * 64 * 4;
  EXPECT_EQ(t.fused_written_bytes, 2 * map);
  EXPECT_EQ(t.fused_read_bytes, 3 * map + (4 * 4 + 4 + 4 * 4 * 9 + 4 + 8) * 4);
}

TEST(Fusion, NotWhenSomebodyElseReadsTheOperand) {
  Builder b("t");
  const TensorId c = b.conv(b.input("x", {1, 4, 8, 8}), "c", {.channels = 4});
  const TensorId r = b.activation(c, "r", OpKind::relu, 0, false);
  b.output(b.add(r, c, "a"));
  const auto g = b.finish();
  ASSERT_TRUE(g);
  EXPECT_EQ(g->operators[1].fused_into, -1);
}

TEST(Fusion, AnInstanceNormTakesItsActivationButStaysItself) {
  Builder b("t");
  const TensorId c = b.conv(b.input("x", {1, 4, 8, 8}), "c", {.channels = 4});
  b.output(b.activation(b.norm(c, "n", OpKind::instance_norm), "r", OpKind::relu));
  const auto g = b.finish();
  ASSERT_TRUE(g);
  EXPECT_EQ(g->operators[1].fused_into, -1);
  EXPECT_EQ(g->operators[2].fused_into, 1);
}

}  // namespace
}  // namespace ridgepoint::net
