// SPDX-License-Identifier: Apache-2.0
// The machine's shape as facts: processors, caches, memory nodes.
#include <algorithm>

#include "model/core/text.h"
#include "probes/parse.h"
#include "probes/probe.h"

namespace ridgepoint {
namespace {

class Collector {
 public:
  /// A synthetic machine is somebody's assumption; everything else was read from a machine.
  Collector(Facts& facts, const std::string& source)
      : facts_(facts),
        source_("probe topology: " + source),
        basis_(starts_with(source, "hwloc synthetic") ? Basis::assumed : Basis::measured) {}
  void count(const std::string& key, int value) { keep(key, measured(value, "1", source_)); }
  void bytes(const std::string& key, double value) {
    if (value > 0) keep(key, measured(value, "byte", source_));
  }
  void text(const std::string& key, const std::string& value) { keep(key, measured_text(value, source_)); }

 private:
  void keep(const std::string& key, Fact fact) {
    fact.basis = basis_;
    facts_[key] = std::move(fact);
  }

  Facts& facts_;
  std::string source_;
  Basis basis_;
};

/// "IntelCore: 16 processing units, rank 1, at most 5100 MHz"; the rank is hwloc's, the most efficient first.
std::string describe(const CpuKind& kind, std::size_t place) {
  std::string text = kind.name.empty() ? "kind " + std::to_string(place) : kind.name;
  text += ": " + std::to_string(kind.cpus.size()) + " processing units";
  if (kind.rank >= 0) text += ", rank " + std::to_string(kind.rank);
  if (!kind.max_mhz.empty()) text += ", at most " + kind.max_mhz + " MHz";
  return text;
}

void add_processors(Collector& add, const Topology& t) {
  if (t.packages > 0) add.count("topology.packages", t.packages);  // ARM servers may not tell
  if (t.dies > 0) add.count("topology.dies", t.dies);
  if (t.cores_told) add.count("topology.cores", t.cores);
  add.count("topology.threads", t.processing_units);
  if (t.cores_told) add.count("topology.allowed_cores", t.allowed_cores);
  add.count("topology.allowed_threads", t.allowed_processing_units);
  if (!t.allowed.empty()) add.text("topology.allowed_set", show_cpu_list(t.allowed));
  std::vector<std::string> kinds;
  for (std::size_t i = 0; i < t.cpu_kinds.size(); ++i) kinds.push_back(describe(t.cpu_kinds[i], i));
  if (!kinds.empty()) add.text("topology.cpu_kinds", join(kinds, "; "));
  if (!t.devices.empty()) add.text("topology.devices", join(t.devices, "; "));
}

void add_caches(Collector& add, const Topology& t) {
  for (const CacheLevel& c : t.caches) {
    add.bytes("cache." + c.name + ".capacity", c.size_byte);
    add.count("cache." + c.name + ".instances", c.instances);
    if (c.shared_by > 0) add.count("cache." + c.name + ".shared_by", c.shared_by);
    if (!c.mixed.empty()) add.text("cache." + c.name + ".sizes", c.mixed);
  }
}

void add_numa(Collector& add, const Topology& t) {
  if (!t.numa.empty()) add.count("numa.nodes", static_cast<int>(t.numa.size()));
  const auto near = static_cast<int>(
      std::ranges::count_if(t.numa, [](const NumaNode& n) { return n.processing_units > 0; }));
  if (t.packages > 0 && near > 0 && near % t.packages == 0)  // SNC on Intel, NPS on AMD
    add.count("numa.nodes_per_package", near / t.packages);
  for (const NumaNode& n : t.numa) {
    const std::string key = "numa." + std::to_string(n.index);
    add.bytes(key + ".capacity", n.size_byte);
    add.text(key + ".kind", n.kind);
    add.count(key + ".threads", n.processing_units);
    std::vector<std::string> row;
    for (const int d : n.distances) row.push_back(std::to_string(d));
    if (row.size() > 1) add.text(key + ".distances", join(row, " "));
  }
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Topology& t = context.topology;
  if (t.processing_units == 0) {
    outcome.status = ProbeStatus::unavailable;
    outcome.reason = "the topology names no processor (" + t.source + ")";
    outcome.fix = "record the machine again with scripts/record_host.sh, or give --topology FILE|SPEC";
    return outcome;
  }
  Collector add(outcome.facts, t.source);
  add_processors(add, t);
  add_caches(add, t);
  add_numa(add, t);
  if (!t.cores_told) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason =
        "threads can be counted, but nothing tells cores, caches or memory nodes (" + t.source + ")";
    outcome.fix = "let /sys/devices/system/cpu be seen here, or give --topology FILE";
  } else if (t.caches.empty()) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "no cache is described (" + t.source + ")";
    outcome.fix = "take cache sizes from the latency curve of a measurement, or give --topology FILE";
  }
  if (t.allowed_processing_units < t.processing_units)
    outcome.warnings.push_back({"restricted-cpus",
                                "this process may use " + std::to_string(t.allowed_processing_units) +
                                    " of " + std::to_string(t.processing_units) +
                                    " threads; results hold for these only",
                                "widen the affinity mask (taskset) or the cpuset, or keep it and say so"});
  return outcome;
}

}  // namespace

extern const Probe topology_probe;
const Probe topology_probe{
    .id = "topology",
    .summary = "packages, cores, threads, caches and memory nodes, and what of them this process may use",
    .method =
        "hwloc: /sys for the live machine or a recorded tree, an XML file, or a synthetic description; "
        "offline "
        "processors left out, the cpuset and the affinity mask respected",
    .measures = false,
    .rank = 10,
    .seconds = {0.05, 0.05, 0.05},
    .run = run};

}  // namespace ridgepoint
