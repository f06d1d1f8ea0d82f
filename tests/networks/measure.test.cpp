// SPDX-License-Identifier: Apache-2.0
#include "model/networks/measure.h"

#include <gtest/gtest.h>

#include "model/networks/builder.h"

namespace ridgepoint::net {
namespace {

constexpr std::int64_t kMap = 4 * 8 * 8;  ///< numbers of one tensor below

Totals of(Builder& b, Sizes sizes = {}) {
  const auto g = b.finish();
  EXPECT_TRUE(g) << g.error().what;
  return measure(*g, sizes);
}

TEST(Saved, EachStorageOnceWhoeverNeedsIt) {
  Builder b("t");
  TensorId x = b.input("x", {1, 4, 8, 8});
  x = b.norm(b.conv(x, "c", {.channels = 4}), "n", OpKind::batch_norm);
  x = b.activation(x, "r", OpKind::relu);
  b.output(b.conv(x, "d", {.channels = 4}));
  // x for c, c's output for n, the activation's output for itself and d.
  const Totals t = of(b);
  EXPECT_EQ(t.saved_bytes, 3 * kMap * 4);
  EXPECT_EQ(t.operators[3].saved, 0);
}

TEST(Saved, HalfPrecisionHalvesTensorsButNotIndices) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  b.output(b.pool(b.conv(x, "c", {.channels = 4}), "p", OpKind::max_pool, valid(2, 2)));
  const auto g = b.finish();
  ASSERT_TRUE(g);
  const Totals full = measure(*g), half = measure(*g, {.activation = 2, .weight = 4});
  EXPECT_EQ(full.saved_side_bytes, 4 * 4 * 4 * 8);
  EXPECT_EQ(full.saved_bytes, 2 * kMap * 4 + full.saved_side_bytes);
  EXPECT_EQ(half.saved_bytes, 2 * kMap * 2 + full.saved_side_bytes);
}

TEST(Saved, AnActivationOutOfPlaceKeepsItsInputWhenItNeedsThat) {
  Builder b("t");
  const TensorId c = b.conv(b.input("x", {1, 4, 8, 8}), "c", {.channels = 4});
  b.output(b.activation(c, "l", OpKind::leaky_relu, 0.1, false));
  EXPECT_EQ(of(b).saved_bytes, 2 * kMap * 4);  // x and c's output; not the result
}

TEST(Saved, ConcatAndAddKeepNothing) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  b.output(b.concat({x, b.add(x, x, "a")}, "c"));
  EXPECT_EQ(of(b).saved_bytes, 0);
}

TEST(Peak, InferenceGivesMemoryBackAfterTheLastUse) {
  Builder b("t");
  TensorId x = b.input("x", {1, 4, 8, 8});
  for (const char* name : {"a", "b", "c", "d"}) x = b.conv(x, name, {.channels = 4});
  b.output(x);
  EXPECT_EQ(of(b).peak_inference_bytes, 2 * kMap * 4);  // one in, one out
}

TEST(Peak, InferenceKeepsASkipUntilItIsJoined) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  const TensorId skip = b.conv(x, "skip", {.channels = 4});
  TensorId y = skip;
  for (const char* name : {"a", "b"}) y = b.conv(y, name, {.channels = 4});
  b.output(b.concat({skip, y}, "c"));
  const Totals t = of(b);
  EXPECT_EQ(t.peak_inference_bytes, 4 * kMap * 4);  // skip, y and both joined
  EXPECT_EQ(t.peak_inference_at, 3);
}

TEST(Peak, TrainingAddsGradientsToWhatIsSaved) {
  Builder b("t");
  TensorId x = b.input("x", {1, 4, 8, 8});
  for (const char* name : {"a", "b", "c"}) x = b.conv(x, name, {.channels = 4});
  b.output(x);
  // Backward of c: x, a's and b's outputs saved, the result alive, gradients of the result and of b's output.
  const Totals t = of(b);
  EXPECT_EQ(t.peak_training_bytes, 6 * kMap * 4);
  EXPECT_TRUE(t.peak_training_is_backward);
  EXPECT_EQ(t.peak_training_at, 2);
}

TEST(Peak, ASlicesGradientIsAsLargeAsWhatWasCut) {
  Builder b("t");
  const TensorId c = b.conv(b.input("x", {1, 4, 8, 8}), "c", {.channels = 4});
  b.output(b.slice(c, "s", {0, 0, 0, 0}, {1, 1, 8, 8}));
  // x saved, c's output alive through the slice; gradients of the slice and of all of c's output.
  EXPECT_EQ(of(b).peak_training_bytes, (3 * kMap + kMap / 4) * 4);
}

TEST(Traffic, EveryOperatorReadsItsInputsAndWeightsAndWritesItsOutput) {
  Builder b("t");
  const TensorId x = b.input("x", {1, 4, 8, 8});
  b.output(b.add(b.conv(x, "c", {.channels = 4}), x, "a"));
  const Totals t = of(b, {.activation = 2, .weight = 1});
  EXPECT_EQ(t.read_bytes, 3 * kMap * 2 + 20);
  EXPECT_EQ(t.written_bytes, 2 * kMap * 2);
}

TEST(Traffic, TrainingOfALinearLayer) {
  Builder b("t");
  const TensorId h = b.linear(b.input("x", {2, 8}), "first", 8, false);
  b.output(b.linear(h, "second", 8, false));
  const Totals t = of(b);
  // Numbers: 16 a tensor, 64 a weight. Forward reads 2*(16+64). First, weights alone: saved input and the
  // gradient (the rule reads the weights again, too). Second: both gradients.
  EXPECT_EQ(t.training_read_bytes, 4 * (2 * 80 + (80 + 16) + (80 + 32)));
  // Forward 2*16, weight gradients 2*64, one data gradient 16.
  EXPECT_EQ(t.training_written_bytes, 4 * (32 + 128 + 16));
}

}  // namespace
}  // namespace ridgepoint::net
