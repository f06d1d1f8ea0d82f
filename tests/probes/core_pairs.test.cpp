// SPDX-License-Identifier: Apache-2.0
#include "probes/core_pairs.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

/// `cores` cores of two threads: core c has the processors c and c + cores; two cores a cluster.
std::vector<CpuPlace> machine(int cores) {
  std::vector<CpuPlace> out;
  for (int cpu = 0; cpu < 2 * cores; ++cpu) {
    const int core = cpu % cores, even = core / 2 * 2;
    out.push_back(
        {cpu, {core, core + cores}, {even, even + 1, even + cores, even + 1 + cores}, 2 * core / cores});
  }
  return out;
}

TEST(CorePairs, AllPairsWhereTheyFit) {
  const PairPlan plan = plan_pairs(machine(2), 100);
  EXPECT_EQ(plan.pairs, (Pairs{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
  EXPECT_EQ(plan.rule, "all");
  EXPECT_TRUE(plan.left_out.empty());
}

TEST(CorePairs, ThenOnePerCoreAndOnePairOfSiblings) {
  const PairPlan plan = plan_pairs(machine(4), 10);
  EXPECT_EQ(plan.cpus, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(plan.rule, "one per core");
  EXPECT_EQ(plan.left_out, (std::vector<int>{4, 5, 6, 7}));
  EXPECT_EQ(plan.pairs.size(), 7u);
  EXPECT_EQ(plan.pairs.back(), (std::pair{0, 4}));
}

TEST(CorePairs, ThenOnePerClusterThenEveryNth) {
  EXPECT_EQ(plan_pairs(machine(8), 10).cpus, (std::vector<int>{0, 2, 4, 6}));
  EXPECT_EQ(plan_pairs(machine(8), 10).rule, "one per cluster");
  const PairPlan few = plan_pairs(machine(64), 1);
  EXPECT_EQ(few.cpus.size(), 2u);
  EXPECT_EQ(few.left_out.size(), 126u);
}

TEST(CorePairs, NeverMoreThan64Processors) {
  const PairPlan plan = plan_pairs(machine(60), 1000000);
  EXPECT_EQ(plan.cpus.size(), 60u);
  EXPECT_EQ(plan.rule, "one per core");
}

TEST(CorePairs, PlacesComeFromSysfsAndSiblingsAreToldApart) {
  const std::string folder = "sys/devices/system/cpu/";
  const test::MapHost host({{folder + "cpu0/topology/thread_siblings_list", "0,2\n"},
                            {folder + "cpu0/topology/physical_package_id", "0\n"},
                            {folder + "cpu1/topology/thread_siblings_list", "1,3\n"},
                            {folder + "cpu1/topology/physical_package_id", "0\n"},
                            {folder + "cpu2/topology/thread_siblings_list", "0,2\n"},
                            {folder + "cpu3/topology/thread_siblings_list", "1,3\n"},
                            {folder + "cpu3/topology/physical_package_id", "1\n"}});
  const CpuPlace zero = place_of(host, 0);
  EXPECT_EQ(nearness(zero, place_of(host, 2)), Nearness::smt_siblings);
  EXPECT_EQ(nearness(zero, place_of(host, 1)), Nearness::same_package);
  EXPECT_EQ(nearness(zero, place_of(host, 3)), Nearness::other_package);
  EXPECT_EQ(nearness(place_of(host, 8), place_of(host, 9)), Nearness::unknown) << "no sysfs";
}

}  // namespace
}  // namespace ridgepoint
