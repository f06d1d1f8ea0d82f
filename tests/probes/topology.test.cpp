// SPDX-License-Identifier: Apache-2.0
#include "probes/topology.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "model/core/file_io.h"
#include "model/core/random.h"
#include "model/core/units.h"
#include "probes/host.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/recorded.h"
#include "tests/probes/support/temp_folder.h"

namespace ridgepoint {
namespace {

using test::kHosts;
using test::run_probe;
using test::TempFolder;
using Cpus = std::vector<int>;

Topology synthetic(const std::string& spec) {
  const auto t = load_topology(spec, RootedHost("/"));
  EXPECT_TRUE(t) << (t ? "" : t.error().what + " " + t.error().why);
  return t.value_or(Topology{});
}

Topology recorded(const std::string& name) {
  const auto t = load_topology("", RootedHost(kHosts + "/" + name));
  EXPECT_TRUE(t) << (t ? "" : t.error().what + " " + t.error().why);
  return t.value_or(Topology{});
}

std::string kinds_of(const Topology& t) {
  return text(run_probe("topology", test::MapHost({}), t).facts, "topology.cpu_kinds");
}

TEST(Topology, OfASyntheticMachineHasItsShape) {
  const Topology t = synthetic("pack:2 [numa(memory=1073741824)] l3:1(size=1048576) core:3 pu:2");
  EXPECT_EQ(t.packages, 2);
  EXPECT_EQ(t.cores, 6);
  EXPECT_EQ(t.processing_units, 12);
  EXPECT_EQ(t.allowed_processing_units, 12);
  ASSERT_EQ(t.caches.size(), 1u);
  EXPECT_EQ(t.caches[0].name, "l3");
  EXPECT_EQ(t.caches[0].size_byte, kMebi);
  EXPECT_EQ(t.caches[0].instances, 2);
  EXPECT_EQ(t.caches[0].shared_by, 6);
  ASSERT_EQ(t.numa.size(), 2u);
  EXPECT_EQ(t.numa[1].size_byte, kGibi);
  EXPECT_EQ(t.source, "hwloc synthetic 'pack:2 [numa(memory=1073741824)] l3:1(size=1048576) core:3 pu:2'");
}

TEST(Topology, ListsOneProcessorPerCoreFirst) {
  EXPECT_EQ(synthetic("core:3 pu:2").allowed, (Cpus{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(synthetic("core:2 pu:2(indexes=0,2,1,3)").allowed, (Cpus{0, 1, 2, 3}));
}

TEST(Topology, DoesNotKeepSizesThatNobodyGave) {
  const Topology t = synthetic("numa:2 l2:2 core:1 pu:1");
  ASSERT_EQ(t.numa.size(), 2u);
  EXPECT_EQ(t.numa[0].size_byte, 0);
  ASSERT_EQ(t.caches.size(), 1u);
  EXPECT_EQ(t.caches[0].size_byte, 0);
  const ProbeOutcome outcome = run_probe("topology", test::MapHost({}), t);
  EXPECT_FALSE(outcome.facts.contains("numa.0.capacity"));
  EXPECT_FALSE(outcome.facts.contains("cache.l2.capacity"));
  EXPECT_EQ(outcome.facts.at("topology.cores").basis, Basis::assumed);
}

TEST(Topology, RefusesWhatIsNeitherFileNorDescription) {
  for (const char* bad : {"nonsense", "pack:0", "pack:2 core", "/no/such/file.xml", "pack:-1", "\x1b[31m",
                          "core:2 pu:2 core:2"}) {
    const auto t = load_topology(bad, RootedHost("/"));
    ASSERT_FALSE(t) << bad;
    EXPECT_EQ(t.error().kind, ErrorKind::bad_input) << bad;
    EXPECT_FALSE(t.error().fix.empty()) << bad;
    EXPECT_EQ(t.error().what.find('\x1b'), std::string::npos);
  }
}

TEST(Topology, RefusesAMachineTooLargeToBuild) {
  for (const char* huge :
       {"pu:65537", "pack:1000 core:1000 pu:1000", "pack:2 [numa] l3:100(size=1) core:1000", "99999 99999",
        "pu:99999999999999999999999999"}) {
    const auto t = load_topology(huge, RootedHost("/"));
    ASSERT_FALSE(t) << huge;
    EXPECT_NE(t.error().what.find("65536"), std::string::npos) << t.error().what;
  }
}

TEST(Topology, RefusesFilesThatAreNoTopology) {
  const TempFolder folder;
  const auto xml = read_file(kHosts + "/container-cgroup-v2/topology.xml", kSmallFile).value_or("");
  ASSERT_GT(xml.size(), 1000u);
  for (const std::string& text :
       {std::string("not XML"), std::string(), std::string("<topology version=\"2.0\"></topology>"),
        std::string("<?xml version=\"1.0\"?><a/>"), xml.substr(0, xml.size() / 2),
        std::string("\x7f\x45\x4c\x46\0\0", 6)}) {
    const auto t = load_topology(folder.write("x.xml", text), RootedHost("/"));
    ASSERT_FALSE(t) << text.substr(0, 40);
    EXPECT_EQ(t.error().kind, ErrorKind::bad_input);
  }
}

// hwloc 2.9 reads through a null pointer when an object has a cpuset but no complete_cpuset.
TEST(Topology, SurvivesAFileThatCrashesHwloc) {
  std::string xml = read_file(kHosts + "/container-cgroup-v2/topology.xml", kSmallFile).value_or("");
  for (std::size_t at; (at = xml.find(" complete_cpuset=")) != std::string::npos;)
    xml.erase(at, xml.find('"', xml.find('"', at) + 1) + 1 - at);
  const TempFolder folder;
  const auto t = load_topology(folder.write("x.xml", xml), RootedHost("/"));
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error().kind, ErrorKind::bad_input);
}

TEST(Topology, OfADamagedFileIsRefusedOrWhole) {
  constexpr std::uint64_t kSeed = 20261123;
  const std::string xml = read_file(kHosts + "/arm-graviton2-vm/topology.xml", kSmallFile).value_or("");
  ASSERT_GT(xml.size(), 1000u);
  const TempFolder folder;
  for (std::uint64_t turn = 0; turn < 60; ++turn) {
    std::string text = xml;
    const auto at = random_below(kSeed, turn, static_cast<std::uint32_t>(text.size()));
    if (turn % 3 == 0) text.resize(at);
    if (turn % 3 == 1) text[at] = static_cast<char>('0' + turn % 10);
    if (turn % 3 == 2) text.erase(at, 1 + turn);
    const auto t = load_topology(folder.write("x.xml", text), RootedHost("/"));
    if (!t) {
      EXPECT_EQ(t.error().kind, ErrorKind::bad_input) << "turn " << turn;
      continue;
    }
    EXPECT_GT(t->processing_units, 0) << "turn " << turn;
    for (const auto& [key, fact] : run_probe("topology", test::MapHost({}), *t).facts)
      EXPECT_TRUE(check_fact(key, fact)) << "turn " << turn << ": " << key;
  }
}

TEST(Topology, KeepsHwlocQuiet) {
  const TempFolder folder;
  const std::string bad = folder.write("x.xml", "not XML");
  testing::internal::CaptureStderr();
  (void)load_topology(bad, RootedHost("/"));
  (void)load_topology("nonsense", RootedHost("/"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Topology, OfALiveMachineAllowsSomeProcessor) {
  const auto t = load_topology("", RootedHost("/"));
  ASSERT_TRUE(t) << t.error().what << ": " << t.error().why;
  EXPECT_EQ(t->source, "hwloc, live");
  EXPECT_GE(t->allowed_cores, 1);
  EXPECT_GE(t->processing_units, t->allowed_processing_units);
  EXPECT_EQ(std::ssize(t->allowed), t->allowed_processing_units);
  EXPECT_EQ(std::set<int>(t->allowed.begin(), t->allowed.end()).size(), t->allowed.size());
}

TEST(Topology, OfALiveMachineRespectsTheAffinityMask) {
  const auto whole = load_topology("", RootedHost("/"));
  ASSERT_TRUE(whole);
  const int last = whole->allowed.back();
  std::thread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(last), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    const auto t = load_topology("", RootedHost("/"));
    ASSERT_TRUE(t);
    EXPECT_EQ(t->allowed, Cpus{last});
    EXPECT_EQ(t->allowed_cores, 1);
    EXPECT_EQ(t->processing_units, whole->processing_units);
  }).join();
}

TEST(Topology, OfALiveMachineIsNotTheUsersEnvironment) {
  ::setenv("HWLOC_SYNTHETIC", "pack:1 core:1021 pu:1", 1);
  const auto t = load_topology("", RootedHost("/"));
  EXPECT_STREQ(std::getenv("HWLOC_SYNTHETIC"), "pack:1 core:1021 pu:1");
  EXPECT_EQ(std::getenv("HWLOC_HIDE_ERRORS"), nullptr);
  ::unsetenv("HWLOC_SYNTHETIC");
  ASSERT_TRUE(t);
  EXPECT_NE(t->processing_units, 1021);
}

TEST(RecordedTopology, HasNothingOfTheMachineAtHand) {
  const Topology t = recorded("no-numa");
  EXPECT_EQ(t.source, "hwloc, recorded tree");
  EXPECT_EQ(t.processing_units, 2);
  ASSERT_GE(t.caches.size(), 2u);
  EXPECT_EQ(t.caches[0].size_byte, 24 * kKibi);
  EXPECT_EQ(t.caches[1].shared_by, 2);
}

TEST(RecordedTopology, DoesNotNeedProcessorZero) {
  const Topology t = recorded("offline-cpu0");
  EXPECT_EQ(t.allowed, (Cpus{1, 2, 3}));
  EXPECT_EQ(t.processing_units, 3);
}

TEST(RecordedTopology, RespectsTheRecordedMask) {
  const Topology t = recorded("container-cgroup-v2");
  EXPECT_EQ(t.processing_units, 8);
  EXPECT_EQ(t.allowed, (Cpus{2, 3, 6, 7}));
  EXPECT_EQ(t.allowed_cores, 2);
}

TEST(RecordedTopology, TellsTheKindsOfAHybridMachine) {
  const Topology t = recorded("hybrid-i3-1215u");
  EXPECT_EQ(t.cores, 6);
  EXPECT_EQ(kinds_of(t), "IntelAtom: 4 processing units; IntelCore: 4 processing units");
  ASSERT_FALSE(t.devices.empty());
  EXPECT_EQ(t.devices[0].substr(0, 13), "PCI 8086:46b3");
}

TEST(Topology, TellsTheKindsThatHwlocKnows) {
  std::string xml = read_file(kHosts + "/arm-graviton2-vm/topology.xml", kSmallFile).value_or("");
  xml.insert(xml.rfind("</topology>"),
             "<cpukind cpuset=\"0x00000003\"><info name=\"CoreType\" value=\"Small\"/>"
             "<info name=\"FrequencyMaxMHz\" value=\"1000\"/></cpukind>"
             "<cpukind cpuset=\"0x0000000c\"><info name=\"FrequencyMaxMHz\" value=\"3000\"/></cpukind>\n");
  const TempFolder folder;
  const auto t = load_topology(folder.write("x.xml", xml), RootedHost("/"));
  ASSERT_TRUE(t) << t.error().why;
  EXPECT_EQ(kinds_of(*t),
            "Small: 2 processing units, rank 0, at most 1000 MHz; "
            "kind 1: 2 processing units, rank 1, at most 3000 MHz");
}

TEST(RecordedTopology, KeepsMcdramOfFlatModeAsANode) {
  const Topology t = recorded("xeon-phi-7250-flat");
  EXPECT_EQ(t.cores, 68);
  EXPECT_EQ(t.processing_units, 272);
  ASSERT_EQ(t.numa.size(), 2u);
  EXPECT_EQ(t.numa[0].kind, "dram");
  EXPECT_EQ(t.numa[1].kind, "mcdram");
  EXPECT_EQ(t.numa[1].processing_units, 0);
  EXPECT_EQ(t.numa[1].size_byte, 16 * kGibi);
}

TEST(RecordedTopology, SeesMcdramOfCacheModeAsACache) {
  const Topology t = recorded("xeon-phi-7250-cache");
  ASSERT_EQ(t.numa.size(), 1u);
  EXPECT_EQ(t.caches.back().name, "memory_side");
  EXPECT_EQ(t.caches.back().size_byte, 16 * kGibi);
}

TEST(RecordedTopology, CountsNodesAndCacheSharing) {
  const Topology epyc = recorded("epyc-7763-nps4");
  EXPECT_EQ(epyc.numa.size(), 4u);
  EXPECT_EQ(epyc.caches.back().instances, 8);
  EXPECT_EQ(epyc.caches.back().shared_by, 16);
  EXPECT_EQ(recorded("xeon-8280-2s").packages, 2);
  EXPECT_EQ(recorded("xeon-8280-2s").allowed_processing_units, 56);
}

TEST(RecordedTopology, WithoutProcessorsIsEmptyAndNotAnError) {
  const Topology t = recorded("empty");
  EXPECT_EQ(t.processing_units, 0);
  EXPECT_EQ(run_probe("topology", test::MapHost({}), t).status, ProbeStatus::unavailable);
}

TEST(RecordedTopology, OfAMissingFolderIsTheUsersMistake) {
  const auto t = load_topology("", RootedHost("/no/such/recorded/machine"));
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error().kind, ErrorKind::bad_input);
}

TEST(RecordedTopology, FallsBackToTheTreeWhereItsXmlIsOfAnotherVersion) {
  const TempFolder folder;
  std::filesystem::copy(kHosts + "/no-numa", folder.path(), std::filesystem::copy_options::recursive);
  folder.write("topology.xml", "<?xml version=\"1.0\"?><topology version=\"9.0\"></topology>");
  const auto t = load_topology("", RootedHost(folder.path()));
  ASSERT_TRUE(t);
  EXPECT_EQ(t->source, "hwloc, recorded tree");
  EXPECT_EQ(t->processing_units, 2);
}

TEST(TopologyProbe, WarnsWhereTheMaskLeavesProcessorsOut) {
  const ProbeOutcome outcome = run_probe("topology", test::MapHost({}), recorded("container-cgroup-v2"));
  EXPECT_EQ(number(outcome.facts, "topology.allowed_threads"), 4);
  ASSERT_EQ(outcome.warnings.size(), 1u);
  EXPECT_EQ(outcome.warnings[0].code, "restricted-cpus");
}

TEST(TopologyProbe, WithoutCachesIsDegraded) {
  const ProbeOutcome outcome = run_probe("topology", test::MapHost({}), recorded("no-sysfs-caches"));
  EXPECT_EQ(outcome.status, ProbeStatus::degraded);
  EXPECT_FALSE(outcome.facts.contains("cache.l1d.capacity"));
  EXPECT_EQ(number(outcome.facts, "topology.cores"), 2);
}

}  // namespace
}  // namespace ridgepoint
