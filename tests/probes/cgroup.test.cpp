// SPDX-License-Identifier: Apache-2.0
#include "probes/cgroup.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using Files = std::map<std::string, std::string>;

const std::string kV2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
const std::string kV1Memory = "35 31 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";

TEST(ParseMountinfo, SkipsOptionalFieldsAndDecodesBlanks) {
  const auto mounts = parse_mountinfo(
      "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue\n"
      "22 27 0:21 / /proc rw - proc proc rw\n");
  ASSERT_EQ(mounts.size(), 2u);
  EXPECT_EQ(mounts[0].point, "/mnt 2");
  EXPECT_EQ(mounts[0].root, "/mnt1");
  EXPECT_EQ(mounts[0].type, "ext3");
  EXPECT_EQ(mounts[0].source, "/dev/root");
  EXPECT_EQ(mounts[0].options, (std::vector<std::string>{"rw", "errors=continue"}));
  EXPECT_EQ(mounts[1].device, "0:21");
}

TEST(ParseMountinfo, LeavesMalformedLinesOut) {
  for (const char* bad :
       {"", "-", "1 2 3 4 5 6 7 8 9 10", "36 35 98:0 / /mnt rw", "36 35 98:0 / /mnt rw - ext4 /dev/x",
        "- - - - - - - - -", "\xff\xfe\xfd", "36 35 98:0 /mnt1 - ext3 /dev/root rw a b c d"})
    EXPECT_TRUE(parse_mountinfo(bad).empty()) << bad;
}

