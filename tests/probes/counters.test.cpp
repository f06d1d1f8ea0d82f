// SPDX-License-Identifier: Apache-2.0
#include "probes/counters.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>

#include "model/core/json.h"
#include "probes/child_process.h"
#include "probes/counters_loop.h"
#include "probes/host.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using test::run_probe;

/// From here on perf_event_open fails with `code` in this process and its children. False where the system
/// has no seccomp.
bool forbid_perf_event_open(int code) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(SYS_perf_event_open), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(code)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog program{.len = 4, .filter = filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// The survey as it is where perf_event_open answers `code`; nothing where that cannot be arranged.
std::optional<CounterSurvey> survey_without_perf(int code) {
  const auto text = in_child(
      [&] {
        if (!forbid_perf_event_open(code)) return std::string();
        return dump_json_line(encode(survey_counters())).value_or("");
      },
      60);
  if (!text || text->empty()) return std::nullopt;
  const auto json = parse_json(*text, "survey");
  return json ? std::optional(decode<CounterSurvey>(*json, "survey").value_or(CounterSurvey{}))
              : std::nullopt;
}

const Counter* find(const CounterSurvey& survey, const std::string& name) {
  for (const Counter& c : survey.counters)
    if (c.name == name) return &c;
  return nullptr;
}

TEST(CounterSurvey, HoldsEveryWantedEventOnce) {
  const CounterSurvey survey = survey_counters();
  ASSERT_EQ(survey.counters.size(), wanted_counters().size());
  for (const Wanted& w : wanted_counters()) {
    const Counter* c = find(survey, w.name);
    ASSERT_NE(c, nullptr) << w.name;
    EXPECT_EQ(c->kind, w.kind);
  }
}

TEST(CounterSurvey, BelievesOnlyAPlausibleValue) {
  const CounterSurvey survey = survey_counters();
  for (const Wanted& w : wanted_counters()) {
    const Counter* c = find(survey, w.name);
    ASSERT_NE(c, nullptr);
    if (c->truly_counts)
      EXPECT_GE(c->value, w.least * w.scale) << w.name;
    else
      EXPECT_NE(c->reason, "") << w.name;
  }
}

TEST(CounterSurvey, CountsSoftwareEventsEverywhere) {
  const CounterSurvey survey = survey_counters();
  EXPECT_EQ(survey.usable(CounterKind::software), 3);
}

TEST(CounterSurvey, WithoutPerfEventsFallsBackToTheKernelsAccount) {
  for (const int code : {EPERM, EACCES, ENOSYS, ENOENT}) {
    const auto survey = survey_without_perf(code);
    if (!survey) GTEST_SKIP() << "no seccomp here";
    EXPECT_EQ(survey->usable(CounterKind::hardware), 0) << code;
    EXPECT_EQ(survey->usable(CounterKind::software), 3) << code;
    ASSERT_NE(find(*survey, "page_faults"), nullptr) << survey->library;
    EXPECT_EQ(find(*survey, "page_faults")->via, "getrusage") << code;
    EXPECT_NE(find(*survey, "cycles")->reason, "") << code;
  }
}

TEST(CounterSurvey, PrintsNothing) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  (void)survey_counters();
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(RusageCounters, SeeTheKnownLoop) {
  for (const Counter& c : rusage_counters()) EXPECT_TRUE(c.truly_counts) << c.name << ": " << c.reason;
}

TEST(CounterObstacle, IsTheHypervisorWhereNoPmuIsOffered) {
  const MapHost vm(
      {{"proc/cpuinfo", "flags : hypervisor\n"}, {"sys/bus/event_source/devices/software/type", "1"}});
  EXPECT_NE(counter_obstacle(vm, "x").fix.find("virtual PMU"), std::string::npos);
  const MapHost metal(
      {{"proc/cpuinfo", "flags : fpu\n"}, {"sys/bus/event_source/devices/software/type", "1"}});
  EXPECT_NE(counter_obstacle(metal, "x").fix.find("CONFIG_PERF_EVENTS"), std::string::npos);
}

TEST(CounterObstacle, IsParanoiaWithTheExactCommand) {
  const MapHost host(
      {{"sys/bus/event_source/devices/cpu/type", "4"}, {"proc/sys/kernel/perf_event_paranoid", "4\n"}});
  const CounterObstacle o = counter_obstacle(host, "Permission level does not permit operation");
  EXPECT_NE(o.reason.find("perf_event_paranoid is 4"), std::string::npos);
  EXPECT_NE(o.fix.find("sysctl kernel.perf_event_paranoid=2"), std::string::npos);
}

TEST(CounterObstacle, IsTheContainerWhereParanoiaIsNotToBlame) {
  for (const char* level : {"-1\n", "2\n", "garbage"}) {
    const MapHost host({{"sys/bus/event_source/devices/cpu_core/type", "4"},
                        {"proc/sys/kernel/perf_event_paranoid", level}});
    EXPECT_NE(counter_obstacle(host, "PAPI_TOT_CYC: Permission level does not permit operation")
                  .fix.find("PERFMON"),
              std::string::npos);
  }
}

TEST(CounterObstacle, IsTheBuildWhereThereIsNoLibrary) {
  EXPECT_NE(counter_obstacle(MapHost({}), "built without PAPI").fix.find("RIDGEPOINT_WITH_PAPI=ON"),
            std::string::npos);
}

TEST(CounterObstacle, PassesAnUnknownReasonOn) {
  EXPECT_EQ(counter_obstacle(MapHost({}), "Event does not exist").reason, "Event does not exist");
}

TEST(CountersProbe, NeverTakesAnUntestedCounterForAFact) {
  const ProbeOutcome outcome = run_probe("counters", RootedHost("/"));
  const double hardware = number(outcome.facts, "counters.hardware.usable").value_or(-1);
  double counted = 0;
  for (const Wanted& w : wanted_counters()) {
    const auto it = outcome.facts.find("counters." + w.name);
    ASSERT_NE(it, outcome.facts.end()) << w.name;
    if (w.kind == CounterKind::hardware && std::get<bool>(it->second.value)) ++counted;
  }
  EXPECT_EQ(counted, hardware);
  EXPECT_EQ(outcome.status == ProbeStatus::ok, hardware > 0);
  if (hardware == 0) {
    EXPECT_NE(outcome.reason, "");
    EXPECT_NE(outcome.fix, "");
  }
}

TEST(CountersProbe, OfARecordedMachineIsUnavailable) {
  const ProbeOutcome outcome = run_probe("counters", MapHost({}));
  EXPECT_EQ(outcome.status, ProbeStatus::unavailable);
  EXPECT_TRUE(outcome.facts.empty());
}

}  // namespace
}  // namespace ridgepoint
