// SPDX-License-Identifier: Apache-2.0
#include "probes/session.h"

#include <gtest/gtest.h>

#include <limits>

#include "probes/measure.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using test::QuietLog;

int calls = 0;          // of the fake probe
int stop_after = 1000;  // calls after which the "user" stops
int conclude_calls = 0;

ProbeOutcome sampling(const ProbeContext& context) {
  ++calls;
  ProbeOutcome o;
  o.samples.push_back(
      {"memory.dram.latency", "s", "probe fake", {1.0 + context.visit, 2.0 + context.visit}, true});
  o.samples.push_back({"memory.dram.latency.raw", "s", "probe fake", {9}, false});
  if (calls >= stop_after) {
    Interrupt::request();
    o.status = ProbeStatus::interrupted;
  }
  return o;
}

void conclude(const ProbeContext&, ProbeOutcome& o) {
  ++conclude_calls;
  o.facts["memory.dram.latency.doubled"] =
      measured(2 * o.facts.at("memory.dram.latency").number(), "s", "probe fake");
}

ProbeOutcome reading(const ProbeContext&) {
  ProbeOutcome o;
  o.facts["memory.available"] = measured(1e9, "byte", "fake");
  return o;
}

double limit_seen = 0;
ProbeOutcome limited(const ProbeContext& context) {
  limit_seen = context.memory_limit_byte;
  return {};
}

const Probe kSampling{.id = "sampling",
                      .summary = "",
                      .method = "",
                      .measures = true,
                      .revisit = true,
                      .seconds = {2, 4, 8},
                      .run = sampling,
                      .conclude = conclude};
const Probe kReading{.id = "reading", .summary = "", .method = "", .rank = 10, .run = reading};
const Probe kLimited{.id = "limited", .summary = "", .method = "", .measures = true, .run = limited};
const Probe kFullOnly{
    .id = "full_only", .summary = "", .method = "", .measures = true, .seconds = {0, 0, 9}, .run = sampling};

class Session : public testing::Test {
 protected:
  void SetUp() override {
    calls = conclude_calls = 0;
    stop_after = 1000;
    Interrupt::clear();
  }
  void TearDown() override { Interrupt::clear(); }

  Machine run(std::vector<const Probe*> probes, int visits, const SessionHooks& hooks = {}, bool live = true,
              Level level = Level::quick) {
    const MapHost host({}, live);
    QuietLog log;
    auto machine = run_session({std::move(probes), level, visits, std::numeric_limits<double>::infinity()},
                               hooks, host, Topology{}, log);
    EXPECT_TRUE(machine);
    return machine ? *machine : Machine{};
  }
};

TEST_F(Session, JoinsTheSamplesOfAllVisitsAndConcludesOnce) {
  const Machine m = run({&kSampling}, 3);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(conclude_calls, 1);
  const Fact& f = m.platform.facts.at("memory.dram.latency");
  EXPECT_EQ(f.n, 6);
  EXPECT_DOUBLE_EQ(f.number(), 2.5);  // of 1 2 2 3 3 4
  EXPECT_DOUBLE_EQ(*f.lo, 1.5);
  EXPECT_DOUBLE_EQ(m.platform.facts.at("memory.dram.latency.doubled").number(), 5);
  EXPECT_FALSE(m.platform.facts.contains("memory.dram.latency.raw")) << "not a headline";
  ASSERT_EQ(m.probes.size(), 1u);
  EXPECT_EQ(m.probes[0].samples.at(0).values, (std::vector<double>{1, 2, 2, 3, 3, 4}));
}

TEST_F(Session, AnIntervalHoldsTheMedianOfEveryVisit) {
  ProbeOutcome first, second, o;
  first.samples.push_back({"x", "s", "probe fake", {1, 1, 1}});
  second.samples.push_back({"x", "s", "probe fake", std::vector<double>(97, 2.0)});
  join_visit(o, first);
  join_visit(o, second);
  add_headlines(o);
  EXPECT_EQ(o.facts.at("x").lo, 1) << "the 10 % quantile alone is 2";
  EXPECT_EQ(o.facts.at("x").hi, 2);
}

