// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "probes/profile_parts.h"

namespace ridgepoint {
namespace {

/// A run of 10 s on two processors that kept one busy.
RunReading reading() {
  RunReading r;
  r.end.code = 0;
  r.end.wall_s = 10;
  r.end.usage.ru_utime = {.tv_sec = 9, .tv_usec = 0};
  r.end.usage.ru_stime = {.tv_sec = 1, .tv_usec = 0};
  r.end.usage.ru_maxrss = 100 * 1024;
  r.allowed_cpus = 2;
  r.peak = {.processes = 1, .threads = 1, .resident_byte = 1e8};
  r.states = {.samples = 200, .active = 200, .device = 0, .asleep = 0, .ready = 200};
  return r;
}

Facts with_times(double used, double ready, double asleep, double device) {
  RunReading r = reading();
  r.end.usage.ru_utime = {.tv_sec = static_cast<time_t>(used * 10), .tv_usec = 0};
  r.end.usage.ru_stime = {};
  r.states = {.samples = 100,
              .active = 100 - static_cast<int>(100 * (asleep + device)),
              .device = static_cast<int>(100 * device),
              .asleep = static_cast<int>(100 * asleep),
              .ready = 100 * ready};
  return run_facts(r);
}

void put(Facts& facts, const std::string& key, double value, const std::string& unit = "s") {
  facts[key] = measured(value, unit, "test");
}

Machine machine() {
  Machine m;
  m.platform.id = "here";
  put(m.platform.facts, "compute.fp64.avx2", 100e9, "flop/s");
  put(m.platform.facts, "compute.fp64.avx2.1t", 50e9, "flop/s");
  put(m.platform.facts, "memory.dram.bandwidth.read", 20e9, "byte/s");
  put(m.platform.facts, "memory.dram.bandwidth.copy", 10e9, "byte/s");
  put(m.platform.facts, "memory.dram.bandwidth.copy.1t", 40e9, "byte/s");
  return m;
}

bool says(const std::vector<Evidence>& evidence, const std::string& words) {
  return std::ranges::any_of(evidence,
                             [&](const Evidence& e) { return e.seen.find(words) != std::string::npos; });
}

TEST(RunFacts, AreRightAndComplete) {
  const Facts facts = run_facts(reading());
  EXPECT_EQ(number(facts, "cpu.used"), 1);
  EXPECT_EQ(number(facts, "cpu.utilisation"), 0.5);
  EXPECT_EQ(number(facts, "memory.resident.peak"), 100.0 * 1024 * 1024);
  EXPECT_EQ(facts.at("threads.ready").n, 200);
  for (const auto& [key, fact] : facts) EXPECT_TRUE(check_fact(key, fact)) << key;
}

TEST(RunFacts, LeaveOutWhatWasNotSeen) {
  RunReading r = reading();
  r.states = {};
  const Facts facts = run_facts(r);
  for (const char* key : {"threads.peak", "share.asleep", "io.calls.read", "steal", "events.cycles"})
    EXPECT_FALSE(facts.contains(key)) << key;
}

TEST(RunFacts, DoNotPassOurOwnSizeForThatOfASmallProgram) {
  RunReading r = reading();
  r.image_byte = 200.0 * 1024 * 1024;
  EXPECT_TRUE(run_facts(r).at("memory.resident.peak").note);
  r.image_byte = 1024;
  EXPECT_FALSE(run_facts(r).at("memory.resident.peak").note);
}

TEST(RunFacts, MakePowerOfEnergy) {
  RunReading r = reading();
  r.totals = {{.key = "energy.package.0", .unit = "j", .value = 500, .via = "fake"}};
  const Facts facts = run_facts(r);
  EXPECT_EQ(number(facts, "power.package.0"), 50);
  EXPECT_EQ(facts.at("power.package.0").unit, "w");
}

TEST(RunWarnings, NameTurnsSurvivorsAndEverybodysTraffic) {
  RunReading r = reading();
  EXPECT_TRUE(run_warnings(r).empty());
  r.survivors = 2;
  r.totals = {{.key = "events.fp_ops", .unit = "flop", .value = 5, .share = 0.4, .via = "fake"},
              {.key = "traffic.dram.read", .unit = "byte", .value = 5, .share = 1, .via = "fake"}};
  std::vector<std::string> codes;
  for (const Warning& w : run_warnings(r)) codes.push_back(w.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"multiplexed", "still-running", "whole-machine"}));
}

TEST(Judge, NamesTheBoundFromTheEvidence) {
  struct Case {
    const char* name;
    double used, ready, asleep, device;
    Bound bound;
  };
  for (const Case& c : {Case{"one busy thread", 1, 1, 0, 0, Bound::processor},
                        Case{"two busy threads", 2, 2, 0, 0, Bound::processor},
                        Case{"eight threads on two processors", 2, 8, 0, 0, Bound::processor},
                        Case{"a sleeper", 0, 0, 1, 0, Bound::waiting},
                        Case{"half asleep, then two busy", 1, 1, 0.5, 0, Bound::waiting},
                        Case{"a quarter asleep", 1.5, 1.5, 0.25, 0, Bound::mixed},
                        Case{"waits for a device", 0, 0.1, 0.1, 0.8, Bound::storage}})
    EXPECT_EQ(judge(with_times(c.used, c.ready, c.asleep, c.device), std::nullopt).bound, c.bound) << c.name;
}

