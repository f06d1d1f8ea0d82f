// SPDX-License-Identifier: Apache-2.0
#include "probes/topology_refine.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

const std::string kCpu = "sys/devices/system/cpu";

std::vector<CpuKind> non_empty(std::vector<CpuKind> kinds) {
  std::erase_if(kinds, [](const CpuKind& k) { return k.cpus.empty(); });
  return kinds;
}

/// The kernel's lists of the processors that each core PMU of an Intel hybrid serves.
std::vector<CpuKind> kinds_of_pmus(const Host& host) {
  std::vector<CpuKind> kinds;
  for (const auto& [folder, name] :
       {std::pair("cpu_lowpower", "IntelLowPower"), std::pair("cpu_atom", "IntelAtom"),
        std::pair("cpu_core", "IntelCore")}) {
    CpuKind kind;
    kind.name = name;
    kind.cpus = parse_cpu_list(host.read(std::string("sys/devices/") + folder + "/cpus").value_or(""))
                    .value_or(std::vector<int>());
    kinds.push_back(std::move(kind));
  }
  return non_empty(std::move(kinds));
}

/// ARM: the part number of each processor.
std::vector<CpuKind> kinds_of_parts(const Host& host) {
  std::vector<CpuKind> kinds;
  for (const auto& [cpu, part] : parts_by_processor(host.read("proc/cpuinfo").value_or(""))) {
    auto it = std::ranges::find(kinds, part, &CpuKind::name);
    if (it == kinds.end()) it = kinds.insert(it, {.name = part, .cpus = {}, .max_mhz = {}});
    it->cpus.push_back(cpu);
  }
  return kinds;
}

/// hwloc knows core types from the CPUID instruction only, which a recorded tree does not have and a
/// hypervisor may hide. Its kinds by frequency are kept and get the names of the lists that hold them.
void name_kinds(Topology& t, const Host& host) {
  std::vector<CpuKind> named = kinds_of_pmus(host);
  if (named.size() < 2) named = kinds_of_parts(host);
  if (named.size() < 2) return;
  for (CpuKind& k : named) std::ranges::sort(k.cpus);
  if (t.cpu_kinds.size() < 2) {
    t.cpu_kinds = std::move(named);
    return;
  }
  for (CpuKind& kind : t.cpu_kinds)
    for (const CpuKind& n : named)
      if (kind.name.empty() && std::ranges::includes(n.cpus, kind.cpus)) kind.name = n.name;
}

/// Dies of all packages; hwloc leaves them out where a package has one.
void count_dies(Topology& t, const Host& host) {
  if (t.dies > 0) return;
  std::set<std::pair<std::string, std::string>> dies;
  for (const std::string& name : numbered(host, kCpu, "cpu")) {
    const std::string folder = kCpu + "/" + name + "/topology/";
    const std::string die = read_line(host, folder + "die_id");
    if (parse_count(die)) dies.emplace(read_line(host, folder + "physical_package_id"), die);
  }
  t.dies = static_cast<int>(dies.size());
}

/// Bits of a mask in the kernel's notation ("00000003,ffffffff"); nothing where it is no mask.
std::optional<int> bits_of(std::string_view mask) {
  int bits = 0;
  for (const char c : trim(mask)) {
    if (c == ',') continue;
    const auto digit = parse_hex(std::string_view(&c, 1));
    if (!digit) return std::nullopt;
    bits += __builtin_popcountll(*digit);
  }
  return mask.empty() ? std::nullopt : std::optional(bits);
}

std::string node_folder(int index) { return "sys/devices/system/node/node" + std::to_string(index); }

/// Nodes that the files below `folder`/*/`file` name, as `target_node` of a DAX device does.
std::set<int> nodes_named(const Host& host, const std::string& folder, const std::string& prefix) {
  std::set<int> nodes;
  const auto list = [&](const std::string& path) {
    return host.list(path).value_or(std::vector<std::string>());
  };
  for (const std::string& device : list(folder)) {
    if (!starts_with(device, prefix)) continue;
    for (const std::string& child : list(folder + "/" + device))
      if (starts_with(child, "dax"))
        if (const auto node = read_count(host, folder + "/" + device + "/" + child + "/target_node"))
          nodes.insert(static_cast<int>(std::min<std::uint64_t>(*node, 1u << 20)));
  }
  return nodes;
}

std::set<int> gpu_nodes(const Host& host) {
  const std::string folder = "proc/driver/nvidia/gpus";
  std::set<int> nodes;
  for (const std::string& gpu : host.list(folder).value_or(std::vector<std::string>())) {
    const auto fields = parse_colon_lines(host.read(folder + "/" + gpu + "/numa_status").value_or(""));
    const auto it = fields.find("Node");
    if (const auto node = it == fields.end() ? std::nullopt : parse_count(it->second);
        node && *node < 1u << 20)
      nodes.insert(static_cast<int>(*node));
  }
  return nodes;
}

/// The kernel's memory tiers: a lower number is faster.
std::map<int, std::uint64_t> tiers(const Host& host) {
  const std::string folder = "sys/devices/virtual/memory_tiering";
  std::map<int, std::uint64_t> out;
  for (const std::string& tier : numbered(host, folder, "memory_tier"))
    for (const int node : parse_cpu_list(host.read(folder + "/" + tier + "/nodelist").value_or(""))
                              .value_or(std::vector<int>()))
      out[node] = parse_count(tier.substr(std::string_view("memory_tier").size())).value_or(0);
  return out;
}

