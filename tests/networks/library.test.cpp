// SPDX-License-Identifier: Apache-2.0
#include "model/networks/library.h"

#include <gtest/gtest.h>

#include "model/networks/measure.h"

namespace ridgepoint {
namespace {

// Parameters: equal to instantiations of the cited upstream code (torch 1.13.1), or to the cited definition.
// The rest: layer arithmetic and liveness by an independent program, FP32, batch 1.
struct Known {
  const char* name;
  const char* input;
  std::int64_t parameters, macs, training_flop, conv_outputs, saved_bytes, peak_training, peak_inference;
};

constexpr Known kKnown[] = {
    // mlcommons/training:retired_benchmarks/unet3d/pytorch/model/unet3d.py@aa344c7
    {"mlperf-3d-unet-kits19", "1x1x128x128x128", 31190243, 477298688000, 2860168249344, 452796416, 3580428288,
     4142465024, 1073741824},
    // MIC-DKFZ/dynamic-network-architectures:dynamic_network_architectures/architectures/unet.py@d35f85c
    {"nnunet-3d-fullres", "1x1x128x128x128", 31196399, 477365239808, 2860567560192, 453694976, 3580428288,
     4142465024, 1073741824},
    // MIC-DKFZ/nnUNet:nnunetv2/experiment_planning/experiment_planners/residual_unets@0e49508
    {"nnunet-3d-resenc", "1x1x128x128x128", 102350575, 717536854016, 4301597245440, 558298624, 4373086208,
     4935122944, 1073741824},
};

double share(std::int64_t got, std::int64_t wanted) {
  return static_cast<double>(got - wanted) / static_cast<double>(wanted);
}

TEST(NetworkLibrary, EqualsThePublishedCounts) {
  for (const Known& k : kKnown) {
    const auto input = net::parse_shape(k.input, "input");
    ASSERT_TRUE(input);
    const auto graph = build_network(k.name, *input);
    ASSERT_TRUE(graph) << graph.error().what;
    const net::Totals t = net::measure(*graph);
    EXPECT_EQ(t.parameters, k.parameters) << k.name;
    EXPECT_EQ(t.macs_forward, k.macs) << k.name;
    EXPECT_EQ(2 * t.macs_training, k.training_flop) << k.name;
    EXPECT_EQ(t.conv_outputs, k.conv_outputs) << k.name;
    EXPECT_NEAR(share(t.saved_bytes, k.saved_bytes), 0, 0.01) << k.name << " " << t.saved_bytes;
    EXPECT_NEAR(share(t.peak_training_bytes, k.peak_training), 0, 0.02)
        << k.name << " " << t.peak_training_bytes;
    EXPECT_NEAR(share(t.peak_inference_bytes, k.peak_inference), 0, 0.02)
        << k.name << " " << t.peak_inference_bytes;
  }
}

}  // namespace
}  // namespace ridgepoint