TEST(Judge, SeesAQuotaAndMemoryPressureFirst) {
  Facts facts = with_times(1, 1, 0, 0);
  put(facts, "pressure.memory.some", 3);
  EXPECT_EQ(judge(facts, std::nullopt).bound, Bound::memory);
  put(facts, "throttle.time", 5);
  const Verdict v = judge(facts, std::nullopt);
  EXPECT_EQ(v.bound, Bound::throttled);
  EXPECT_TRUE(says(v.evidence, "held it back for 50 %"));
}

TEST(Judge, NamesNoBoundOfAMoment) {
  Facts facts = with_times(1, 1, 0, 0);
  put(facts, "time.wall", 0.01);
  const Verdict v = judge(facts, std::nullopt);
  EXPECT_EQ(v.bound, Bound::unknown);
  EXPECT_TRUE(says(v.evidence, "too short"));
}

TEST(Judge, SaysThatThereWasNoPressure) {
  Facts facts = with_times(1, 1, 0, 0);
  put(facts, "pressure.io.some", 0.001);
  EXPECT_TRUE(says(judge(facts, std::nullopt).evidence, "no I/O pressure"));
}

TEST(Place, NeedsWorkTrafficAndAMachineAndNamesEachThatLacks) {
  std::vector<Missing> missing;
  EXPECT_FALSE(place(with_times(1, 1, 0, 0), {}, std::nullopt, missing));
  EXPECT_EQ(missing.size(), 3u);
  missing.clear();
  EXPECT_FALSE(place(with_times(1, 1, 0, 0), {.flop = 1e9, .byte = {}}, machine(), missing));
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_NE(missing[0].reason.find("traffic"), std::string::npos);
}

TEST(Place, IsBelowTheRoofsOfTheWholeMachine) {
  std::vector<Missing> missing;
  // 10 s, 0.5 flop/byte: the memory roof of 20 GB/s allows 10 GFLOP/s; 7 are reached.
  const auto p = place(with_times(1, 1, 0, 0), {.flop = 70e9, .byte = 140e9}, machine(), missing);
  ASSERT_TRUE(p);
  EXPECT_DOUBLE_EQ(p->intensity_flop_byte, 0.5);
  EXPECT_DOUBLE_EQ(p->reached_flop_s, 7e9);
  ASSERT_EQ(p->shares.size(), 1u);
  EXPECT_EQ(p->shares[0].memory, "memory.dram.bandwidth.read");
  EXPECT_DOUBLE_EQ(p->shares[0].attainable_flop_s, 10e9);
  EXPECT_DOUBLE_EQ(p->shares[0].share, 0.7);
  EXPECT_EQ(p->shares[0].bound, "memory");
  EXPECT_EQ(p->roofs.size(), 3u) << "figures of some threads are no roofs";
  EXPECT_EQ(judge(with_times(1, 1, 0, 0), p).bound, Bound::memory);
}

TEST(Place, AboveItsRoofsRaisesAnAlarm) {
  std::vector<Missing> missing;
  const auto share = [&](double flop) {
    return roof_warnings(place(with_times(1, 1, 0, 0), {.flop = flop, .byte = 2 * flop}, machine(), missing));
  };
  EXPECT_TRUE(share(104e9).empty());
  ASSERT_EQ(share(110e9).size(), 1u);
  EXPECT_EQ(share(110e9)[0].code, "exceeds-roof");
}

TEST(Place, TakesWhatWasDeclaredBeforeWhatWasCounted) {
  Facts facts = with_times(1, 1, 0, 0);
  put(facts, "events.fp_ops", 5e9, "flop");
  put(facts, "traffic.dram.read", 1e9, "byte");
  EXPECT_FALSE(traffic_of(facts, {})) << "half of the traffic is not the traffic";
  put(facts, "traffic.dram.written", 2e9, "byte");
  EXPECT_EQ(work_of(facts, {})->number(), 5e9);
  EXPECT_EQ(traffic_of(facts, {})->number(), 3e9);
  EXPECT_EQ(work_of(facts, {.flop = 7, .byte = {}})->number(), 7);
  EXPECT_EQ(work_of(facts, {.flop = 7, .byte = {}})->basis, Basis::assumed);
}

TEST(EventFacts, LeaveOutWhatRanBackwards) {
  const std::vector<EventTotal> before = {{.key = "a", .unit = "1", .value = 5, .via = "x"}},
                                after = {{.key = "a", .unit = "1", .value = 4, .via = "x"},
                                         {.key = "b", .unit = "1", .value = 4, .via = "x"}};
  const Facts facts = event_facts(before, after, 2);
  EXPECT_EQ(facts.size(), 1u);
  EXPECT_EQ(number(facts, "b"), 2);
}

}  // namespace
}  // namespace ridgepoint
