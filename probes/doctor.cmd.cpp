// SPDX-License-Identifier: Apache-2.0
// `ridgepoint doctor`: what can and cannot be measured here, why, and what to do about it.
#include <array>
#include <string_view>
#include <utility>

#include "model/core/command.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"

namespace ridgepoint {
namespace {

using Check = Finding (*)(const ProbeContext&);
constexpr std::array<Check, 12> kChecks = {check_counters,  check_huge_pages,    check_pinning,
                                           check_frequency, check_memory,        check_cgroup,
                                           check_storage,   check_accelerators,  check_virtualisation,
                                           check_smt,       check_shared_memory, check_mitigations};

/// Which figures a finding that is not good touches. What cannot be had is unknown, the rest in doubt.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kFigures = {
    {{"counters", "unknown: counted operations, traffic, misses and cycles; in doubt: clock.sustained.*"},
     {"huge-pages", "in doubt: memory.dram.latency, memory.dram.random*, latency.curve.*, tlb.*"},
     {"pinning", "in doubt: all figures of several threads (*.2t, *.Nt), latency.core_to_core.*"},
     {"frequency", "in doubt: clock.sustained.*, and compute.* as a share of the peak"},
     {"memory", "in doubt: memory.*.capacity, numa.*.capacity, memory.available"},
     {"cgroup", "in doubt: all figures of several threads (*.2t, *.Nt); memory.*.capacity is the group's"},
     {"storage", "in doubt: storage.*"},
     {"accelerators", "unknown: accelerator.*"},
     {"virtualisation", "in doubt: the spread of every figure, latency.loaded.*, memory.*.bandwidth.*"},
     {"smt", "in doubt: compute.* of several threads, latency.core_to_core.*"},
     {"shared-memory", "none of Ridgepoint's own figures"},
     {"mitigations", "in doubt: storage.* of small requests, storage.sync.latency"}}};

void name_figures(Finding& f) {
  if (f.health == Health::good) return;
  for (const auto& [id, figures] : kFigures)
    if (f.id == id) f.cost += " [" + std::string(figures) + "]";
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const RootedHost rooted(arguments.has("host-root") ? arguments.value("host-root") : "/");
  const auto topology = load_topology(arguments.value("topology"), rooted);
  if (!topology) return tl::make_unexpected(topology.error());
  const NoHost shape_only(topology->source);
  const bool foreign_shape = arguments.has("topology") && !arguments.has("host-root");
  const Host& host = foreign_shape ? static_cast<const Host&>(shape_only) : rooted;
  const ProbeContext context{host, *topology, Level::quick, 0, ports.log};

  Diagnosis diagnosis{.provenance = ports.provenance, .origin = host.origin(), .findings = {}};
  double done = 0;
  for (const Check check : kChecks) {
    if (Interrupt::requested()) break;
    ports.log.progress("doctor", done++ / kChecks.size());
    diagnosis.findings.push_back(check(context));
    name_figures(diagnosis.findings.back());
  }
  ports.log.progress("doctor", 1);
  return Output{make_document("doctor", diagnosis), "", 0, Interrupt::requested()};
}

}  // namespace

extern const Command doctor_cmd;
const Command doctor_cmd{
    .name = "doctor",
    .summary = "what can be measured on this machine, what cannot, and the remedy",
    .positional = "",
    .options = {{"host-root", "DIR", "examine a recorded machine instead of this one", "", false, {}},
                {"topology", "FILE|SPEC", "an hwloc XML file or synthetic topology", "", false, {}}},
    .example = "ridgepoint doctor",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
