// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/command.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/recorded.h"

namespace ridgepoint {

const std::vector<const Command*>& probes_commands();

namespace {

using test::kHosts;
using test::MapHost;
using test::QuietLog;
using Files = std::map<std::string, std::string>;

Result<Output> doctor(const std::map<std::string, std::vector<std::string>>& options) {
  QuietLog log;
  Ports ports{.log = log, .configs = {}, .today = "2026-11", .provenance = {}};
  ports.provenance.command = "ridgepoint doctor";
  for (const Command* c : probes_commands())
    if (c->name == "doctor") return c->run(Arguments{.values = options, .positional = {}}, ports);
  return fail(ErrorKind::internal, "there is no doctor", "", "");
}

Diagnosis diagnose(const std::map<std::string, std::vector<std::string>>& options) {
  const auto output = doctor(options);
  EXPECT_TRUE(output) << (output ? "" : output.error().what);
  if (!output || !output->document) return {};
  EXPECT_EQ(output->exit, 0);
  EXPECT_EQ(output->document->schema, "doctor");
  const auto diagnosis = decode<Diagnosis>(output->document->body, "doctor");
  EXPECT_TRUE(diagnosis) << (diagnosis ? "" : diagnosis.error().what);
  return diagnosis.value_or(Diagnosis{});
}

std::vector<std::string> ids(const Diagnosis& d) {
  std::vector<std::string> out;
  for (const Finding& f : d.findings) out.push_back(f.id);
  return out;
}

Finding check(Finding (*what)(const ProbeContext&), const Host& host, const Topology& topology = {}) {
  QuietLog log;
  return what({host, topology, Level::quick, 0, log});
}

const std::vector<std::string> kAll = {"counters",       "huge-pages", "pinning",       "frequency",
                                       "memory",         "cgroup",     "storage",       "accelerators",
                                       "virtualisation", "smt",        "shared-memory", "mitigations"};

TEST(Doctor, FindsSomethingOnEveryQuestionEverywhere) {
  std::vector<std::map<std::string, std::vector<std::string>>> cases{{},
                                                                     {{"topology", {"pack:1 core:2 pu:1"}}}};
  for (const std::string& name : test::recorded_hosts())
    cases.push_back({{"host-root", {kHosts + "/" + name}}});
  for (const auto& options : cases) EXPECT_EQ(ids(diagnose(options)), kAll);
}

TEST(Doctor, NamesCostAndRemedyOfEverythingThatIsNotGood) {
  for (const std::string& name : test::recorded_hosts())
    for (const Finding& f : diagnose({{"host-root", {kHosts + "/" + name}}}).findings) {
      EXPECT_NE(f.evidence, "") << name << " " << f.id;
      EXPECT_EQ(f.health == Health::good, f.cost.empty()) << name << " " << f.id << ": " << f.cost;
      EXPECT_EQ(f.health == Health::good, f.fix.empty()) << name << " " << f.id << ": " << f.fix;
    }
}

TEST(Doctor, NamesTheFiguresThatSuffer) {
  for (const Finding& f : diagnose({{"host-root", {kHosts + "/vm-hotplug-cgroup-v1"}}}).findings)
    EXPECT_EQ(f.health == Health::good, f.cost.find('[') == std::string::npos) << f.id << ": " << f.cost;
}

std::string cost_of(const std::string& host, const std::string& finding) {
  for (const Finding& f : diagnose({{"host-root", {kHosts + "/" + host}}}).findings)
    if (f.id == finding) return f.cost + " | " + f.fix;
  return {};
}

void expect_words(const std::string& text, const std::vector<std::string>& list) {
  for (const std::string& word : list)
    EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
}

TEST(Doctor, NamesWhatEachOddMachineHas) {
  expect_words(cost_of("vm-hotplug-cgroup-v1", "memory"), {"hot-plugged", "numa.*.capacity", "memory.total"});
  expect_words(cost_of("memory-hot-pluggable", "memory"),
               {"8 GiB online were hot-plugged", "16 GiB of 20 GiB", "echo online"});
  expect_words(cost_of("hugetlb-reserved", "memory"),
               {"128 GiB are set aside as hugetlb", "vm.nr_hugepages"});
  expect_words(cost_of("hugetlb-reserved", "huge-pages"), {"page walks", "echo madvise | sudo tee"});
  expect_words(cost_of("hybrid-i7-1365u", "memory"), {"2 GiB of memory are in swap", "swapoff"});
  expect_words(cost_of("hybrid-i7-1365u", "frequency"),
               {"start slow", "cpupower frequency-set -g performance"});
  expect_words(cost_of("vm-burstable-steal", "virtualisation"), {"longer by about 25 %", "dedicated host"});
  expect_words(cost_of("cgroup-v2-half-cpu", "cgroup"), {"only 0.5 CPUs", "768 MiB of", "cpu.max"});
  expect_words(cost_of("cgroup-v2-half-cpu", "shared-memory"), {"MPI", "--shm-size"});
  expect_words(cost_of("vm-vmware-false-pmu", "smt"), {"share a core", "threads per core"});
}

TEST(CheckCounters, NamesTheSettingOfARecordedMachineToo) {
  expect_words(check(check_counters, MapHost(Files{{"proc/sys/kernel/perf_event_paranoid", "4\n"}})).evidence,
               {"perf_event_paranoid is 4"});
}

TEST(CheckSharedMemory, TakesTheLastMountsSize) {
  const auto with = [](const std::string& mounts) {
    return check(check_shared_memory, MapHost(Files{{"proc/self/mountinfo", mounts}})).health;
  };
  const std::string small = "1 0 0:1 / /dev/shm rw - tmpfs shm rw,size=65536k\n",
                    large = "2 0 0:2 / /dev/shm rw - tmpfs shm rw,size=8g\n";
  EXPECT_EQ(with(small), Health::limited);
  EXPECT_EQ(with(small + large), Health::good);
  EXPECT_EQ(with("1 0 0:1 / /dev/shm rw - tmpfs shm rw,size=50%\n"), Health::missing);
  EXPECT_EQ(with(""), Health::missing);
}

TEST(CheckMitigations, SeesMicrocodeThatIsTooOld) {
  const std::string folder = "sys/devices/system/cpu/vulnerabilities/";
  const auto with = [&](const std::string& state) {
    return check(check_mitigations, MapHost(Files{{folder + "mds", state}}));
  };
  EXPECT_EQ(with("Mitigation: Clear CPU buffers; SMT disabled").health, Health::good);
  expect_words(with("Vulnerable: Clear CPU buffers attempted, no microcode; SMT vulnerable").evidence,
               {"too old for mds"});
  EXPECT_EQ(check(check_mitigations, MapHost(Files{})).health, Health::missing);
}

TEST(CheckSmt, DoubtsTheCoresOfAGuest) {
  Topology two;
  two.processing_units = two.cores = 2;
  two.cores_told = true;
  const std::string guest = "vendor_id : GenuineIntel\nmodel name : x\nflags : hypervisor\n";
  EXPECT_EQ(check(check_smt, MapHost(Files{{"proc/cpuinfo", guest}}), two).health, Health::limited);
  EXPECT_EQ(
      check(check_smt, MapHost(Files{{"proc/cpuinfo", "vendor_id : GenuineIntel\nmodel name : x\n"}}), two)
          .health,
      Health::good);
  two.cores = 1;
  EXPECT_EQ(check(check_smt, MapHost(Files{{"proc/cpuinfo", guest}}), two).health, Health::good);
}

TEST(Doctor, PutsProvenanceAndOriginIntoTheDocument) {
  const Diagnosis live = diagnose({});
  EXPECT_EQ(live.provenance.command, "ridgepoint doctor");
  EXPECT_EQ(live.origin, "this machine");
  EXPECT_EQ(diagnose({{"host-root", {kHosts + "/empty"}}}).origin, kHosts + "/empty");
}

TEST(Doctor, OfABadOptionIsTheUsersMistake) {
  EXPECT_EQ(doctor({{"topology", {"nonsense"}}}).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(doctor({{"host-root", {"/no/such/folder"}}}).error().kind, ErrorKind::bad_input);
}

TEST(Doctor, SaysWhatARecordedMachineCannotTell) {
  for (const Finding& f : diagnose({{"host-root", {kHosts + "/xeon-8280-2s"}}}).findings)
    if (f.id == "counters" || f.id == "pinning" || f.id == "storage") {
      EXPECT_EQ(f.health, Health::missing) << f.id;
      EXPECT_NE(f.evidence.find("recorded machine"), std::string::npos) << f.id;
    }
}

TEST(CheckPinning, BindsToEveryAllowedProcessor) {
  const auto topology = load_topology("", RootedHost("/"));
  ASSERT_TRUE(topology);
  EXPECT_EQ(check(check_pinning, RootedHost("/"), *topology).health, Health::good);
}

TEST(CheckPinning, SeesAProcessorThatRefuses) {
  auto topology = load_topology("", RootedHost("/"));
  ASSERT_TRUE(topology);
  topology->allowed.push_back(60000);
  const Finding f = check(check_pinning, RootedHost("/"), *topology);
  EXPECT_EQ(f.health, Health::limited);
  EXPECT_NE(f.evidence.find("60000"), std::string::npos);
  topology->allowed = {60000};
  EXPECT_EQ(check(check_pinning, RootedHost("/"), *topology).health, Health::missing);
}

TEST(CheckHugePages, NamesTheSettingOfAMachineThatHasThemOff) {
  const MapHost host(Files{{"sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n"}});
  const Finding f = check(check_huge_pages, host);
  EXPECT_EQ(f.health, Health::limited);
  EXPECT_NE(f.fix.find("madvise"), std::string::npos);
  EXPECT_EQ(check(check_huge_pages, MapHost({})).health, Health::missing);
}

TEST(CheckFrequency, IsGoodWithAFixedClockOnly) {
  const std::string cpu = "flags : constant_tsc nonstop_tsc\n";
  const std::string governor = "sys/devices/system/cpu/cpufreq/policy0/scaling_governor";
  const std::string clock = "sys/devices/system/clocksource/clocksource0/current_clocksource";
  EXPECT_EQ(
      check(check_frequency, MapHost({{"proc/cpuinfo", cpu}, {governor, "performance"}, {clock, "tsc"}}))
          .health,
      Health::good);
  EXPECT_EQ(
      check(check_frequency, MapHost({{"proc/cpuinfo", cpu}, {governor, "powersave"}, {clock, "tsc"}})).fix,
      "sudo cpupower frequency-set -g performance");
  EXPECT_EQ(
      check(check_frequency, MapHost({{"proc/cpuinfo", cpu}, {governor, "performance"}, {clock, "hpet"}}))
          .health,
      Health::limited);
  EXPECT_EQ(
      check(check_frequency, MapHost({{"proc/cpuinfo", "flags : tsc\n"}, {governor, "performance"}})).health,
      Health::limited);
  EXPECT_EQ(check(check_frequency, MapHost(Files{{"proc/cpuinfo", cpu}})).health, Health::limited);
}

TEST(CheckCgroup, SeesAQuotaThatNoMaskShows) {
  Topology four;
  four.allowed_processing_units = 4;
  const std::map<std::string, std::string> files{
      {"proc/self/cgroup", "0::/\n"},
      {"proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
      {"sys/fs/cgroup/cpu.max", "150000 100000\n"}};
  const Finding f = check(check_cgroup, MapHost(files), four);
  EXPECT_EQ(f.health, Health::limited);
  EXPECT_NE(f.cost.find("4 threads may run, but only 1.5 CPUs"), std::string::npos) << f.cost;
  EXPECT_NE(f.fix.find("/sys/fs/cgroup/cpu.max"), std::string::npos) << f.fix;
  Topology one;
  one.allowed_processing_units = 1;
  EXPECT_EQ(check(check_cgroup, MapHost(files), one).health, Health::good);
}

TEST(CheckCgroup, DoesNotTakeAMaskedHierarchyForFreedom) {
  EXPECT_EQ(check(check_cgroup, MapHost({})).health, Health::missing);
  const MapHost unlimited({{"proc/self/cgroup", "0::/\n"},
                           {"proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"}});
  EXPECT_EQ(check(check_cgroup, unlimited).health, Health::good);
}

TEST(StealShare, IsOfAllTimeWithoutGuestTimeTwice) {
  EXPECT_EQ(steal_share("cpu  40 0 10 40 0 0 0 10 30 0\ncpu0 1 1 1 1 1 1 1 1\n"), 0.1);
  for (const char* bad : {"", "cpu", "cpu 1 2 3", "cpu  1 2 3 4 5 6 7 x 0 0", "cpu  0 0 0 0 0 0 0 0 0 0",
                          "cpu  -1 0 0 0 0 0 0 0 0 0", "cpu0 1 1 1 1 1 1 1 1 1 1"})
    EXPECT_FALSE(steal_share(bad)) << bad;
}

TEST(CpuPressure, IsTheMinutesShare) {
  EXPECT_EQ(cpu_pressure(
                "some avg10=0.00 avg60=25.00 avg300=0.06 total=1\nfull avg10=9 avg60=9 avg300=9 total=9\n"),
            0.25);
  for (const char* bad :
       {"", "full avg60=1.0", "some avg10=1.0", "some avg60=x", "some avg60=-1", "some avg60=nan"})
    EXPECT_FALSE(cpu_pressure(bad)) << bad;
}

TEST(MountOf, IsTheLongestAndOfEqualsTheLast) {
  const auto mounts = parse_mountinfo(
      "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:5 / /data rw - tmpfs tmpfs rw\n3 1 0:6 / /data rw - nfs "
      "srv:/x rw\n"
      "4 1 0:7 / /data2 rw - xfs /dev/sdb rw\n");
  EXPECT_EQ(mount_of(mounts, "/data/x")->type, "nfs");
  EXPECT_EQ(mount_of(mounts, "/data")->type, "nfs");
  EXPECT_EQ(mount_of(mounts, "/data2/y")->type, "xfs");
  EXPECT_EQ(mount_of(mounts, "/data3")->type, "ext4");
  EXPECT_FALSE(mount_of({}, "/"));
}

TEST(DiskOf, FindsThePartitionsDisk) {
  EXPECT_EQ(disk_of("/dev/nvme0n1p2", {"nvme0n1", "nvme0", "sda"}), "nvme0n1");
  EXPECT_EQ(disk_of("/dev/sda1", {"sda", "sdaa"}), "sda");
  EXPECT_EQ(disk_of("tmpfs", {"sda"}), "");
  EXPECT_EQ(disk_of("/dev/mapper/x", {"sda"}), "");
}

TEST(JudgeStorage, IsGoodOnALocalDiskWithDirectIoOnly) {
  StorageSeen good;
  good.device.file_system = "ext4";
  good.device.disk = "nvme0n1";
  good.device.rotational = false;
  good.direct_io = true;
  EXPECT_EQ(judge_storage(good).health, Health::good);
  const auto with = [&](auto change) {
    StorageSeen seen = good;
    change(seen);
    return judge_storage(seen).cost;
  };
  EXPECT_NE(with([](StorageSeen& s) { s.device.file_system = "tmpfs"; }).find("memory"), std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.file_system = "fuse.sshfs"; }).find("another machine"),
            std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.file_system = "overlay"; }).find("overlay"),
            std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.direct_io = false; }).find("page cache"), std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.virtual_sign = "its name is vda"; }).find("virtual"),
            std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.rotational = true; }).find("rotates"), std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.limits = {"io.max rbps=1"}; }).find("control group"),
            std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.file_system = "zfs"; }).find("cache"), std::string::npos);
  EXPECT_NE(with([](StorageSeen& s) { s.device.file_system = ""; }), "");
}

