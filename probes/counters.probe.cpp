// SPDX-License-Identifier: Apache-2.0
// Which event counters count here, found out by counting.
#include "probes/counters.h"

#include "model/core/format.h"
#include "probes/probe.h"

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
