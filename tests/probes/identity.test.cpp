// SPDX-License-Identifier: Apache-2.0
#include "probes/identity.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using test::run_probe;
using Words = std::vector<std::string>;

const std::string kXeon =
    "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R)   Platinum 8480+\n"
    "microcode\t: 0x2b000571\nflags\t\t: fpu tsc constant_tsc nonstop_tsc sse4_2 avx2 avx512f amx_tile "
    "amx_bf16 "
    "amx_int8 fma avx512_vnni\n\nprocessor\t: 1\nflags\t\t: hypervisor\n";

TEST(ParseCpuinfo, OfX86TakesTheFirstProcessor) {
  const Cpuinfo info = parse_cpuinfo(kXeon);
  EXPECT_EQ(info.cpu, "Intel(R) Xeon(R) Platinum 8480+");
  EXPECT_EQ(info.vendor, "Intel");
  EXPECT_EQ(info.microcode, "0x2b000571");
  EXPECT_EQ(info.isa,
            (Words{"amx_bf16", "amx_int8", "amx_tile", "avx2", "avx512_vnni", "avx512f", "fma", "sse4_2"}));
  EXPECT_TRUE(info.steady_tsc);
  EXPECT_FALSE(info.hypervisor);
}

TEST(ParseCpuinfo, TakesWholeFlagsOnly) {
  EXPECT_EQ(parse_cpuinfo("flags : avx2x xavx2 fma4 sse4_1\n").isa, Words{});
  EXPECT_TRUE(parse_cpuinfo("flags : hypervisor\n").hypervisor);
  EXPECT_FALSE(parse_cpuinfo("flags : constant_tsc\n").steady_tsc);
}

TEST(ParseCpuinfo, OfArmNamesThePartAndItsExtensions) {
  const Cpuinfo info = parse_cpuinfo(
      "processor\t: 0\nFeatures\t: fp asimd sve asimddp asimdhp bf16 i8mm\nCPU implementer\t: 0x41\nCPU "
      "part\t: 0xd40\n\n");
  EXPECT_EQ(info.cpu, "Arm Neoverse V1");
  EXPECT_EQ(info.vendor, "Arm");
  EXPECT_EQ(info.isa, (Words{"bf16", "dotprod", "fp16", "i8mm", "neon", "sve"}));
}

TEST(ParseCpuinfo, OfBigLittleNamesBothParts) {
  const std::string little = "processor : 0\nCPU implementer : 0x41\nCPU part : 0xd03\n\n";
  const std::string big = "processor : 1\nCPU implementer : 0x41\nCPU part : 0xd08\n\n";
  EXPECT_EQ(parse_cpuinfo(little + little + big + big).cpu, "Arm Cortex-A53 + Arm Cortex-A72");
}

TEST(ParseCpuinfo, ShowsNumbersOfUnknownParts) {
  EXPECT_EQ(parse_cpuinfo("CPU implementer : 0x99\nCPU part : 0x123\n").cpu, "implementer 0x99 part 0x123");
}

TEST(ParseCpuinfo, OfGarbageIsEmpty) {
  for (const char* bad :
       {"", "\n\n\n", ":::", "\xff\xfe\x01", "processor", "model name Intel", "processor : 0\nmodel"}) {
    const Cpuinfo info = parse_cpuinfo(bad);
    EXPECT_EQ(info.cpu, "") << bad;
    EXPECT_EQ(info.vendor, "") << bad;
    EXPECT_TRUE(info.isa.empty()) << bad;
  }
}

TEST(ParseCpuinfo, KeepsTerminalEscapesOut) {
  EXPECT_EQ(parse_cpuinfo("vendor_id : x\nmodel name : a\x1b[31mb\n").cpu, "a?[31mb");
}

