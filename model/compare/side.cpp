// SPDX-License-Identifier: Apache-2.0
#include "model/compare/side.h"

#include "model/core/machine.h"
#include "model/core/runs.h"

namespace ridgepoint {
namespace {

void add_build(MeasuredSide& side, const Provenance& p) {
  side.provenance = p;
  side.environment["ridgepoint version"] = p.version;
  side.environment["ridgepoint commit"] = p.commit;
  side.environment["compiler"] = p.compiler;
  side.environment["compiler flags"] = p.flags;
  for (const auto& [name, version] : p.packages) side.environment["library " + name] = version;
}

MeasuredSide side_of(const RunSet& set) {
  MeasuredSide side;
  add_build(side, set.provenance);
  side.machine = set.machine_id;
  side.environment["machine"] = set.machine_id;
  for (const KernelRun& run : set.runs) {
    const std::string subject = run.id + " " + run.shape + " " + run.dtype;
    MeasuredSeries series{"time", "s", run.wall_s, !run.verification.passed};
    if (run.roof && !run.roof->rates.empty()) {
      series.roof = quantile(run.roof->rates, 0.5);
      series.roof_name = run.roof->name;
    }
    side.environment["threads of " + subject] = std::to_string(run.threads);
    side.environment["instruction set of " + subject] = run.isa;
    side.series[subject] = std::move(series);
  }
  return side;
}

/// Facts that describe the surroundings: words, and the shape of the machine. Measurements are not.
bool describes(const std::string& key, const Fact& fact) {
  if (!fact.is_number()) return true;
  for (const char* prefix : {"topology.", "numa.", "identity.", "cpu.", "memory.installed", "memory.cgroup"})
    if (key.starts_with(prefix)) return true;
  return false;
}

std::string as_text(const Fact& fact) {
  if (fact.is_number()) return encode_number(fact.number()).dump() + " " + fact.unit;
  if (const bool* yes = std::get_if<bool>(&fact.value)) return *yes ? "yes" : "no";
  return fact.text();
}

MeasuredSide side_of(const Machine& machine) {
  MeasuredSide side;
  add_build(side, machine.provenance);
  side.machine = machine.platform.id;
  side.environment["machine"] = machine.platform.id;
  side.environment["level"] = machine.level.value_or("");
  for (const auto& [key, fact] : machine.platform.facts)
    if (describes(key, fact)) side.environment[key] = as_text(fact);
  for (const ProbeReport& probe : machine.probes)
    for (const Series& s : probe.samples) side.series[probe.id + " " + s.key] = {s.key, s.unit, s.values};
  return side;
}

}  // namespace

Result<MeasuredSide> measured_side(const Document& document) {
  if (document.schema == "runs")
    return decode<RunSet>(document.body, document.schema).map([](const RunSet& s) { return side_of(s); });
  if (document.schema == "machine")
    return decode<Machine>(document.body, document.schema).map([](const Machine& m) { return side_of(m); });
  return fail(ErrorKind::bad_input, "a " + document.schema + " document has no repetitions to compare",
              "compared are runs and machine documents",
              "give two files of ridgepoint run, or two of ridgepoint probe");
}

}  // namespace ridgepoint
