// SPDX-License-Identifier: Apache-2.0
#include "probes/counters.h"

#include <algorithm>

#include "model/core/json.h"
#include "model/core/text.h"
#include "probes/child_process.h"
#include "probes/counters_loop.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr double kLimit_s = 10;  // about 0.2 s is usual; a debugger or a sanitizer takes longer

/// What is left when the library did not answer: no hardware events, software events from the kernel's
/// account.
CounterSurvey without_library(const std::string& why) {
  CounterSurvey survey{.library = why, .counters = {}};
  for (const Wanted& w : wanted_counters())
    if (w.kind == CounterKind::hardware)
      survey.counters.push_back({.name = w.name, .via = {}, .reason = why});
  std::ranges::move(rusage_counters(), std::back_inserter(survey.counters));
  return survey;
}

/// Does the kernel have a driver for this processor's counters? Nothing where the folder cannot be read.
std::optional<bool> has_pmu(const Host& host) {
  const auto names = host.list("sys/bus/event_source/devices");
  if (!names) return std::nullopt;
  return std::ranges::any_of(*names, [](const std::string& n) {
    return n == "cpu" || n == "cpu_core" || starts_with(n, "armv") || starts_with(n, "apple_");
  });
}

}  // namespace

int CounterSurvey::usable(CounterKind kind) const {
  return static_cast<int>(
      std::ranges::count_if(counters, [&](const Counter& c) { return c.kind == kind && c.truly_counts; }));
}

CounterSurvey survey_counters() {
  const auto text = in_child([] { return dump_json_line(encode(survey_here())).value_or(""); }, kLimit_s);
  if (!text) return without_library("the counter library failed: " + text.error().why);
  const auto json = parse_json(*text, "counter survey");
  const auto survey =
      json ? decode<CounterSurvey>(*json, "counter survey") : tl::make_unexpected(json.error());
  if (!survey) return without_library("the counter library failed: " + survey.error().what);
  return *survey;
}

CounterObstacle counter_obstacle(const Host& host, const std::string& why) {
  if (why.find("built without") != std::string::npos)
    return {why, "install libpapi-dev and build with -DRIDGEPOINT_WITH_PAPI=ON"};
  const bool is_virtual = parse_cpuinfo(host.read("proc/cpuinfo").value_or("")).hypervisor;
  const auto pmu = has_pmu(host);
  if (pmu && !*pmu && is_virtual)
    return {
        "the kernel has no hardware counters (no 'cpu' in /sys/bus/event_source/devices): the hypervisor "
        "hides them",
        "enable the virtual PMU in the hypervisor (QEMU: -cpu host,pmu=on; VMware: 'Virtualize CPU "
        "performance "
        "counters'; cloud: a bare-metal instance)"};
  if (pmu && !*pmu)
    return {"the kernel has no hardware counters (no 'cpu' in /sys/bus/event_source/devices)",
            "boot a kernel with CONFIG_PERF_EVENTS and a driver for this processor's PMU"};
  const std::string paranoid = read_line(host, "proc/sys/kernel/perf_event_paranoid");
  if (const auto level = parse_count(paranoid); level && *level > 2)
    return {"kernel.perf_event_paranoid is " + paranoid + ", which forbids counters to ordinary users",
            "sudo sysctl kernel.perf_event_paranoid=2, or give the program CAP_PERFMON"};
  if (why.find("ermission") != std::string::npos || why.find("permitted") != std::string::npos)
    return {"the system refused to open a counter (" + why + ")",
            "in a container: add --cap-add PERFMON and a seccomp profile that permits perf_event_open"};
  return {why, "see what 'perf stat -e cycles true' says here"};
}

}  // namespace ridgepoint
