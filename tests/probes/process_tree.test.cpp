// SPDX-License-Identifier: Apache-2.0
#include "probes/process_tree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "probes/surroundings.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

constexpr pid_t kAdopter = 1, kRoot = 10;

std::string io_text(int read, int written) {
  return "rchar: " + std::to_string(read) + "\nwchar: " + std::to_string(written) +
         "\nsyscr: 1\nsyscw: 1\nread_bytes: " + std::to_string(read / 2) +
         "\nwrite_bytes: " + std::to_string(written / 2) + "\ncancelled_write_bytes: 0\n";
}

/// A process with threads in the given states; children hang on the first thread.
void add(MapHost& host, pid_t pid, const std::string& states, const std::string& children) {
  const std::string folder = "proc/" + std::to_string(pid);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string task = folder + "/task/" + std::to_string(pid + static_cast<int>(i));
    host.files()[task + "/children"] = i == 0 ? children : "";
    host.files()[task + "/stat"] = std::to_string(pid) + " (a) S (b)) " + states[i] + " 1 1";
  }
  host.files()[folder + "/statm"] = "100 3 2 1 0 1 0";
  host.files()[folder + "/io"] = io_text(100, 200);
}

MapHost tree() {
  MapHost host({});
  add(host, kAdopter, "S", "10 40 ");  // 40 is an orphan of the tree
  add(host, kRoot, "S", "20 30 ");
  add(host, 20, "RRD", "");
  add(host, 30, "S", "");
  add(host, 40, "S", "");
  return host;
}

TEST(ProcessIo, NeedsAllFigures) {
  EXPECT_EQ(parse_process_io(io_text(100, 200))->written_chars, 200);
  EXPECT_EQ(parse_process_io(io_text(100, 200))->read_byte, 50);
  EXPECT_FALSE(parse_process_io(""));
  EXPECT_FALSE(parse_process_io("rchar: 1\nwchar: 2\nread_bytes: 3\n"));
  EXPECT_FALSE(parse_process_io("rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: -4\n"));
}

TEST(State, StandsBehindANameThatMayHoldAnything) {
  EXPECT_EQ(parse_state("7 (x) R (y)) D 1"), 'D');
  EXPECT_EQ(parse_state("7 (cat) S 1 7"), 'S');
  for (const char* text : {"", "7", "7 (x)", "7 (x) "}) EXPECT_EQ(parse_state(text), '?') << text;
}

TEST(ProcessTree, CountsDescendantsAndOrphans) {
  const MapHost host = tree();
  ProcessTree t(host, kRoot, kAdopter);
  t.sample();
  EXPECT_EQ(t.peak().processes, 4);
  EXPECT_EQ(t.peak().threads, 6);
  EXPECT_EQ(t.peak().resident_byte, 4.0 * 3 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(t.states().active, 1);
  EXPECT_EQ(t.states().ready, 2);
}

TEST(ProcessTree, TellsWaitingForADeviceFromSleep) {
  MapHost host = tree();
  ProcessTree t(host, kRoot, kAdopter);
  add(host, 20, "SSD", "");
  t.sample();
  add(host, 20, "SSS", "");
  t.sample();
  EXPECT_EQ(t.states().samples, 2);
  EXPECT_EQ(t.states().active, 0);
  EXPECT_EQ(t.states().device, 1);
  EXPECT_EQ(t.states().asleep, 1);
}

TEST(ProcessTree, KeepsThePeakWhenTheTreeShrinks) {
  MapHost host = tree();
  ProcessTree t(host, kRoot, kAdopter);
  t.sample();
  add(host, kRoot, "S", "");
  t.sample();
  EXPECT_EQ(t.peak().processes, 4);
}

TEST(ProcessTree, HasNoSampleOfWhatIsGone) {
  const MapHost host({});
  ProcessTree t(host, kRoot, kAdopter);
  t.sample();
  EXPECT_EQ(t.states().samples, 0);
}

TEST(ProcessTree, AddsTheSurvivorsIoToTheRoots) {
  const MapHost host = tree();
  ProcessTree t(host, kRoot, kAdopter);
  EXPECT_FALSE(t.io()) << "the root was not read";
  t.read_io(kRoot);
  EXPECT_EQ(t.io()->written_chars, 200);
  EXPECT_EQ(t.read_survivors(), 3);
  EXPECT_EQ(t.io()->written_chars, 800);
  EXPECT_EQ(t.io()->read_byte, 200);
}

TEST(CpuStat, IsReadInBothVersions) {
  const auto v2 = parse_cpu_stat("usage_usec 9\nnr_periods 5\nnr_throttled 3\nthrottled_usec 250000\n");
  ASSERT_TRUE(v2);
  EXPECT_EQ(v2->events, 3);
  EXPECT_DOUBLE_EQ(v2->seconds, 0.25);
  EXPECT_DOUBLE_EQ(parse_cpu_stat("nr_periods 5\nnr_throttled 3\nthrottled_time 250000000\n")->seconds, 0.25);
  EXPECT_FALSE(parse_cpu_stat("usage_usec 9\n")) << "no quota controller";
}

TEST(Surroundings, AreThoseOfTheControlGroupWhereItTells) {
  const std::map<std::string, std::string> files = {
      {"proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
      {"proc/self/cgroup", "0::/job\n"},
      {"proc/pressure/io", "some avg10=0 avg60=0 avg300=0 total=1000000\n"},
      {"sys/fs/cgroup/job/cpu.pressure", "some avg10=0 avg60=0 avg300=0 total=1\n"},
      {"sys/fs/cgroup/job/io.pressure",
       "some avg10=0 avg60=0 avg300=0 total=2000000\n"
       "full avg10=0 avg60=0 avg300=0 total=500000\n"},
      {"sys/fs/cgroup/job/cpu.stat", "nr_throttled 2\nthrottled_usec 1000\n"},
      {"sys/fs/cgroup/cpu.stat", "nr_throttled 1\nthrottled_usec 500\n"}};
  const Surroundings s = read_surroundings(MapHost(files));
  EXPECT_DOUBLE_EQ(s.pressure_s.at("io.some"), 2);
  EXPECT_DOUBLE_EQ(s.pressure_s.at("io.full"), 0.5);
  EXPECT_EQ(s.pressure_of, "/sys/fs/cgroup/job");
  EXPECT_EQ(s.throttle_events, 3);
  EXPECT_DOUBLE_EQ(s.throttle_s.value_or(0), 0.0015);
}

TEST(Surroundings, GiveFactsOnlyOfWhatBothReadingsHave) {
  Surroundings before, after;
  after.pressure_s = {{"io.some", 3.0}, {"cpu.some", 9.0}};
  before.pressure_s = {{"io.some", 1.0}};
  after.throttle_events = 4;
  const Facts facts = surroundings_between(before, after);
  EXPECT_EQ(number(facts, "pressure.io.some"), 2);
  EXPECT_EQ(facts.size(), 1u);
}

}  // namespace
}  // namespace ridgepoint