TEST(HypervisorName, TakesTheBestClue) {
  EXPECT_EQ(
      hypervisor_name({.hypervisor_type = "xen", .dmi_vendor = {}, .dmi_product = {}, .clocksources = {}}),
      "Xen");
  EXPECT_EQ(
      hypervisor_name({.hypervisor_type = {}, .dmi_vendor = "QEMU", .dmi_product = {}, .clocksources = {}}),
      "QEMU");
  EXPECT_EQ(hypervisor_name({.hypervisor_type = {},
                             .dmi_vendor = "Amazon EC2",
                             .dmi_product = "m6g.xlarge",
                             .clocksources = {}}),
            "KVM (Amazon)");
  EXPECT_EQ(hypervisor_name({.cpu_flag = true,
                             .hypervisor_type = {},
                             .dmi_vendor = {},
                             .dmi_product = {},
                             .clocksources = "tsc kvm-clock"}),
            "KVM");
  EXPECT_EQ(
      hypervisor_name(
          {.cpu_flag = true, .hypervisor_type = {}, .dmi_vendor = {}, .dmi_product = {}, .clocksources = {}}),
      "unnamed");
}

TEST(HypervisorName, IsEmptyOnBareMetal) {
  EXPECT_EQ(hypervisor_name({}), "");
  EXPECT_EQ(hypervisor_name({.hypervisor_type = {},
                             .dmi_vendor = "Dell Inc.",
                             .dmi_product = "PowerEdge",
                             .clocksources = "tsc hpet"}),
            "");
  EXPECT_EQ(hypervisor_name({.hypervisor_type = {},
                             .dmi_vendor = "Amazon EC2",
                             .dmi_product = "m5.metal",
                             .clocksources = "tsc"}),
            "");
}

TEST(MitigationSummary, SortsByState) {
  EXPECT_EQ(mitigation_summary({{"mds", "Vulnerable: Clear CPU buffers attempted, no microcode"},
                                {"spectre_v1", "Mitigation: usercopy barriers"},
                                {"spectre_v2", "Mitigation: Retpolines; STIBP: disabled; BHI: Vulnerable"},
                                {"meltdown", "Not affected"}}),
            "mitigated: spectre_v1, spectre_v2; vulnerable: mds");
  EXPECT_EQ(mitigation_summary({{"meltdown", "Not affected"}}), "none needed");
  EXPECT_EQ(mitigation_summary({}), "");
}

TEST(IdentityProbe, JoinsGovernorsThatDiffer) {
  const MapHost host({{"proc/cpuinfo", kXeon},
                      {"sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n"},
                      {"sys/devices/system/cpu/cpufreq/policy1/scaling_governor", "performance\n"},
                      {"sys/devices/system/cpu/cpufreq/policy2/scaling_governor", "performance\n"}});
  EXPECT_EQ(text(run_probe("identity", host).facts, "identity.governor"), "performance, powersave");
}

TEST(IdentityProbe, ReadsSmtFromTheTopologyOfAnOldKernel) {
  Topology topology;
  topology.source = "hwloc, live";
  topology.cores_told = true;
  topology.cores = 4;
  topology.processing_units = 8;
  EXPECT_EQ(text(run_probe("identity", MapHost({{"proc/cpuinfo", kXeon}}), topology).facts, "identity.smt"),
            "on");
  topology.processing_units = 4;
  EXPECT_EQ(text(run_probe("identity", MapHost({{"proc/cpuinfo", kXeon}}), topology).facts, "identity.smt"),
            "off");
}

TEST(IdentityProbe, WithoutAFileIsUnavailableAndSaysWhy) {
  const ProbeOutcome outcome = run_probe("identity", MapHost({}));
  EXPECT_EQ(outcome.status, ProbeStatus::unavailable);
  EXPECT_TRUE(outcome.facts.empty());
  EXPECT_NE(outcome.reason.find("proc/cpuinfo"), std::string::npos);
}

TEST(IdentityProbe, WithoutAProcessorNameIsDegraded) {
  const MapHost host({{"proc/cpuinfo", "\xff\xfe"}, {"proc/sys/kernel/osrelease", "6.1\n"}});
  const ProbeOutcome outcome = run_probe("identity", host);
  EXPECT_EQ(outcome.status, ProbeStatus::degraded);
  EXPECT_EQ(text(outcome.facts, "identity.kernel"), "Linux 6.1");
}

