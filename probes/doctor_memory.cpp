// SPDX-License-Identifier: Apache-2.0
// The findings on memory, control groups and virtualisation.
#include <algorithm>

#include "model/core/format.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/cgroup.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "probes/memory_info.h"
#include "probes/parse.h"

namespace ridgepoint {

extern const Probe identity_probe;
extern const Probe memory_probe;

namespace {

void say(std::vector<std::string>& parts, const Facts& facts, const std::string& key,
         const std::string& label) {
  if (const auto it = facts.find(key); it != facts.end() && it->second.is_number())
    parts.push_back(label + " " + show(it->second.number(), it->second.unit));
}

/// Takes over the warnings with one of these codes: what they say is the cost, their remedy the fix.
void adopt(Finding& f, const std::vector<Warning>& warnings, const std::vector<std::string>& codes) {
  for (const Warning& w : warnings) {
    if (std::ranges::find(codes, w.code) == codes.end()) continue;
    f.health = Health::limited;
    f.cost += (f.cost.empty() ? "" : "; ") + w.what;
    f.fix += (f.fix.empty() ? "" : "; ") + w.fix;
  }
}

void add_quota(Finding& f, double quota, int threads, const Fact& fact) {
  const std::string file = fact.source.substr(fact.source.find('/'));
  f.health = Health::limited;
  f.cost += (f.cost.empty() ? "" : "; ") + std::to_string(threads) + " threads may run, but only " +
            show_number(quota) +
            " CPUs of time: they are stopped in every period, which no affinity mask shows";
  f.fix +=
      (f.fix.empty() ? "" : "; ") + ("raise the quota (" + file) + "), or run no more threads than it allows";
}

/// The virtio device number 5 is a memory balloon: the host may take memory back.
bool has_balloon(const Host& host) {
  const std::string folder = "sys/bus/virtio/devices";
  for (const std::string& name : host.list(folder).value_or(std::vector<std::string>()))
    if (read_line(host, folder + "/" + name + "/device") == "0x0005") return true;
  return false;
}

}  // namespace

void add_trouble(Finding& f, const std::string& cost, const std::string& fix) {
  f.health = Health::limited;
  f.cost += (f.cost.empty() ? "" : "; ") + cost;
  f.fix += (f.fix.empty() ? "" : "; ") + fix;
}

/// Swap in use, memory set aside as hugetlb pages, and memory that may be unplugged.
void judge_memory_use(Finding& f, const Facts& facts, const Meminfo& info) {
  constexpr double kInUse = 64 * kMebi, kMuch = 0.1;
  const double swapped =
      info.swap_byte.value_or(0) - info.swap_free_byte.value_or(info.swap_byte.value_or(0));
  if (swapped > kInUse)
    add_trouble(f, show_bytes(swapped) + " of memory are in swap: a sample may wait for the disk",
                "free some memory, then sudo swapoff -a");
  const double reserved = number(facts, "memory.huge_pages.reserved").value_or(0);
  if (info.total_byte && reserved > kMuch * *info.total_byte)
    add_trouble(
        f, show_bytes(reserved) + " are set aside as hugetlb pages, which ordinary working sets cannot use",
        "sudo sysctl vm.nr_hugepages=0, unless a program here uses them");
  const auto online = number(facts, "memory.online"), installed = number(facts, "memory.installed"),
             pluggable = number(facts, "memory.hot_pluggable");
  if (online && installed && pluggable && *pluggable > *installed - *online)
    add_trouble(
        f, show_bytes(*pluggable - (*installed - *online)) + " online were hot-plugged and may be taken away",
        "take capacities as those of now, or have the host fix the guest's memory");
}

Finding check_memory(const ProbeContext& context) {
  const ProbeOutcome outcome = memory_probe.run(context);
  std::vector<std::string> seen;
  say(seen, outcome.facts, "memory.installed", "installed");
  say(seen, outcome.facts, "memory.online", "online");
  say(seen, outcome.facts, "memory.hot_pluggable", "hot-pluggable");
  say(seen, outcome.facts, "memory.total", "total");
  say(seen, outcome.facts, "memory.available", "available");
  for (const auto& [key, label] : {std::pair("memory.huge_pages.reserved", "reserved as hugetlb pages"),
                                   std::pair("memory.swap", "swap")})
    if (number(outcome.facts, key).value_or(0) > 0) say(seen, outcome.facts, key, label);
  if (has_balloon(context.host)) seen.emplace_back("a balloon lets the host take memory back");
  Finding f{.id = "memory", .evidence = join(seen, "; "), .cost = {}, .fix = {}};
  if (outcome.status == ProbeStatus::ok) {
    adopt(f, outcome.warnings, {"memory-offline", "memory-hot-plug", "address-space-limited"});
    judge_memory_use(f, outcome.facts, parse_meminfo(context.host.read("proc/meminfo").value_or("")));
    return f;
  }
  f.health = Health::missing;
  f.evidence = outcome.reason;
  f.cost = "no platform fit can be judged by capacity";
  f.fix = outcome.fix;
  return f;
}

Finding check_cgroup(const ProbeContext& context) {
  const ProbeOutcome outcome = memory_probe.run(context);
  std::vector<std::string> seen;
  say(seen, outcome.facts, "memory.cgroup.limit", "memory limit");
  const auto quota = number(outcome.facts, "cpu.cgroup.quota");
  if (quota) seen.push_back("CPU quota " + show_number(*quota));
  if (const std::string set = text(outcome.facts, "cpu.cgroup.cpuset"); !set.empty())
    seen.push_back("cpuset " + set);
  if (seen.empty() && read_cgroup(context.host).version == 0)
    return {.id = "cgroup",
            .health = Health::missing,
            .evidence = "no control group hierarchy is readable",
            .cost = "a CPU quota or a memory limit could bind unseen",
            .fix = "mount /sys/fs/cgroup where the program runs (containers may mask it)"};
  Finding f{.id = "cgroup", .evidence = seen.empty() ? "no limit" : join(seen, "; "), .cost = {}, .fix = {}};
  adopt(f, outcome.warnings, {"memory-limited"});
  const int threads = context.topology.allowed_processing_units;
  if (quota && threads > 0 && *quota < threads)
    add_quota(f, *quota, threads, outcome.facts.at("cpu.cgroup.quota"));
  return f;
}

std::optional<double> steal_share(std::string_view stat) {
  constexpr std::size_t kSteal = 8,
                        kLast = 8;  // user nice system idle iowait irq softirq steal; guest is in user
  for (const std::string& line : lines(stat)) {
    const std::vector<std::string> parts = words(line);
    if (parts.size() <= kLast || parts[0] != "cpu") continue;
    double total = 0, steal = 0;
    for (std::size_t i = 1; i <= kLast; ++i) {
      const auto ticks = parse_count(parts[i]);
      if (!ticks) return std::nullopt;
      total += static_cast<double>(*ticks);
      if (i == kSteal) steal = static_cast<double>(*ticks);
    }
    return total > 0 ? std::optional<double>(steal / total) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> cpu_pressure(std::string_view pressure) {
  for (const std::string& line : lines(pressure)) {
    const std::vector<std::string> parts = words(line);
    if (parts.empty() || parts[0] != "some") continue;
    for (const std::string& part : parts)
      if (starts_with(part, "avg60="))
        if (const auto percent = parse_number(part.substr(6), "avg60"); percent && *percent >= 0)
          return *percent / 100;
  }
  return std::nullopt;
}

Finding check_virtualisation(const ProbeContext& context) {
  constexpr double kMuchSteal = 0.01;
  const Facts facts = identity_probe.run(context).facts;
  const std::string hypervisor = text(facts, "identity.hypervisor");
  const auto steal = steal_share(context.host.read("proc/stat").value_or(""));
  const auto pressure = cpu_pressure(context.host.read("proc/pressure/cpu").value_or(""));
  std::vector<std::string> seen{hypervisor.empty() ? "no hypervisor seen" : "hypervisor " + hypervisor};
  if (steal) seen.push_back("steal " + show_percent(*steal) + " since boot");
  if (pressure)
    seen.push_back("processes waited for a CPU " + show_percent(*pressure) + " of the last minute");
  Finding f{.id = "virtualisation", .evidence = join(seen, "; "), .cost = {}, .fix = {}};
  if (text(facts, "identity.cpu").empty() && !steal) {
    f.health = Health::missing;
    f.evidence = "neither /proc/cpuinfo nor /proc/stat tell";
    f.cost = "neighbours' load cannot be told from the machine's own limits";
    f.fix = "run where /proc is mounted, or record the machine again with scripts/record_host.sh";
  } else if (!hypervisor.empty() || steal.value_or(0) > kMuchSteal) {
    f.health = Health::limited;
    f.cost = "processors, caches and memory are shared with neighbours: figures vary from run to run";
    if (steal.value_or(0) > kMuchSteal)
      f.cost += ", and times are longer by about " + show_percent(*steal / (1 - std::min(*steal, 0.99))) +
                " where the hypervisor ran others";
    f.fix = "repeat at other times and compare ranges, or use a dedicated host or bare-metal instance";
  }
  return f;
}

}  // namespace ridgepoint
