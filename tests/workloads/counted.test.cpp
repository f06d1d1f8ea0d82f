// SPDX-License-Identifier: Apache-2.0
#include "workloads/counted.h"

#include <gtest/gtest.h>

#include "model/core/command.h"
#include "model/core/runs.h"

namespace ridgepoint {

extern const Command run_cmd;

namespace {

/// Counters that a test moves by hand.
class FakeCounter : public EventCounter {
 public:
  explicit FakeCounter(std::vector<EventTotal>& now) : now_(now) {}
  std::vector<EventTotal> totals() override { return now_; }

 private:
  std::vector<EventTotal>& now_;
};

/// 5e6 FLOP more at each reading.
class TickingSource : public EventSource {
 public:
  std::unique_ptr<EventCounter> count_self() override {
    class Ticking : public EventCounter {
     public:
      std::vector<EventTotal> totals() override {
        flop_ += 5e6;
        return {{.key = "events.fp_ops", .unit = "flop", .value = flop_, .share = 0.5, .via = "fake"}};
      }

     private:
      double flop_ = 0;
    };
    return std::make_unique<Ticking>();
  }
  std::unique_ptr<EventCounter> count_from_exec(pid_t) override { return nullptr; }
  std::vector<Missing> missing() override { return {{"energy", "no meter", "buy one"}}; }
};

class QuietLog : public Log {
 public:
  void progress(std::string_view, double) override {}
  void note(std::string_view) override {}
};

RunSet run_spmv(EventSource* events) {
  QuietLog log;
  Ports ports{.log = log, .configs = {}, .today = "2026-11", .provenance = {}, .events = events};
  Arguments arguments;
  arguments.positional = {"sparse/spmv-csr"};
  arguments.values = {
      {"samples", {"1"}}, {"memory", {"1e9"}}, {"seed", {"1"}}, {"shape", {"grid=8"}}, {"threads", {"1"}}};
  const auto output = run_cmd.run(arguments, ports);
  EXPECT_TRUE(output) << (output ? "" : output.error().what);
  return output ? decode<RunSet>(output->document->body, "runs").value_or(RunSet{}) : RunSet{};
}

TEST(CountKernel, GivesCountsPerExecution) {
  std::vector<EventTotal> now = {{.key = "events.cycles", .unit = "1", .value = 1000, .via = "fake"}};
  FakeCounter counter(now);
  int executions = 0;
  const Counted counted = count_kernel(
      counter,
      [&] {
        ++executions;
        now[0].value += 7;
      },
      0.05);
  EXPECT_EQ(executions, 4);  // 0.2 s of 0.05 s
  EXPECT_EQ(number(counted.facts, "events.cycles"), 7);
  EXPECT_EQ(counted.facts.at("events.cycles").n, 4);
  EXPECT_TRUE(counted.warnings.empty());
}

TEST(CountKernel, SaysWhenEventsTookTurns) {
  std::vector<EventTotal> now = {
      {.key = "events.fp_ops", .unit = "flop", .value = 0, .share = 0.25, .via = "fake"},
      {.key = "events.cycles", .unit = "1", .value = 0, .share = 1, .via = "fake"}};
  FakeCounter counter(now);
  const Counted counted = count_kernel(
      counter, [&] { now[0].value += 1; }, 1);
  ASSERT_EQ(counted.warnings.size(), 1u);
  EXPECT_EQ(counted.warnings[0].code, "multiplexed");
  EXPECT_NE(counted.warnings[0].what.find("events.fp_ops"), std::string::npos);
  EXPECT_EQ(counted.warnings[0].what.find("events.cycles"), std::string::npos);
  EXPECT_NE(counted.facts.at("events.fp_ops").note.value_or("").find("25 %"), std::string::npos);
}

TEST(CountKernel, DoesNotRunForTheKernelsAccountAlone) {
  std::vector<EventTotal> now = {{.key = "events.page_faults", .unit = "1", .value = 1, .via = "fake"}};
  FakeCounter counter(now);
  int executions = 0;
  EXPECT_TRUE(count_kernel(
                  counter, [&] { ++executions; }, 1)
                  .facts.empty());
  EXPECT_EQ(executions, 0);
}

TEST(RunCommand, PutsCountedBesideDeclaredCost) {
  TickingSource source;
  const RunSet set = run_spmv(&source);
  ASSERT_EQ(set.runs.size(), 1u);
  ASSERT_TRUE(set.runs[0].counted);
  const Fact& flop = set.runs[0].counted->at("events.fp_ops");
  EXPECT_DOUBLE_EQ(flop.number() * static_cast<double>(flop.n.value_or(0)), 5e6);
  EXPECT_EQ(flop.unit, "flop");
  EXPECT_EQ(set.missing.size(), 1u);
  EXPECT_EQ(set.runs[0].warnings.back().code, "multiplexed");
}

TEST(RunCommand, WithoutCountersHasNoCounts) {
  const RunSet set = run_spmv(nullptr);
  ASSERT_EQ(set.runs.size(), 1u);
  EXPECT_FALSE(set.runs[0].counted);
}

}  // namespace
}  // namespace ridgepoint