TEST(ParseMembership, KeepsColonsInPaths) {
  const auto found = parse_membership("4:cpu,cpuacct:/a\n0::/b:c\nbad\n1:x\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].controllers, (std::vector<std::string>{"cpu", "cpuacct"}));
  EXPECT_TRUE(found[1].controllers.empty());
  EXPECT_EQ(found[1].path, "/b:c");
}

TEST(ParseMemoryLimit, KnowsTheWordsForUnlimited) {
  EXPECT_EQ(parse_memory_limit("1073741824\n"), 1073741824.0);
  for (const char* none : {"max\n", "9223372036854771712", "9223372036854710272", "9223372036854775807", "-1",
                           "", "1 GiB", "\x80"})
    EXPECT_FALSE(parse_memory_limit(none)) << none;
}

TEST(ParseCpuLimits, AreQuotaByPeriod) {
  EXPECT_EQ(parse_cpu_max("150000 100000\n"), 1.5);
  EXPECT_EQ(parse_cfs_quota("50000\n", "100000\n"), 0.5);
  for (const char* none : {"max 100000", "100000", "1 0", "0 100000", "-1 100000", "1 2 3", ""})
    EXPECT_FALSE(parse_cpu_max(none)) << none;
  EXPECT_FALSE(parse_cfs_quota("-1", "100000"));
}

TEST(Cgroup, TakesTheTightestLimitOnTheWayUp) {
  const MapHost host(Files{{"proc/self/cgroup", "0::/a/b/c\n"},
                           {"proc/self/mountinfo", kV2},
                           {"sys/fs/cgroup/a/memory.max", "4000\n"},
                           {"sys/fs/cgroup/a/b/memory.max", "3000\n"},
                           {"sys/fs/cgroup/a/b/memory.current", "100\n"},
                           {"sys/fs/cgroup/a/b/c/memory.max", "max\n"},
                           {"sys/fs/cgroup/a/cpu.max", "100000 100000\n"},
                           {"sys/fs/cgroup/a/b/c/cpu.max", "300000 100000\n"},
                           {"sys/fs/cgroup/a/cpuset.cpus.effective", "0-7\n"}});
  const CgroupView view = read_cgroup(host);
  EXPECT_EQ(view.version, 2);
  ASSERT_TRUE(view.memory);
  EXPECT_EQ(view.memory->value, 3000);
  EXPECT_EQ(view.memory->file, "/sys/fs/cgroup/a/b/memory.max");
  EXPECT_EQ(view.memory_used_byte, 100.0);
  ASSERT_TRUE(view.cpus);
  EXPECT_EQ(view.cpus->value, 1);
  EXPECT_EQ(view.cpuset, "0-7");
}

TEST(Cgroup, CountsTheThrottlingLimitOfV2) {
  const MapHost host(Files{{"proc/self/cgroup", "0::/a\n"},
                           {"proc/self/mountinfo", kV2},
                           {"sys/fs/cgroup/a/memory.max", "4000\n"},
                           {"sys/fs/cgroup/a/memory.high", "2500\n"}});
  const CgroupView view = read_cgroup(host);
  ASSERT_TRUE(view.memory);
  EXPECT_EQ(view.memory->value, 2500);
  EXPECT_EQ(view.memory->file, "/sys/fs/cgroup/a/memory.high");
}

TEST(Cgroup, FallsBackToTheMountsRootWhereThePathIsNotVisible) {
  for (const char* path : {"0::/host/only/path\n", "0::/../../elsewhere\n", "0::/\n", ""}) {
    const MapHost host(Files{
        {"proc/self/cgroup", path}, {"proc/self/mountinfo", kV2}, {"sys/fs/cgroup/memory.max", "77\n"}});
    const CgroupView view = read_cgroup(host);
    ASSERT_TRUE(view.memory) << path;
    EXPECT_EQ(view.memory->value, 77) << path;
  }
}

TEST(Cgroup, CutsTheMountedFolderOffThePath) {
  const MapHost host(Files{
      {"proc/self/cgroup", "9:memory:/docker/abc/inner\n"},
      {"proc/self/mountinfo", "35 31 0:31 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes", "2000\n"},
      {"sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "1000\n"}});
  ASSERT_TRUE(read_cgroup(host).memory);
  EXPECT_EQ(read_cgroup(host).memory->value, 1000);
}

TEST(Cgroup, OfAHybridMachineReadsTheControllerWhereItLives) {
  const MapHost host(Files{
      {"proc/self/cgroup", "4:memory:/job\n0::/\n"},
      {"proc/self/mountinfo", "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n" + kV1Memory},
      {"sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1000\n"},
      {"sys/fs/cgroup/unified/memory.max", "5\n"}});
  const CgroupView view = read_cgroup(host);
  EXPECT_EQ(view.version, 1);
  ASSERT_TRUE(view.memory);
  EXPECT_EQ(view.memory->value, 1000);
}

TEST(Cgroup, SeesLimitsOfInvisibleParentsInMemoryStat) {
  const MapHost host(
      Files{{"proc/self/cgroup", "4:memory:/\n"},
            {"proc/self/mountinfo", kV1Memory},
            {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
            {"sys/fs/cgroup/memory/memory.stat", "cache 0\nhierarchical_memory_limit 4096\n"}});
  ASSERT_TRUE(read_cgroup(host).memory);
  EXPECT_EQ(read_cgroup(host).memory->value, 4096);
}

TEST(Cgroup, WithoutFilesLimitsNothing) {
  for (const MapHost& host :
       {MapHost({}), MapHost(Files{{"proc/self/mountinfo", "\xff"}, {"proc/self/cgroup", "::::"}})}) {
    const CgroupView view = read_cgroup(host);
    EXPECT_EQ(view.version, 0);
    EXPECT_FALSE(view.memory || view.cpus);
    EXPECT_EQ(view.cpuset, "");
  }
}

TEST(Cgroup, KeepsAMalformedCpusetOut) {
  const MapHost host(Files{{"proc/self/cgroup", "0::/\n"},
                           {"proc/self/mountinfo", kV2},
                           {"sys/fs/cgroup/cpuset.cpus.effective", "3-1,x\n"}});
  EXPECT_EQ(read_cgroup(host).cpuset, "");
}

}  // namespace
}  // namespace ridgepoint
