// SPDX-License-Identifier: Apache-2.0
#include "probes/numa_memory.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

/// Two nodes with two processors each, one of memory only, one without memory.
Topology four_nodes() {
  Topology t;
  t.allowed = {3, 1, 0};
  t.numa = {{0, "dram", 1e9, 2}, {1, "dram", 1e9, 2}, {2, "hbm", 1e9, 0}, {3, "unknown", 0, 0}};
  return t;
}

const test::MapHost kHost({{"sys/devices/system/node/node0/cpulist", "0-1\n"},
                           {"sys/devices/system/node/node1/cpulist", "2-3\n"},
                           {"sys/devices/system/node/node2/cpulist", "\n"}});

TEST(NumaMemory, EveryNodeWithProcessorsMeetsEveryNodeWithMemory) {
  const auto pairs = node_pairs(four_nodes(), kHost);
  ASSERT_EQ(pairs.size(), 6u);
  EXPECT_EQ(pairs[2].cpu_node, 0);
  EXPECT_EQ(pairs[2].memory_node, 2);
  EXPECT_EQ(pairs[0].cpus, (std::vector<int>{1, 0}));
  EXPECT_EQ(pairs[5].cpus, (std::vector<int>{3})) << "processor 2 is not allowed";
}

TEST(NumaMemory, OneNodeHasNoPairs) {
  Topology t = four_nodes();
  t.numa.resize(1);
  EXPECT_TRUE(node_pairs(t, kHost).empty());
}

TEST(NumaMemory, ANodeThatDoesNotExistIsRefusedWithAReason) {
  const auto buffer = Buffer::make(4096);
  ASSERT_TRUE(buffer);
  const auto bound = bind_to_node(*buffer, 999);
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(bound.error().why.empty());
  EXPECT_FALSE(bind_to_node(*buffer, 5000));
}

TEST(NumaMemory, MemoryBoundToNodeZeroIsThere) {
  const auto buffer = Buffer::make(4096);
  ASSERT_TRUE(buffer);
  if (!bind_to_node(*buffer, 0)) GTEST_SKIP() << "this system does not bind memory";
  *buffer->as<char>() = 1;
  EXPECT_EQ(node_of(buffer->as<char>()).value_or(0), 0);
}

}  // namespace
}  // namespace ridgepoint
