// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/units.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using test::run_probe;
using Files = std::map<std::string, std::string>;

const std::string kMeminfo = "MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n";  // 8 GiB, 4 GiB

Files limited(const std::string& bytes) {
  return {{"proc/meminfo", kMeminfo},
          {"proc/self/cgroup", "0::/job\n"},
          {"proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
          {"sys/fs/cgroup/job/memory.max", bytes}};
}

bool warns(const ProbeOutcome& outcome, const std::string& code) {
  for (const Warning& w : outcome.warnings)
    if (w.code == code) return !w.what.empty() && !w.fix.empty();
  return false;
}

Topology with_nodes(std::vector<NumaNode> nodes) {
  Topology t;
  t.source = "hwloc XML 'x.xml'";
  t.numa = std::move(nodes);
  return t;
}

TEST(MemoryProbe, CountsOnTheKernelsTotalWithoutALimit) {
  const ProbeOutcome outcome = run_probe("memory", MapHost({{"proc/meminfo", kMeminfo}}));
  EXPECT_EQ(outcome.status, ProbeStatus::ok);
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), 8 * kGibi);
  EXPECT_EQ(number(outcome.facts, "memory.available"), 4 * kGibi);
  EXPECT_FALSE(outcome.facts.contains("memory.cgroup.limit"));
  EXPECT_TRUE(outcome.warnings.empty());
}

TEST(MemoryProbe, CountsOnTheLimitWhereItBindsAndWarns) {
  const ProbeOutcome outcome = run_probe("memory", MapHost(limited("1073741824\n")));
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), kGibi);
  EXPECT_EQ(number(outcome.facts, "memory.cgroup.limit"), kGibi);
  EXPECT_NE(outcome.facts.at("memory.dram.capacity").source.find("/sys/fs/cgroup/job/memory.max"),
            std::string::npos);
  EXPECT_TRUE(warns(outcome, "memory-limited"));
}

TEST(MemoryProbe, DoesNotWarnOfALimitAboveTheTotal) {
  const ProbeOutcome outcome = run_probe("memory", MapHost(limited("107374182400\n")));
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), 8 * kGibi);
  EXPECT_TRUE(outcome.warnings.empty());
}

TEST(MemoryProbe, HeedsTheAddressSpaceLimit) {
  const ProbeOutcome outcome =
      run_probe("memory", MapHost({{"proc/meminfo", kMeminfo},
                                   {"proc/self/limits", "Max address space 1048576 1048576 bytes\n"}}));
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), kMebi);
  EXPECT_TRUE(warns(outcome, "address-space-limited"));
}

TEST(MemoryProbe, WarnsOfOfflineMemory) {
  Files files{{"proc/meminfo", kMeminfo}, {"sys/devices/system/memory/block_size_bytes", "40000000"}};
  for (int i = 0; i < 10; ++i)
    files["sys/devices/system/memory/memory" + std::to_string(i) + "/state"] = i < 8 ? "online" : "offline";
  const ProbeOutcome outcome = run_probe("memory", MapHost(files));
  EXPECT_EQ(number(outcome.facts, "memory.installed"), 10 * kGibi);
  EXPECT_EQ(number(outcome.facts, "memory.online"), 8 * kGibi);
  EXPECT_TRUE(warns(outcome, "memory-offline"));
}

TEST(MemoryProbe, WarnsWhereTheNodesLagBehindTheTotal) {
  const MapHost host({{"proc/meminfo", kMeminfo}});
  EXPECT_TRUE(warns(run_probe("memory", host, with_nodes({{0, "dram", 4 * kGibi, 2}})), "memory-hot-plug"));
  EXPECT_TRUE(run_probe("memory", host, with_nodes({{0, "dram", 8 * kGibi, 2}})).warnings.empty());
}

TEST(MemoryProbe, KeepsMcdramOutOfDram) {
  const auto topology = with_nodes({{0, "dram", 6 * kGibi, 2}, {1, "mcdram", 2 * kGibi, 0}});
  const ProbeOutcome outcome = run_probe("memory", MapHost({{"proc/meminfo", kMeminfo}}), topology);
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), 6 * kGibi);
  EXPECT_EQ(number(outcome.facts, "memory.mcdram.capacity"), 2 * kGibi);
}

TEST(MemoryProbe, UsesTheTopologyWhereThereIsNothingElse) {
  const ProbeOutcome outcome =
      run_probe("memory", MapHost({}), with_nodes({{0, "dram", 6 * kGibi, 2}, {1, "hbm", kGibi, 0}}));
  EXPECT_EQ(number(outcome.facts, "memory.dram.capacity"), 6 * kGibi);
  EXPECT_EQ(number(outcome.facts, "memory.hbm.capacity"), kGibi);
}

TEST(MemoryProbe, WithoutAFileIsUnavailableAndNotZero) {
  const ProbeOutcome outcome = run_probe("memory", MapHost({}));
  EXPECT_EQ(outcome.status, ProbeStatus::unavailable);
  EXPECT_TRUE(outcome.facts.empty());
  EXPECT_FALSE(outcome.reason.empty());
  EXPECT_FALSE(outcome.fix.empty());
}

TEST(MemoryProbe, WithALimitButNoTotalIsDegraded) {
  Files files = limited("1073741824\n");
  files["proc/meminfo"] = "MemTotal: garbage\n";
  const ProbeOutcome outcome = run_probe("memory", MapHost(files));
  EXPECT_EQ(outcome.status, ProbeStatus::degraded);
  EXPECT_FALSE(outcome.facts.contains("memory.dram.capacity"));
}

}  // namespace
}  // namespace ridgepoint