TEST(SeeAccelerators, TakesAcceleratorClassesAndNodesOnly) {
  const MapHost host({{"sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n"},
                      {"sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n"},
                      {"sys/bus/pci/devices/0000:02:00.0/class", "0x020000\n"},
                      {"sys/bus/pci/devices/0000:02:00.0/vendor", "0x10de\n"},
                      {"sys/bus/pci/devices/0000:03:00.0/class", "0x120000\n"},
                      {"sys/bus/pci/devices/0000:03:00.0/vendor", "0x1e52\n"},
                      {"sys/bus/pci/devices/0000:04:00.0/class", "0x030000\n"},  // a server's console
                      {"sys/bus/pci/devices/0000:04:00.0/vendor", "0x1a03\n"},
                      {"sys/bus/pci/devices/0000:05:00.0/class", "0x038000\n"},
                      {"sys/bus/pci/devices/0000:05:00.0/vendor", "0x1002\n"},
                      {"dev/nvidia0", ""},
                      {"dev/nvidiactl", ""},
                      {"dev/dri/card0", ""},
                      {"dev/dri/renderD128", ""},
                      {"etc/OpenCL/vendors/nvidia.icd", "x"},
                      {"etc/OpenCL/vendors/readme", "x"}});
  const AcceleratorsSeen seen = see_accelerators(host);
  EXPECT_EQ(seen.pci, (std::vector<std::string>{"NVIDIA", "Tenstorrent", "AMD"}));
  EXPECT_EQ(seen.nodes, (std::vector<std::string>{"nvidia0", "dri/renderD128"}));
  EXPECT_EQ(seen.icds, std::vector<std::string>{"nvidia.icd"});
}