double claimed_bandwidth(const Host& host, int node) {
  return static_cast<double>(
      read_count(host, node_folder(node) + "/access0/initiators/read_bandwidth").value_or(0));
}

/// The fastest node with processors, by what the firmware and the kernel say.
struct Reference {
  double bandwidth = 0;
  std::optional<std::uint64_t> tier;
};

/// hwloc gives a memory-only node the processors of its neighbours; the kernel's own mask is empty.
void count_processors_of_nodes(Topology& t, const Host& host) {
  for (NumaNode& n : t.numa)
    if (const auto bits = bits_of(host.read(node_folder(n.index) + "/cpumap").value_or("")))
      n.processing_units = *bits;
}

/// Firmware keeps nodes for what may come (partitions of a GPU, hot-plugged memory): neither memory nor
/// processors are there.
void leave_out_empty_nodes(Topology& t) {
  for (std::size_t i = t.numa.size(); i-- > 0;) {
    if (t.numa[i].size_byte > 0 || t.numa[i].processing_units > 0) continue;
    t.numa.erase(t.numa.begin() + static_cast<std::ptrdiff_t>(i));
    for (NumaNode& n : t.numa)
      if (i < n.distances.size()) n.distances.erase(n.distances.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void tell_memory_kinds(Topology& t, const Host& host) {
  const std::string cpu = parse_cpuinfo(host.read("proc/cpuinfo").value_or("")).cpu;
  const std::set<int> gpus = gpu_nodes(host), cxl = nodes_named(host, "sys/bus/cxl/devices", "dax_region"),
                      persistent = nodes_named(host, "sys/bus/nd/devices", "dax");
  const auto tier = tiers(host);
  Reference near;
  for (const NumaNode& n : t.numa) {
    if (n.processing_units == 0) continue;
    near.bandwidth = std::max(near.bandwidth, claimed_bandwidth(host, n.index));
    if (const auto it = tier.find(n.index); it != tier.end()) near.tier = it->second;
  }
  NodeClues clues;
  clues.cpu = cpu.empty() ? t.cpu_model : cpu;
  clues.others_without =
      std::ranges::any_of(t.numa, [](const NumaNode& n) { return n.processing_units == 0; });
  clues.memory_side_cache =
      std::ranges::any_of(t.caches, [](const CacheLevel& c) { return c.name == "memory_side"; });
  clues.cxl_device = !numbered(host, "sys/bus/cxl/devices", "mem").empty();
  for (NumaNode& n : t.numa) {
    clues.told = n.kind;
    clues.has_processors = n.processing_units > 0;
    clues.gpu = gpus.contains(n.index);
    clues.cxl_region = cxl.contains(n.index);
    clues.persistent = persistent.contains(n.index);
    clues.bandwidth_ratio = near.bandwidth > 0 ? claimed_bandwidth(host, n.index) / near.bandwidth : 0;
    const auto it = tier.find(n.index);
    clues.tier_step = it == tier.end() || !near.tier || it->second == *near.tier ? 0
                      : it->second < *near.tier                                  ? -1
                                                                                 : 1;
    n.kind = memory_kind(clues);
  }
}

}  // namespace

std::string memory_kind(const NodeClues& c) {
  constexpr double kFaster = 1.3, kSlower = 0.8;
  const auto named = [&](const char* word) { return c.cpu.find(word) != std::string::npos; };
  if (c.gpu) return "gpu";
  if (c.cxl_region) return "cxl";
  if (c.persistent) return "nvm";
  if (named("A64FX")) return "hbm";
  if (named("CPU Max") && !c.has_processors) return "hbm";
  if (named("CPU Max")) return c.others_without || c.memory_side_cache ? "dram" : "hbm";
  if (named("Xeon Phi") && !c.has_processors) return "mcdram";
  if (!c.told.empty()) return c.told;
  if (c.has_processors) return "dram";
  if (c.bandwidth_ratio > kFaster || (c.bandwidth_ratio == 0 && c.tier_step < 0)) return "hbm";
  if ((c.bandwidth_ratio > 0 && c.bandwidth_ratio < kSlower) || c.tier_step > 0)
    return c.cxl_device ? "cxl" : "slow";
  return "unknown";
}

void refine(Topology& topology, const Host& host) {
  name_kinds(topology, host);
  count_dies(topology, host);
  count_processors_of_nodes(topology, host);
  leave_out_empty_nodes(topology);
  tell_memory_kinds(topology, host);
}

Topology count_processors(const Host& host) {
  Topology t;
  t.source = "no processors below sys/devices/system/cpu";
  std::vector<int> cpus =
      parse_cpu_list(host.read(kCpu + "/online").value_or("")).value_or(std::vector<int>());
  std::string file = "/" + kCpu + "/online";
  if (cpus.empty()) {
    file = "/proc/cpuinfo";
    for (const auto& [cpu, part] : parts_by_processor(host.read("proc/cpuinfo").value_or("")))
      cpus.push_back(cpu);
  }
  if (cpus.empty()) return t;
  t.source = file + ", which counts processors only";
  t.processing_units = t.cores = t.allowed_processing_units = t.allowed_cores = static_cast<int>(cpus.size());
  t.allowed = std::move(cpus);
  return t;
}

}  // namespace ridgepoint
