// SPDX-License-Identifier: Apache-2.0
// `ridgepoint probe`: run the probes and write the document `machine`.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/core/units.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/journal.h"
#include "probes/noise.h"
#include "probes/sampler.h"
#include "probes/session.h"

namespace ridgepoint {
namespace {

std::vector<const Probe*> in_order() {
  std::vector<const Probe*> list = probes();
  std::ranges::sort(list, {}, [](const Probe* p) { return std::pair(p->rank, p->id); });
  return list;
}

Output list_probes(const Ports& ports) {
  Listing listing{
      ports.provenance, "Probes", {"probe", "measures", "quick", "standard", "full", "summary"}, {}, {}};
  const auto about = [](double seconds) { return seconds > 0 ? show_seconds(seconds) : std::string("no"); };
  for (const Probe* p : in_order())
    listing.rows.push_back({p->id, p->measures ? "yes" : "no", about(p->seconds.quick),
                            about(p->seconds.standard), about(p->seconds.full), p->summary});
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

void name_platform(Machine& machine) {
  Platform& p = machine.platform;
  const std::string cpu = text(p.facts, "identity.cpu");
  p.id = "this-machine";
  p.name = cpu.empty() ? "unnamed machine" : cpu;
  p.vendor = text(p.facts, "identity.vendor");
  p.compute_mix = {"scalar", "vector"};
}

constexpr double kLeastMemory = 8 * kMebi;

/// --level, --memory, --cell, --only and --skip.
Result<SessionPlan> plan_of(const Arguments& arguments) {
  auto list = chosen(arguments);
  if (!list) return tl::make_unexpected(list.error());
  const Level level = enum_from<Level>(arguments.value("level")).value_or(Level::quick);
  SessionPlan plan{std::move(*list), level, visits_at(level), std::numeric_limits<double>::infinity(),
                   arguments.all("cell")};
  if (arguments.has("memory")) {
    const auto bytes = parse_bytes(arguments.value("memory"));
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (*bytes < kLeastMemory)
      return fail(ErrorKind::bad_input, "--memory " + printable(arguments.value("memory")) + " is too little",
                  "the probes need working sets beyond a page or two", "give at least 8MiB");
    plan.memory_cap_byte = *bytes;
  }
  if (arguments.has("storage-dir")) {
    plan.storage_folder = arguments.value("storage-dir");
    std::error_code code;
    if (!std::filesystem::is_directory(plan.storage_folder, code))
      return fail(ErrorKind::bad_input, "--storage-dir '" + printable(plan.storage_folder) + "' is no folder",
                  "the storage probe puts its scratch file there", "name a folder on the disk to measure");
  }
  return plan;
}

/// --dry-run: what would be done, and how long it would take.
std::string plan_text(const SessionPlan& plan) {
  std::string text;
  for (const Probe* p : plan.probes) {
    const double seconds = p->seconds.at(plan.level);
    const int visits = p->revisit ? plan.visits : 1;
    text += p->id + std::string(p->id.size() < 20 ? 20 - p->id.size() : 1, ' ') +
            (seconds > 0 ? "about " + show_seconds(seconds) + ", " + std::to_string(visits) +
                               (visits == 1 ? " visit" : " visits")
                         : "left out at this level") +
            "\n";
  }
  return text + "all" + std::string(17, ' ') + "about " + show_seconds(plan.seconds()) + "\n";
}

/// The journal lies beside --out; empty where that is no file but a device or a pipe.
std::string journal_of(const Arguments& arguments) {
  const std::string out = arguments.value("out");
  std::error_code code;
  const auto status = std::filesystem::status(out, code);
  const bool file = std::filesystem::is_regular_file(status) || !std::filesystem::exists(status);
  return out.empty() || out == "-" || !file ? "" : out + ".journal";
}

/// What a journal must agree with before it is taken up again.
JournalHead head_of(const SessionPlan& plan, const Host& host, const Topology& topology, const Ports& ports) {
  const auto cpuinfo = parse_cpuinfo(host.read("proc/cpuinfo").value_or(""));
  return {ports.provenance.version, plan.level, plan.visits,
          cpuinfo.cpu + ", " + std::to_string(topology.allowed.size()) + " processing units",
          join(plan.cells, " ") +
              (std::isfinite(plan.memory_cap_byte) ? " memory " + show_bytes(plan.memory_cap_byte) : "") +
              (plan.storage_folder == "." ? "" : " storage " + plan.storage_folder)};
}

/// A --cell that no probe has is a mistake, not an empty answer.
Result<void> check_cells(const SessionPlan& plan, const Machine& machine) {
  for (const std::string& wanted : plan.cells) {
    bool found = machine.interrupted;
    for (const ProbeReport& p : machine.probes) {
      found = found || p.status == ProbeStatus::failed || p.status == ProbeStatus::unavailable;
      for (const Series& s : p.samples) found = found || asked_for(s.key, {wanted});
    }
    if (!found)
      return fail(ErrorKind::bad_input, "no probe samples a figure '" + printable(wanted) + "'", "",
                  "the keys are those of ridgepoint probe --level smoke --json");
  }
  return {};
}

/// The session, with a journal beside --out where there is one.
Result<Machine> run_plan(const SessionPlan& plan, const Arguments& arguments, const Host& host,
                         const Topology& topology, Ports& ports) {
  const std::string path = journal_of(arguments);
  const bool keeps = host.live() && !path.empty();
  if (arguments.has("resume") && !keeps)
    return fail(ErrorKind::bad_input, "--resume needs the --out of the unfinished session",
                "its journal lies beside that file", "add --out FILE");
  SessionHooks hooks;
  std::optional<Journal> journal;
  if (keeps) {
    auto opened = Journal::open(path, head_of(plan, host, topology, ports), arguments.has("resume"));
    if (!opened) return tl::make_unexpected(opened.error());
    journal.emplace(std::move(*opened));
    hooks.done = journal->done();
  }
  std::optional<NoiseWatch> noise;
  if (host.live() && plan.level != Level::smoke && plan.measures())
    hooks.between = [&](double memory_byte) {
      if (!noise) noise.emplace(host, topology, memory_byte * NoiseWatch::kMemoryShare);
      noise->sample();
    };
  hooks.finished = [&](const Visit& visit) {
    if (noise) noise->visited(visit.probe);
    return journal ? journal->append(visit) : Result<void>{};
  };
  ports.log.note(std::to_string(plan.probes.size()) + " probes at level " + std::string(name_of(plan.level)) +
                 ": about " + show_seconds(plan.seconds()));
  auto machine = run_session(plan, hooks, host, topology, ports.log);
  if (machine && noise) noise->finish(*machine);
  return machine;
}

/// Every measuring probe binds its threads; where the system refuses, each of their figures is in doubt.
void warn_of_pinning(Machine& machine, const SessionPlan& plan, const ProbeContext& context) {
  if (!plan.measures() || !context.host.live()) return;
  const Finding pinning = check_pinning(context);
  if (pinning.health != Health::good)
    machine.warnings.push_back({"not-pinned", pinning.evidence + ": " + pinning.cost, pinning.fix});
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.has("list")) return list_probes(ports);
  const auto plan = plan_of(arguments);
  if (!plan) return tl::make_unexpected(plan.error());
  if (arguments.has("dry-run")) return Output{std::nullopt, plan_text(*plan), 0, false};
  const RootedHost rooted(arguments.has("host-root") ? arguments.value("host-root") : "/");
  const auto topology = load_topology(arguments.value("topology"), rooted);
  if (!topology) return tl::make_unexpected(topology.error());
  const NoHost shape_only(topology->source);
  const bool foreign_shape = arguments.has("topology") && !arguments.has("host-root");
  const Host& host = foreign_shape ? static_cast<const Host&>(shape_only) : rooted;

  auto machine = run_plan(*plan, arguments, host, *topology, ports);
  if (!machine) return tl::make_unexpected(machine.error());
  if (auto ok = check_cells(*plan, *machine); !ok) return tl::make_unexpected(ok.error());
  machine->provenance = ports.provenance;
  machine->origin = host.origin();
  machine->level = std::string(name_of(plan->level));
  warn_of_pinning(*machine, *plan, {host, *topology, plan->level, 0, ports.log});
  if (plan->level == Level::smoke)
    machine->warnings.push_back({"smoke-level",
                                 "the probes ran once on tiny data: no figure is a measurement",
                                 "ridgepoint probe --level quick"});
  name_platform(*machine);
  const bool strict =
      arguments.has("strict") &&
      std::ranges::any_of(machine->probes, [](const ProbeReport& r) { return r.status != ProbeStatus::ok; });
  Output output{make_document("machine", *machine), "", 0, machine->interrupted};
  if (host.live() && !machine->interrupted) output.no_longer_needed = journal_of(arguments);
  if (strict) output.exit = exit_code(ErrorKind::unavailable);
  return output;
}

}  // namespace

extern const Command probe_cmd;
const Command probe_cmd{
    .name = "probe",
    .summary = "measure this machine: topology, memory, bandwidth, latency, peak, storage",
    .positional = "",
    .options =
        {{"level",
          "LEVEL",
          "how thorough: more visits and samples",
          "quick",
          false,
          {"smoke", "quick", "standard", "full"}},
         {"only", "PROBE", "run this probe only (may be given several times)", "", true, {}},
         {"skip", "PROBE", "leave this probe out (may be given several times)", "", true, {}},
         {"cell", "KEY", "sample this figure only, for example 'compute.fp64.*'", "", true, {}},
         {"memory", "SIZE", "use at most this much memory, for example 2GiB", "", false, {}},
         {"storage-dir", "DIR", "measure the disk behind this folder [the working one]", "", false, {}},
         {"resume", "", "go on with the unfinished session of --out", "", false, {}},
         {"dry-run", "", "print what would be done and stop", "", false, {}},
         {"list", "", "list the probes and stop", "", false, {}},
         {"host-root", "DIR", "read a recorded machine instead of this one", "", false, {}},
         {"topology", "FILE|SPEC", "an hwloc XML file or synthetic topology", "", false, {}},
         {"strict", "", "exit 3 when a probe could not measure well", "", false, {}}},
    .example = "ridgepoint probe --out machine.json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