TEST(JudgeAccelerators, NamesTheMissingLink) {
  EXPECT_EQ(judge_accelerators({}).health, Health::missing);
  EXPECT_NE(judge_accelerators({.pci = {"NVIDIA"}, .nodes = {}, .icds = {}}).cost.find("driver"),
            std::string::npos);
  EXPECT_NE(judge_accelerators({.pci = {"NVIDIA"}, .nodes = {"nvidia0"}, .icds = {}}).cost.find("OpenCL"),
            std::string::npos);
  EXPECT_EQ(judge_accelerators({.pci = {"NVIDIA"}, .nodes = {"nvidia0"}, .icds = {"nvidia.icd"}}).health,
            Health::good);
}

TEST(CheckVirtualisation, SeesStealWithoutAHypervisorFlag) {
  const MapHost host(
      {{"proc/cpuinfo", "vendor_id : x\nmodel name : y\n"}, {"proc/stat", "cpu  50 0 0 40 0 0 0 10 0 0\n"}});
  EXPECT_EQ(check(check_virtualisation, host).health, Health::limited);
  const MapHost calm(
      {{"proc/cpuinfo", "vendor_id : x\nmodel name : y\n"}, {"proc/stat", "cpu  50 0 0 50 0 0 0 0 0 0\n"}});
  EXPECT_EQ(check(check_virtualisation, calm).health, Health::good);
}

}  // namespace
}  // namespace ridgepoint
