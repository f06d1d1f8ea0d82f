// SPDX-License-Identifier: Apache-2.0
// `ridgepoint probe`: run the probes and write the document `machine`.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "model/core/command.h"
#include "model/core/contract.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/core/units.h"
#include "probes/host.h"
#include "probes/probe.h"

namespace ridgepoint {
namespace {

/// A machine known by its topology alone (an hwloc file or a synthetic text): nothing of the computer at hand
/// may leak into its document.
class TopologyOnly : public Host {
 public:
  explicit TopologyOnly(std::string origin) : origin_(std::move(origin)) {}
  Result<std::string> read(const std::string& path) const override { return nothing(path); }
  Result<std::vector<std::string>> list(const std::string& path) const override { return nothing(path); }
  bool live() const override { return false; }
  std::string origin() const override { return origin_; }

 private:
  static tl::unexpected<Error> nothing(const std::string& path) {
    return fail(ErrorKind::unavailable, "there is no '" + path + "'", "only a topology was given",
                "add --host-root with a recorded machine");
  }
  std::string origin_;
};

std::vector<const Probe*> in_order() {
  std::vector<const Probe*> list = probes();
  std::ranges::sort(list, {}, [](const Probe* p) { return std::pair(p->rank, p->id); });
  return list;
}

Output list_probes(const Ports& ports) {
  Listing listing{ports.provenance, "Probes", {"probe", "measures", "about", "summary"}, {}, {}};
  for (const Probe* p : in_order())
    listing.rows.push_back({p->id, p->measures ? "yes" : "no", show_seconds(p->quick_s), p->summary});
  return Output{make_document("listing", listing), "", 0, false};
}

/// The probes asked for with --only and --skip; an unknown name is an error with the nearest known one.
Result<std::vector<const Probe*>> chosen(const Arguments& arguments) {
  std::vector<std::string> ids;
  for (const Probe* p : in_order()) ids.push_back(p->id);
  for (const char* option : {"only", "skip"})
    for (const std::string& id : arguments.all(option))
      if (std::ranges::find(ids, id) == ids.end()) {
        const std::string near = nearest(id, ids);
        return fail(ErrorKind::bad_input, "there is no probe '" + printable(id) + "'", "",
                    near.empty() ? "see ridgepoint probe --list" : "did you mean '" + near + "'?");
      }
  const auto only = arguments.all("only"), skip = arguments.all("skip");
  std::vector<const Probe*> list;
  for (const Probe* p : in_order())
    if ((only.empty() || std::ranges::find(only, p->id) != only.end()) &&
        std::ranges::find(skip, p->id) == skip.end())
      list.push_back(p);
  return list;
}

/// How much the working sets of all measuring probes may take: 40 % of what is available now.
double memory_limit(const Facts& facts) {
  constexpr double kShare = 0.4, kUnknown = 512 * kMebi;
  double limit = std::numeric_limits<double>::infinity();
  for (const char* key : {"memory.available", "memory.dram.capacity", "memory.cgroup.limit"})
    if (const auto v = number(facts, key); v && *v > 0) limit = std::min(limit, *v * kShare);
  return std::isfinite(limit) ? limit : kUnknown;
}

ProbeReport run_one(const Probe& probe, const ProbeContext& context, Machine& machine) {
  ProbeReport report{.id = probe.id,
                     .status = ProbeStatus::skipped,
                     .reason = {},
                     .fix = {},
                     .method = probe.method,
                     .elapsed_s = 0,
                     .samples = {}};
  if (probe.measures && !context.host.live()) {
    report.status = ProbeStatus::unavailable;
    report.reason = "a recorded machine can be read but not measured";
    report.fix = "run the probe on the machine itself";
    return report;
  }
  const auto begin = std::chrono::steady_clock::now();
  ProbeOutcome outcome = probe.run(context);
  report.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  report.status = outcome.status;
  report.reason = std::move(outcome.reason);
  report.fix = std::move(outcome.fix);
  report.samples = std::move(outcome.samples);
  for (auto& [key, fact] : outcome.facts) {
    RIDGEPOINT_EXPECT(check_fact(key, fact).has_value());
    RIDGEPOINT_EXPECT(!machine.platform.facts.contains(key));
    machine.platform.facts.emplace(key, std::move(fact));
  }
  std::ranges::move(outcome.warnings, std::back_inserter(machine.warnings));
  return report;
}

void name_platform(Machine& machine) {
  Platform& p = machine.platform;
  const std::string cpu = text(p.facts, "identity.cpu");
  p.id = "this-machine";
  p.name = cpu.empty() ? "unnamed machine" : cpu;
  p.vendor = text(p.facts, "identity.vendor");
  p.compute_mix = {"scalar", "vector"};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.has("list")) return list_probes(ports);
  const auto list = chosen(arguments);
  if (!list) return tl::make_unexpected(list.error());
  const RootedHost rooted(arguments.has("host-root") ? arguments.value("host-root") : "/");
  const auto topology = load_topology(arguments.value("topology"), rooted);
  if (!topology) return tl::make_unexpected(topology.error());
  const TopologyOnly shape_only(topology->source);
  const bool foreign_shape = arguments.has("topology") && !arguments.has("host-root");
  const Host& host = foreign_shape ? static_cast<const Host&>(shape_only) : rooted;

  Machine machine;
  machine.provenance = ports.provenance;
  machine.origin = host.origin();
  ProbeContext context{host, *topology, Level::quick, 0, ports.log};
  double done = 0, total = 0;
  for (const Probe* p : *list) total += p->quick_s;
  for (const Probe* p : *list) {
    if (Interrupt::requested()) {
      machine.probes.push_back(
          {p->id, ProbeStatus::interrupted, "stopped by the user", "run it again", p->method, 0, {}});
      continue;
    }
    ports.log.progress("probe " + p->id, done / total);
    context.memory_limit_byte = memory_limit(machine.platform.facts);
    machine.probes.push_back(run_one(*p, context, machine));
    done += p->quick_s;
  }
  ports.log.progress("probes done", 1);
  machine.interrupted = Interrupt::requested();
  name_platform(machine);
  Output output{make_document("machine", machine), "", 0, machine.interrupted};
  const bool strict =
      arguments.has("strict") &&
      std::ranges::any_of(machine.probes, [](const ProbeReport& r) { return r.status != ProbeStatus::ok; });
  if (strict) output.exit = exit_code(ErrorKind::unavailable);
  return output;
}

}  // namespace

extern const Command probe_cmd;
const Command probe_cmd{
    .name = "probe",
    .summary = "measure this machine: topology, memory, bandwidth, latency, peak",
    .positional = "",
    .options = {{"only", "PROBE", "run this probe only (may be given several times)", "", true, {}},
                {"skip", "PROBE", "leave this probe out (may be given several times)", "", true, {}},
                {"list", "", "list the probes and stop", "", false, {}},
                {"host-root", "DIR", "read a recorded machine instead of this one", "", false, {}},
                {"topology", "FILE|SPEC", "an hwloc XML file or synthetic topology", "", false, {}},
                {"strict", "", "exit 3 when a probe could not measure well", "", false, {}}},
    .example = "ridgepoint probe --out machine.json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
