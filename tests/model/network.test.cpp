// SPDX-License-Identifier: Apache-2.0
#include "model/network.h"

#include <gtest/gtest.h>

#include "model/networks/builder.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

/// 4 -> 4 channels on 8x8 twice: 256 numbers a tensor, 2 x 20 weights, 2 x 1024 MAC.
net::Graph tiny() {
  net::Builder b("tiny");
  net::TensorId x = b.input("x", {1, 4, 8, 8});
  x = b.activation(b.conv(x, "a", {.channels = 4}), "r", net::OpKind::relu);
  b.output(b.conv(x, "b", {.channels = 4}));
  return b.finish().value();
}

double figure(const NetworkUse& use, const std::string& key) {
  return describe(tiny(), use).figures.at(key).number();
}

TEST(NetworkDescription, InferenceHoldsWeightsAndTheLargestPairOfTensors) {
  const NetworkUse fp32, fp16{net::Element::fp16, Phase::inference};
  EXPECT_EQ(figure(fp32, "memory.parameters"), 40 * 4);
  EXPECT_EQ(figure(fp32, "memory.total"), 40 * 4 + 2 * 256 * 4);
  EXPECT_EQ(figure(fp16, "memory.total"), figure(fp32, "memory.total") / 2);
  EXPECT_EQ(figure(fp32, "work"), 2 * 2 * 1024);
}

TEST(NetworkDescription, TrainingKeepsWeightsGradientsAndMomentumAndACopyBelowFp32) {
  EXPECT_EQ(figure({net::Element::fp32, Phase::training}, "memory.parameters"), 40 * 12);
  EXPECT_EQ(figure({net::Element::bf16, Phase::training}, "memory.parameters"), 40 * 14);
  // The first layer is fed by the image: 2 of 3 passes.
  EXPECT_EQ(figure({net::Element::fp32, Phase::training}, "work"), 2 * (2 + 3) * 1024);
  EXPECT_EQ(figure({net::Element::fp32, Phase::training}, "memory.saved"), 2 * 256 * 4);
}

TEST(NetworkDescription, TheLayersAddUpToTheTotals) {
  const auto graph = build_network("vnet");
  ASSERT_TRUE(graph);
  const NetworkDescription d = describe(*graph, {net::Element::fp32, Phase::training});
  std::int64_t macs = 0, saved = 0;
  for (const NetworkLayer& l : d.layers) {
    macs += l.macs;
    saved += l.saved_byte;
  }
  EXPECT_EQ(static_cast<double>(macs), d.figures.at("macs.forward").number());
  EXPECT_EQ(static_cast<double>(saved), d.figures.at("memory.saved").number());
  EXPECT_EQ(d.inputs, std::vector<std::string>{"image 1x1x128x128x64"});
}

TEST(NetworkDescription, TrainingInInt8IsRefused) {
  EXPECT_FALSE(check_use({net::Element::int8, Phase::training}));
  EXPECT_TRUE(check_use({net::Element::int8, Phase::inference}));
}

TEST(NetworkWorkload, IsAValidWorkloadWithTheDocumentsFigures) {
  for (const Phase phase : {Phase::inference, Phase::training}) {
    const NetworkUse use{net::Element::bf16, phase};
    const Workload w = workload_of(tiny(), use, "test");
    EXPECT_TRUE(check_workload(w, "w"));
    EXPECT_EQ(w.stages.front().work->number(), figure(use, "work"));
    EXPECT_EQ(w.footprint.number(), figure(use, "memory.total"));
    EXPECT_EQ(w.stages.front().precisions, std::vector<std::string>{"bf16"});
    EXPECT_EQ(w.phase, phase);
  }
}

TEST(NetworkLibraryInput, IsPaddedToWhatCanBeHalved) {
  const auto unet = find_network("mlperf-3d-unet-kits19");
  ASSERT_TRUE(unet);
  EXPECT_EQ(padded_input(**unet, {1, 1, 512, 512, 300}), (net::Shape{1, 1, 512, 512, 320}));
  EXPECT_EQ(padded_input(**unet, {1, 1, 128, 128, 128}), (net::Shape{1, 1, 128, 128, 128}));
}

}  // namespace
}  // namespace ridgepoint
