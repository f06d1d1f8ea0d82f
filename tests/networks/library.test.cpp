// SPDX-License-Identifier: Apache-2.0
#include "model/networks/library.h"

#include <gtest/gtest.h>

#include <set>

#include "model/networks/measure.h"

namespace ridgepoint {
namespace {

TEST(NetworkLibrary, EveryNetworkBuildsAtItsOwnShapeAndScalesWithTheBatch) {
  std::set<std::string> names;
  for (const NetworkFamily* family : network_families())
    for (const NetworkEntry& entry : family->entries) {
      EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
      EXPECT_FALSE(entry.source.empty()) << entry.name;
      auto shape = net::parse_shape(entry.input, entry.name);
      ASSERT_TRUE(shape) << entry.name;
      const auto one = build_network(entry.name);
      ASSERT_TRUE(one) << entry.name << ": " << one.error().what;
      EXPECT_EQ(one->name, entry.name);
      (*shape)[0] *= 3;
      const auto three = build_network(entry.name, *shape);
      ASSERT_TRUE(three) << entry.name << ": " << three.error().what;
      const net::Totals a = net::measure(*one), b = net::measure(*three);
      EXPECT_EQ(b.parameters, a.parameters) << entry.name;
      EXPECT_EQ(b.macs_forward, 3 * a.macs_forward) << entry.name;
      EXPECT_EQ(b.saved_bytes, 3 * a.saved_bytes) << entry.name;
      EXPECT_EQ(b.peak_inference_bytes, 3 * a.peak_inference_bytes) << entry.name;
      EXPECT_EQ(b.peak_training_bytes, 3 * a.peak_training_bytes) << entry.name;
    }
  EXPECT_GE(names.size(), 30U);
}

TEST(NetworkLibrary, AMisspeltNameIsToldTheNearest) {
  const auto graph = build_network("mlperf-3d-unet-kits");
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().fix, "did you mean 'mlperf-3d-unet-kits19'?");
}

TEST(NetworkLibrary, AnInputOfTheWrongKindIsRefused) {
  for (const char* text : {"1x3x128x128x128", "1x1x128x128", "2x1x128"}) {
    const auto graph = build_network("mlperf-3d-unet-kits19", *net::parse_shape(text, "input"));
    ASSERT_FALSE(graph) << text;
    EXPECT_EQ(graph.error().kind, ErrorKind::bad_input);
  }
}

TEST(NetworkLibrary, AnInputThatCannotBeHalvedFiveTimesIsRefusedWithTheLayer) {
  const auto graph = build_network("mlperf-3d-unet-kits19", {1, 1, 100, 128, 128});
  ASSERT_FALSE(graph);
  EXPECT_NE(graph.error().what.find("dec1.cat"), std::string::npos) << graph.error().what;
}

TEST(NetworkLibrary, AHugeInputIsRefusedNotWrappedAround) {
  EXPECT_FALSE(build_network("mlperf-3d-unet-kits19", {1 << 20, 1, 1 << 30, 1 << 30, 1 << 30}));
  EXPECT_FALSE(build_network("mlperf-3d-unet-kits19", {1, 1, 1 << 15, 1 << 15, 1 << 15}));  // MACs, not bytes
}

}  // namespace
}  // namespace ridgepoint