Topology sixteen_threads() {
  Topology t;
  t.processing_units = 16;
  t.caches = {{.name = "l2", .size_byte = 2097152, .instances = 8, .shared_by = 2, .mixed = {}}};
  t.numa = {{.index = 0, .kind = "dram", .size_byte = 64e9, .processing_units = 16}};
  return t;
}

std::map<std::string, std::string> stable_files() {
  return {{"proc/cpuinfo", kXeon},
          {"proc/sys/kernel/osrelease", "6.1.0\n"},
          {"sys/devices/system/cpu/present", "0-15\n"},
          {"sys/class/dmi/id/board_vendor", "Maker\n"},
          {"sys/class/dmi/id/board_name", "Board 1\n"}};
}

std::string machine_of(const std::map<std::string, std::string>& files, const Topology& topology) {
  return text(run_probe("identity", MapHost(files), topology).facts, "identity.machine");
}

TEST(IdentityMachine, StaysWhileOnlyWhatIsVolatileChanges) {
  const std::string first = machine_of(stable_files(), sixteen_threads());
  EXPECT_EQ(first.size(), 16u);
  auto files = stable_files();
  std::string& cpuinfo = files["proc/cpuinfo"];
  cpuinfo.replace(cpuinfo.find("0x2b000571"), 10, "0x2b0005c0");
  files["proc/sys/kernel/osrelease"] = "6.12.9\n";
  files["proc/sys/kernel/hostname"] = "other\n";
  files["proc/sys/kernel/random/boot_id"] = "1234\n";
  files["proc/meminfo"] = "MemTotal: 1 kB\nMemAvailable: 1 kB\n";
  files["sys/class/net/eth0/address"] = "00:00:00:00:00:01\n";
  files["sys/class/dmi/id/product_serial"] = "S1\n";
  files["sys/devices/system/cpu/online"] = "1-7\n";
  files["sys/devices/system/cpu/smt/control"] = "off\n";
  files["sys/devices/system/cpu/cpufreq/policy0/scaling_governor"] = "powersave\n";
  Topology t = sixteen_threads();
  t.processing_units = t.allowed_processing_units = 7;
  t.allowed = {1, 2, 3, 4, 5, 6, 7};
  t.caches[0].instances = 7;
  t.caches[0].shared_by = 1;
  t.numa[0].size_byte = 32e9;
  t.numa[0].processing_units = 7;
  EXPECT_EQ(machine_of(files, t), first);
}

TEST(IdentityMachine, ChangesWithEachPieceOfHardware) {
  const std::string first = machine_of(stable_files(), sixteen_threads());
  std::set<std::string> seen{first};
  const auto other = [&](const auto& change) {
    auto files = stable_files();
    Topology t = sixteen_threads();
    change(files, t);
    EXPECT_TRUE(seen.insert(machine_of(files, t)).second);
  };
  other([](auto& files, Topology&) { files["proc/cpuinfo"] = "vendor_id : x\nmodel name : Other CPU\n"; });
  other([](auto& files, Topology&) { files["sys/class/dmi/id/board_name"] = "Board 2"; });
  other([](auto& files, Topology&) { files["sys/devices/system/cpu/present"] = "0-31"; });
  other([](auto&, Topology& t) { t.caches[0].size_byte = 1048576; });
  other([](auto&, Topology& t) { t.numa[0].kind = "hbm"; });
  other([](auto&, Topology& t) { t.numa.push_back({.index = 1, .kind = "cxl", .size_byte = 1e9}); });
}

TEST(IdentityMachine, IsAbsentWhereNothingNamesTheProcessor) {
  EXPECT_EQ(machine_of({{"sys/devices/system/cpu/present", "0-3"}}, sixteen_threads()), "");
}

TEST(IdentityProbe, ReadsTheBoardFromTheDeviceTreeWithoutItsZeroByte) {
  const MapHost host(
      {{"proc/cpuinfo", kXeon}, {"sys/firmware/devicetree/base/model", std::string("Radxa ROCK 5B\0", 14)}});
  EXPECT_EQ(text(run_probe("identity", host).facts, "identity.board"), "Radxa ROCK 5B");
}

}  // namespace
}  // namespace ridgepoint
