// SPDX-License-Identifier: Apache-2.0
#include "probes/topology_refine.h"

#include <gtest/gtest.h>

#include "probes/parse.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/recorded.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using Files = std::map<std::string, std::string>;

NodeClues far_node() {
  NodeClues c;
  c.has_processors = false;
  return c;
}

std::string kind(NodeClues c, auto change) {
  change(c);
  return memory_kind(c);
}

TEST(MemoryKind, OfANodeWithProcessorsIsDramUnlessTheProcessorSaysOtherwise) {
  EXPECT_EQ(memory_kind({}), "dram");
  EXPECT_EQ(kind({}, [](NodeClues& c) { c.cpu = "Fujitsu A64FX"; }), "hbm");
  const auto max = [](bool others, bool cache) {
    return kind({}, [&](NodeClues& c) {
      c.cpu = "Intel(R) Xeon(R) CPU Max 9480";
      c.others_without = others;
      c.memory_side_cache = cache;
    });
  };
  EXPECT_EQ(max(false, false), "hbm");
  EXPECT_EQ(max(true, false), "dram");
  EXPECT_EQ(max(false, true), "dram");
}

TEST(MemoryKind, OfANodeWithoutProcessorsNeedsAHint) {
  EXPECT_EQ(memory_kind(far_node()), "unknown");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.gpu = true; }), "gpu");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.cxl_region = true; }), "cxl");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.persistent = true; }), "nvm");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.told = "hbm"; }), "hbm");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.cpu = "Intel(R) Xeon Phi(TM) CPU 7250"; }), "mcdram");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.bandwidth_ratio = 2.5; }), "hbm");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.bandwidth_ratio = 1; }), "unknown");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.bandwidth_ratio = 0.2; }), "slow");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.tier_step = -1; }), "hbm");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.tier_step = 1; }), "slow");
  EXPECT_EQ(kind(far_node(), [](NodeClues& c) { c.tier_step = 1, c.cxl_device = true; }), "cxl");
}

TEST(Refine, TakesTheKernelsMaskForANodesProcessors) {
  Topology t;
  t.numa = {{.index = 0, .kind = {}, .size_byte = 1e9, .processing_units = 8},
            {.index = 2, .kind = {}, .size_byte = 1e9, .processing_units = 8}};
  refine(t, MapHost({{"sys/devices/system/node/node0/cpumap", "00000001,000000f7\n"},
                     {"sys/devices/system/node/node2/cpumap", "00000000,00000000\n"}}));
  EXPECT_EQ(t.numa[0].processing_units, 8);
  EXPECT_EQ(t.numa[1].processing_units, 0);
  EXPECT_EQ(t.numa[1].kind, "unknown");
}

TEST(Refine, LeavesOutNodesWithNothingInThem) {
  Topology t;
  t.numa = {{.index = 0, .kind = {}, .size_byte = 1e9, .processing_units = 8, .distances = {10, 20, 30}},
            {.index = 1, .kind = {}, .size_byte = 0, .processing_units = 0, .distances = {20, 10, 40}},
            {.index = 2, .kind = {}, .size_byte = 0, .processing_units = 8, .distances = {30, 40, 10}}};
  refine(t, MapHost({}));
  ASSERT_EQ(t.numa.size(), 2u);
  EXPECT_EQ(t.numa[0].distances, (std::vector<int>{10, 30}));
  EXPECT_EQ(t.numa[1].index, 2);
}

TEST(CountProcessors, TakesTheListElseCpuinfo) {
  EXPECT_EQ(count_processors(MapHost(Files{{"sys/devices/system/cpu/online", "0-2,7\n"}})).allowed,
            (std::vector<int>{0, 1, 2, 7}));
  const Topology t = count_processors(MapHost(Files{{"proc/cpuinfo", "processor : 0\n\nprocessor : 1\n"}}));
  EXPECT_EQ(t.processing_units, 2);
  EXPECT_FALSE(t.cores_told);
  EXPECT_EQ(count_processors(MapHost({})).processing_units, 0);
}

TEST(ShowCpuList, IsTheKernelsNotation) {
  EXPECT_EQ(show_cpu_list({}), "");
  EXPECT_EQ(show_cpu_list({2, 0, 1, 8, 10, 11}), "0-2,8,10-11");
}

}  // namespace
}  // namespace ridgepoint