TEST_F(Session, VisitsAllProbesBeforeAnyAgain) {
  std::vector<std::string> order;
  SessionHooks hooks;
  hooks.finished = [&](const Visit& v) {
    order.push_back(v.probe + std::to_string(v.visit));
    return Result<void>{};
  };
  run({&kSampling, &kLimited}, 2, hooks);
  EXPECT_EQ(order, (std::vector<std::string>{"sampling0", "limited0", "sampling1"}));
}

TEST_F(Session, KeepsFinishedVisitsWhenTheUserStops) {
  stop_after = 2;
  const Machine m = run({&kSampling, &kLimited}, 3);
  EXPECT_TRUE(m.interrupted);
  EXPECT_EQ(m.platform.facts.at("memory.dram.latency").n, 2) << "the half visit is dropped";
  EXPECT_EQ(m.probes.at(0).status, ProbeStatus::degraded);
  EXPECT_NE(m.probes.at(0).reason.find("1 of 3 visits"), std::string::npos);
}

TEST_F(Session, StoppedInItsFirstVisitHasNoFigures) {
  stop_after = 1;
  const Machine m = run({&kSampling}, 3);
  EXPECT_EQ(m.probes.at(0).status, ProbeStatus::interrupted);
  EXPECT_TRUE(m.platform.facts.empty());
}

TEST_F(Session, TakesUpFinishedVisitsWithoutRepeatingThem) {
  SessionHooks first;
  std::vector<Visit> journal;
  first.finished = [&](const Visit& v) {
    journal.push_back(v);
    return Result<void>{};
  };
  const Machine whole = run({&kSampling}, 3, first);
  calls = 0;
  SessionHooks again;
  again.done = {journal[0], journal[1]};
  const Machine resumed = run({&kSampling}, 3, again);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(resumed.probes[0].samples.at(0).values, whole.probes[0].samples.at(0).values);
}

TEST_F(Session, AJournalThatCannotBeWrittenEndsIt) {
  SessionHooks hooks;
  hooks.finished = [](const Visit&) -> Result<void> { return fail(ErrorKind::io, "disk full", "", ""); };
  const MapHost host({}, true);
  QuietLog log;
  EXPECT_FALSE(run_session({{&kSampling}, Level::quick, 1, 1e9}, hooks, host, Topology{}, log));
}

TEST_F(Session, LimitsMemoryToAShareOfWhatIsAvailableAndLessAtTheSmokeLevel) {
  run({&kReading, &kLimited}, 1);
  EXPECT_DOUBLE_EQ(limit_seen, 0.4e9);
  run({&kReading, &kLimited}, 1, {}, true, Level::smoke);
  EXPECT_DOUBLE_EQ(limit_seen, 8.0 * 1024 * 1024);
}

TEST_F(Session, SaysWhichLevelAProbeBelongsToAndNeverMeasuresARecordedMachine) {
  EXPECT_EQ(run({&kFullOnly}, 1).probes.at(0).status, ProbeStatus::skipped);
  EXPECT_EQ(run({&kFullOnly}, 1).probes.at(0).fix, "--level full");
  EXPECT_EQ(run({&kSampling}, 1, {}, false).probes.at(0).status, ProbeStatus::unavailable);
  EXPECT_EQ(calls, 0);
}

TEST_F(Session, CallsTheNoiseHookBeforeBetweenAndAfter) {
  int between = 0;
  SessionHooks hooks;
  hooks.between = [&](double) { ++between; };
  run({&kReading, &kSampling, &kLimited}, 2, hooks);
  EXPECT_EQ(between, 4);  // before each of three measuring visits, and after the last
}

TEST(MachineFigures, AreThoseOfAllThreads) {
  ProbeOutcome o;
  o.samples = {{"x.read.2t", "byte/s", "probe", {2}, true}, {"x.read.1t", "byte/s", "probe", {1}, true}};
  add_headlines(o);
  machine_figures(2, o);
  EXPECT_EQ(o.facts.at("x.read").number(), 2);
}

}  // namespace
}  // namespace ridgepoint
