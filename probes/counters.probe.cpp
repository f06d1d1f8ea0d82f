// SPDX-License-Identifier: Apache-2.0
// Which event counters count here, found out by counting.
#include "probes/counters.h"

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/energy.h"
#include "probes/probe.h"
#include "probes/uncore.h"

namespace ridgepoint {
namespace {

void add_counter(ProbeOutcome& outcome, const Counter& c, const std::string& library) {
  const std::string key = "counters." + c.name;
  Fact fact;
  fact.value = c.truly_counts;
  fact.unit = "bool";
  fact.basis = Basis::measured;
  fact.source = "probe counters: " + (c.via.empty() ? library : c.via) + " over a known loop";
  if (!c.truly_counts && !c.reason.empty()) fact.note = c.reason;
  outcome.facts[key] = fact;
  if (c.truly_counts)
    outcome.samples.push_back(
        {key + ".value", c.name == "task_clock" ? "s" : "1", outcome.facts[key].source, {c.value}, false});
}

std::string first_reason(const CounterSurvey& survey) {
  for (const Counter& c : survey.counters)
    if (c.kind == CounterKind::hardware && !c.truly_counts) return c.reason;
  return survey.library;
}

void add_flag(ProbeOutcome& outcome, const std::string& key, const std::string& source,
              const std::optional<std::string>& why_not) {
  Fact fact = measured(0, "bool", "probe counters: " + source);
  fact.value = !why_not;
  fact.note = why_not;
  outcome.facts[key] = std::move(fact);
}

/// What counts for the whole machine: memory controllers and energy meters.
void add_whole_machine(ProbeOutcome& outcome, const Host& host) {
  std::vector<std::string> names;
  for (const UncorePmu& pmu : uncore_pmus(host)) names.push_back(pmu.name);
  if (!names.empty())
    outcome.facts["counters.uncore"] =
        measured_text(join(names, ", "), "probe counters: /sys/bus/event_source/devices");
  const auto traffic = DramTraffic::open(host);
  add_flag(outcome, "counters.dram_traffic", "memory-controller counters, opened",
           traffic ? std::nullopt : std::optional(traffic.error().why));
  const auto energy = EnergyMeter(host).missing();
  add_flag(outcome, "counters.energy", "powercap counters, read",
           energy ? std::optional(energy->reason) : std::nullopt);
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!context.host.live()) {
    outcome.status = ProbeStatus::unavailable;
    outcome.reason = "counters of a recorded machine cannot be tried";
    outcome.fix = "run the probe on the machine itself";
    return outcome;
  }
  const CounterSurvey survey = survey_counters();
  for (const Counter& c : survey.counters) add_counter(outcome, c, survey.library);
  const int hardware = survey.usable(CounterKind::hardware), software = survey.usable(CounterKind::software);
  const std::string source = "probe counters: " + survey.library + ", opened, started and read";
  outcome.facts["counters.hardware.usable"] = measured(hardware, "1", source);
  outcome.facts["counters.software.usable"] = measured(software, "1", source);
  add_whole_machine(outcome, context.host);
  if (hardware > 0) return outcome;
  const CounterObstacle obstacle = counter_obstacle(context.host, first_reason(survey));
  outcome.status = software > 0 ? ProbeStatus::degraded : ProbeStatus::unavailable;
  outcome.reason = "no hardware counter counts: " + obstacle.reason;
  outcome.fix = obstacle.fix;
  return outcome;
}

}  // namespace

extern const Probe counters_probe;
const Probe counters_probe{
    .id = "counters",
    .summary = "which hardware and software event counters truly count",
    .method =
        "each event is opened, started, and read after a loop of known work (PAPI; software events through "
        "perf_event_open or getrusage); it counts if the value is not less than the work done",
    .measures = true,
    .rank = 20,
    .seconds = {0.3, 0.3, 0.3},
    .run = run};

}  // namespace ridgepoint
