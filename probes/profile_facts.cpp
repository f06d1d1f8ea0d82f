// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/profile_parts.h"

namespace ridgepoint {
namespace {

constexpr double kKibiByte = 1024;
const std::string kAccount = "wait4: the command and all it waited for";

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

void add_times(Facts& facts, const RunReading& r) {
  const double user = seconds(r.end.usage.ru_utime), system = seconds(r.end.usage.ru_stime);
  facts["time.wall"] = measured(r.end.wall_s, "s", "from the start to the end of the command");
  facts["time.user"] = measured(user, "s", kAccount);
  facts["time.system"] = measured(system, "s", kAccount);
  facts["cpu.allowed"] = measured(r.allowed_cpus, "1", "affinity mask and control-group quota");
  if (r.end.wall_s <= 0) return;
  Fact used = measured((user + system) / r.end.wall_s, "1", "processor time / wall time");
  used.basis = Basis::derived;
  facts["cpu.used"] = used;
  used.value = used.number() / r.allowed_cpus;
  used.source = "processor time / (wall time x allowed processors)";
  facts["cpu.utilisation"] = std::move(used);
}

void add_memory(Facts& facts, const RunReading& r) {
  Fact peak = measured(static_cast<double>(r.end.usage.ru_maxrss) * kKibiByte, "byte",
                       "wait4: the largest single process");
  // The kernel's figure begins with the image that became the command by exec: ours.
  if (peak.number() <= r.image_byte)
    peak.note = "an upper bound: the copy of ridgepoint that started it was as large";
  facts["memory.resident.peak"] = std::move(peak);
  if (r.states.samples > 0) {
    const auto n = static_cast<double>(r.states.samples);
    const std::string source = "/proc, highest of " + std::to_string(r.states.samples) + " samples";
    facts["processes.peak"] = measured(r.peak.processes, "1", source);
    facts["threads.peak"] = measured(r.peak.threads, "1", source);
    facts["memory.resident.tree_peak"] = measured(r.peak.resident_byte, "byte", source);
    const auto share = [&](double count, const std::string& what) {
      Fact f = measured(count / n, "1", "/proc, thread states: " + what);
      f.n = r.states.samples;
      return f;
    };
    facts["threads.ready"] = share(r.states.ready, "mean number that ran or was ready to");
    facts["share.active"] = share(r.states.active, "share of the samples in which some thread was ready");
    facts["share.device"] = share(r.states.device, "share in which none was, but some waited for a device");
    facts["share.asleep"] = share(r.states.asleep, "share in which all slept");
  }
  facts["faults.minor"] = measured(static_cast<double>(r.end.usage.ru_minflt), "1", kAccount);
  facts["faults.major"] = measured(static_cast<double>(r.end.usage.ru_majflt), "1", kAccount);
  facts["switches.voluntary"] = measured(static_cast<double>(r.end.usage.ru_nvcsw), "1", kAccount);
  facts["switches.involuntary"] = measured(static_cast<double>(r.end.usage.ru_nivcsw), "1", kAccount);
}

void add_io(Facts& facts, const RunReading& r) {
  if (!r.io) return;
  const std::string device = "/proc/<pid>/io of the process tree, to or from a device";
  const std::string calls = "/proc/<pid>/io of the process tree, by read, write and their kin";
  facts["io.device.read"] = measured(r.io->read_byte, "byte", device);
  facts["io.device.written"] = measured(r.io->written_byte, "byte", device);
  facts["io.calls.read"] = measured(r.io->read_chars, "byte", calls);
  facts["io.calls.written"] = measured(r.io->written_chars, "byte", calls);
}

/// Mean power of each energy figure.
void add_power(Facts& facts, double wall_s) {
  if (wall_s <= 0) return;
  Facts power;
  for (const auto& [key, fact] : facts)
    if (starts_with(key, "energy.") && fact.is_number()) {
      Fact p = measured(fact.number() / wall_s, "w", "energy / wall time");
      p.basis = Basis::derived;
      power["power." + key.substr(std::string("energy.").size())] = std::move(p);
    }
  facts.merge(power);
}

}  // namespace

Facts run_facts(const RunReading& reading) {
  Facts facts;
  add_times(facts, reading);
  add_memory(facts, reading);
  add_io(facts, reading);
  facts.merge(surroundings_between(reading.before, reading.after));
  facts.merge(event_facts({}, reading.totals));
  add_power(facts, reading.end.wall_s);
  facts["watching.cpu"] =
      measured(reading.own_cpu_s, "s", "getrusage: what ridgepoint itself used meanwhile");
  return facts;
}

std::vector<Warning> run_warnings(const RunReading& reading) {
  std::vector<Warning> warnings;
  if (const auto keys = multiplexed(reading.totals); !keys.empty())
    warnings.push_back({"multiplexed",
                        "these events took turns on too few counters and are scaled up: " + join(keys, ", "),
                        "take a run of several seconds; short ones scale badly"});
  if (reading.survivors > 0)
    warnings.push_back({"still-running",
                        std::to_string(reading.survivors) +
                            " of its processes outlived the command: their processor time "
                            "is in no figure, their I/O up to then is",
                        "profile the program in the foreground"});
  for (const EventTotal& t : reading.totals)
    if (starts_with(t.key, "traffic.") || starts_with(t.key, "energy.")) {
      warnings.push_back({"whole-machine", "energy and DRAM traffic are those of everybody on the machine",
                          "keep it quiet meanwhile"});
      break;
    }
  if (!reading.end.forwarded.empty())
    warnings.push_back({"signalled", "a signal was passed on to the command while it ran",
                        "run it again without interruption"});
  return warnings;
}

}  // namespace ridgepoint
