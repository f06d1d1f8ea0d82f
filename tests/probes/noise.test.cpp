// SPDX-License-Identifier: Apache-2.0
#include "probes/noise.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

// ---- reading ----

constexpr const char* kStat =
    "cpu  100 20 30 400 50 6 4 40 7 8\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\nctxt 1234\nbtime 1\n";

TEST(ParseCpuTicks, CountsWhatWasWantedAndWhatWasStolenOfIt) {
  const auto t = parse_cpu_ticks(kStat);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->stolen, 40);
  EXPECT_EQ(t->wanted, 200) << "user nice system irq softirq steal; guest is inside user";
}

TEST(ParseCpuTicks, RefusesOldKernelsAndGarbage) {
  for (const char* text : {"", "cpu", "cpu 1 2 3 4", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7 x", "\n"})
    EXPECT_FALSE(parse_cpu_ticks(text)) << text;
}

TEST(ParseContextSwitches, FindsItsLine) {
  EXPECT_EQ(parse_context_switches(kStat), 1234);
  EXPECT_FALSE(parse_context_switches("ctxt x\n"));
}

TEST(ParsePressure, TakesTheTotalOfSomeInSeconds) {
  EXPECT_DOUBLE_EQ(parse_pressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\n"
                                  "full avg10=0.00 avg60=0.00 avg300=0.00 total=9\n")
                       .value_or(-1),
                   2.5);
  EXPECT_FALSE(parse_pressure("full avg10=0.00 total=9\n"));
  EXPECT_FALSE(parse_pressure("some total=-1\n"));
}

TEST(ReadNoise, LooksAtTheProcessorsItIsGiven) {
  const MapHost host({{"proc/stat", kStat},
                      {"proc/loadavg", "0.75 0.5 0.2 1/95 7\n"},
                      {"proc/pressure/io", "some avg10=0 total=1000000\n"},
                      {"sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "3000000\n"},
                      {"sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "2000000\n"},
                      {"sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq", "1000000\n"},
                      {"sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n"},
                      {"sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "4\n"}});
  const NoiseReading r = read_noise(host, {0, 1});
  EXPECT_EQ(r.frequency_hz, 2e9);
  EXPECT_EQ(r.throttle_events, 7);
  EXPECT_EQ(r.load, 0.75);
  EXPECT_EQ(r.pressure_s.size(), 1u);
  EXPECT_EQ(r.pressure_s.at("io"), 1);
}

TEST(ReadNoise, OfAMachineThatSaysNothingIsEmpty) {
  const NoiseReading r = read_noise(MapHost({}), {0});
  EXPECT_FALSE(r.ticks || r.frequency_hz || r.throttle_events || r.context_switches || r.load);
  EXPECT_TRUE(r.pressure_s.empty());
}

// ---- judging ----

NoiseSample at(double seconds, double stolen, double wanted, NoiseControl::Times control,
               std::string after = "peak") {
  NoiseSample s{seconds, {}, control, seconds == 0 ? "" : std::move(after)};
  s.reading.ticks = {stolen, wanted};
  return s;
}

Machine with(const std::string& key, const std::string& unit, double value, double lo, double hi) {
  Machine m;
  Fact f = measured(value, unit, "test");
  f.lo = lo;
  f.hi = hi;
  f.n = 9;
  m.platform.facts[key] = f;
  m.probes.push_back({"peak", ProbeStatus::ok, "", "", "", 1, {{key, unit, {value}}}});
  return m;
}

const NoiseControl::Times kCalm{1e-3, 2e-3};

TEST(AddNoise, SaysNothingOfACalmMachine) {
  Machine m = with("compute.fp32.avx2", "flop/s", 100, 99, 101);
  add_noise({at(0, 0, 0, kCalm), at(1, 0, 100, kCalm), at(2, 0, 200, kCalm)}, m);
  EXPECT_EQ(m.probes.at(0).status, ProbeStatus::ok);
  EXPECT_EQ(m.platform.facts.at("compute.fp32.avx2").lo, 99);
  EXPECT_EQ(m.platform.facts.at("compute.fp32.avx2").hi, 101);
  EXPECT_EQ(m.platform.facts.at("noise.steal").number(), 0);
  EXPECT_EQ(m.platform.facts.at("noise.control.compute").number(), 0);
  ASSERT_EQ(m.probes.size(), 2u);
  EXPECT_EQ(m.probes[1].id, "noise");
  EXPECT_EQ(m.probes[1].samples.at(0).values.size(), 3u);
}

TEST(AddNoise, DegradesTheProbeThatWasStolenFromAndNoOther) {
  Machine m = with("compute.fp32.avx2", "flop/s", 100, 99, 101);
  m.probes.push_back({"other", ProbeStatus::ok, "", "", "", 1, {}});
  add_noise({at(0, 0, 0, kCalm), at(1, 10, 100, kCalm), at(2, 10, 200, kCalm, "other")}, m);
  EXPECT_EQ(m.probes[0].status, ProbeStatus::degraded);
  EXPECT_NE(m.probes[0].reason.find("10 %"), std::string::npos);
  EXPECT_NE(m.probes[0].fix, "");
  EXPECT_EQ(m.probes[1].status, ProbeStatus::ok);
  EXPECT_DOUBLE_EQ(m.platform.facts.at("noise.steal").number(), 0.05);
}

TEST(AddNoise, DoesNotTakeATickOfRoundingForSteal) {
  Machine m = with("compute.fp32.avx2", "flop/s", 100, 99, 101);
  add_noise({at(0, 0, 0, kCalm), at(0.1, 2, 20, kCalm)}, m);
  EXPECT_EQ(m.probes[0].status, ProbeStatus::ok);
}

TEST(AddNoise, DegradesWhereAControlJumpedBesideTheVisit) {
  Machine m = with("compute.fp32.avx2", "flop/s", 100, 99, 101);
  m.probes.push_back({"other", ProbeStatus::unavailable, "none", "buy one", "", 1, {}});
  add_noise({at(0, 0, 0, kCalm, "x"), at(1, 0, 9, kCalm, "x"), at(2, 0, 9, kCalm, "x"),
             at(3, 0, 9, {1e-3, 3e-3}), at(4, 0, 9, kCalm, "other")},
            m);
  EXPECT_EQ(m.probes[0].status, ProbeStatus::degraded);
  EXPECT_NE(m.probes[0].reason.find("memory control beside it was 50 % off"), std::string::npos)
      << m.probes[0].reason;
  EXPECT_EQ(m.probes[0].reason.find("compute"), std::string::npos);
  EXPECT_EQ(m.probes[1].reason, "none") << "a worse verdict stays as it is";
}

TEST(AddNoise, WidensARateAndATimeTheRightWay) {
  // Compute took 0.9, 1, 1.25 ms: 10 % quantile 0.92, 90 % quantile 1.2.
  const std::vector<NoiseSample> samples = {at(0, 0, 0, {0.9e-3, {}}), at(1, 0, 9, {1e-3, {}}),
                                            at(2, 0, 9, {1.25e-3, {}})};
  Machine rate = with("compute.fp32.avx2", "flop/s", 120, 119, 121);
  add_noise(samples, rate);
  EXPECT_NEAR(*rate.platform.facts.at("compute.fp32.avx2").lo, 120 / 1.2, 1e-9);
  EXPECT_NEAR(*rate.platform.facts.at("compute.fp32.avx2").hi, 120 / 0.92, 1e-9);
  Machine time = with("memory.dram.latency", "s", 100, 99, 101);
  add_noise(samples, time);
  EXPECT_NEAR(*time.platform.facts.at("memory.dram.latency").lo, 92, 1e-9);
  EXPECT_NEAR(*time.platform.facts.at("memory.dram.latency").hi, 120, 1e-9);
}

TEST(AddNoise, NeverNarrowsAnInterval) {
  Machine m = with("memory.dram.latency", "s", 100, 10, 1000);
  add_noise({at(0, 0, 0, kCalm), at(1, 0, 9, {1.1e-3, 2.1e-3})}, m);
  EXPECT_EQ(m.platform.facts.at("memory.dram.latency").lo, 10);
  EXPECT_EQ(m.platform.facts.at("memory.dram.latency").hi, 1000);
}

TEST(AddNoise, MeasuresMemoryFiguresByTheMemoryControl) {
  Machine m = with("memory.dram.bandwidth.read", "byte/s", 100, 99, 101);
  add_noise({at(0, 0, 0, {1e-3, 2e-3}), at(1, 0, 9, {1.5e-3, 2e-3})}, m);
  EXPECT_EQ(m.platform.facts.at("memory.dram.bandwidth.read").lo, 99) << "the memory control did not move";
}

TEST(AddNoise, SharesOfPressureAreOfTheTimeThatWent) {
  std::vector<NoiseSample> samples = {at(0, 0, 0, kCalm), at(4, 0, 9, kCalm)};
  samples[0].reading.pressure_s = {{"cpu", 10}, {"io", 1}};
  samples[1].reading.pressure_s = {{"cpu", 11}};
  Machine m;
  add_noise(samples, m);
  EXPECT_DOUBLE_EQ(m.platform.facts.at("noise.pressure.cpu").number(), 0.25);
  EXPECT_FALSE(m.platform.facts.contains("noise.pressure.io")) << "read once only";
}

TEST(AddNoise, MakesOnlyValidFacts) {
  std::vector<NoiseSample> samples = {at(0, 9, 9, kCalm), at(1, 3, 30, {9e-3, 1e-4})};  // counters ran back
  for (std::size_t i = 0; i < samples.size(); ++i) {
    NoiseReading& r = samples[i].reading;
    r.frequency_hz = 1e9 + static_cast<double>(i);
    r.throttle_events = r.context_switches = r.load = 5 - static_cast<double>(i);
    r.pressure_s = {{"cpu", 5 - static_cast<double>(i)}};
  }
  Machine m = with("memory.dram.latency", "s", 100, 99, 101);
  add_noise(samples, m);
  EXPECT_EQ(m.platform.facts.size(), 9u);
  for (const auto& [key, fact] : m.platform.facts) EXPECT_TRUE(check_fact(key, fact)) << key;
}

TEST(NoiseWatch, TakesSamplesHere) {
  const MapHost host({{"proc/stat", kStat}}, true);
  NoiseWatch watch(host, Topology{}, 1e6);
  watch.sample();
  watch.visited("peak");
  watch.sample();
  Machine m;
  watch.finish(m);
  ASSERT_EQ(m.probes.size(), 1u);
  for (const Series& s : m.probes[0].samples)
    for (const double v : s.values) EXPECT_GT(v, 0);
  EXPECT_EQ(m.probes[0].samples.size(), 2u);
}

}  // namespace
}  // namespace ridgepoint
