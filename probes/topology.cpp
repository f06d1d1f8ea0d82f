// SPDX-License-Identifier: Apache-2.0
#include "probes/topology.h"

#include <hwloc.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "model/core/file_io.h"
#include "model/core/text.h"
#include "probes/cgroup.h"
#include "probes/child_process.h"
#include "probes/host.h"
#include "probes/parse.h"
#include "probes/topology_extract.h"
#include "probes/topology_refine.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kMaxXml = 32u * 1024 * 1024;
constexpr double kMaxUnits = 65536;
constexpr double kPatience_s = 30;  // a large machine with many PCI devices takes about two

using Variables = std::map<std::string, std::string>;
using Affinity = std::optional<std::vector<int>>;

/// One way to load a topology: the environment hwloc shall see, what to set before the load, and whose mask.
struct Recipe {
  Variables environment;
  std::function<bool(hwloc_topology_t)> configure = [](hwloc_topology_t) { return true; };
  std::function<Affinity(hwloc_topology_t)> affinity = [](hwloc_topology_t) { return Affinity(); };
};

/// The user's own HWLOC_* settings are taken out, so that "live" means live.
void set_environment(const Variables& wanted) {
  for (const char* name :
       {"HWLOC_FSROOT", "HWLOC_XMLFILE", "HWLOC_SYNTHETIC", "HWLOC_CPUID_PATH", "HWLOC_COMPONENTS",
        "HWLOC_THISSYSTEM", "HWLOC_THISSYSTEM_ALLOWED_RESOURCES", "HWLOC_ALLOW", "HWLOC_MEMTIERS_GUESS"})
    ::unsetenv(name);
  ::setenv("HWLOC_HIDE_ERRORS", "2", 1);
  ::setenv("HWLOC_KEEP_NVIDIA_GPU_NUMA_NODES", "1", 1);  // they are part of MemTotal, so they must be known
  for (const auto& [name, value] : wanted) ::setenv(name.c_str(), value.c_str(), 1);
}

/// What is not allowed stays in the topology, and accelerators do. Plugins that talk to drivers (OpenCL,
/// CUDA,
/// ...) stay out: they are slow, may print, and the devices are seen on the PCI bus anyway.
std::string load_in_child(const Recipe& recipe) {
  set_environment(recipe.environment);
  hwloc_topology_t t = nullptr;
  if (hwloc_topology_init(&t) != 0) return {};
  hwloc_topology_set_flags(t, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
  hwloc_topology_set_io_types_filter(t, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
  hwloc_topology_set_type_filter(t, HWLOC_OBJ_MEMCACHE, HWLOC_TYPE_FILTER_KEEP_ALL);  // left out by default
  for (const char* plugin : {"opencl", "cuda", "nvml", "rsmi", "levelzero", "gl"})
    hwloc_topology_set_components(t, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, plugin);
  std::string text;
  if (recipe.configure(t) && hwloc_topology_load(t) == 0)
    text = dump_json_line(encode(extract_topology(t, recipe.affinity(t)))).value_or("");
  hwloc_topology_destroy(t);
  return text;
}

/// hwloc runs in a child process: an odd machine or a hand-made file can crash it (2.9 does on an XML object
/// without complete_cpuset), its settings are environment variables, and its complaints go to stderr.
Result<Topology> load(const Recipe& recipe, const std::string& source) {
  const auto text = in_child([&] { return load_in_child(recipe); }, kPatience_s);
  if (!text) return tl::make_unexpected(text.error());
  if (text->empty())
    return fail(ErrorKind::unavailable, "hwloc could not load it", "it gives no reason",
                "check that lstopo works here, or give --topology FILE|SPEC");
  return parse_json(*text, "topology")
      .and_then([](const Json& json) { return decode<Topology>(json, "topology"); })
      .map([&](Topology t) {
        t.source = source;
        return t;
      });
}

/// This thread's affinity mask (the child inherits it), in OS indices; nothing where the system does not
/// tell.
Affinity own_affinity(hwloc_topology_t t) {
  const hwloc_bitmap_t set = hwloc_bitmap_alloc();
  Affinity list;
  if (hwloc_get_cpubind(t, set, HWLOC_CPUBIND_THREAD) == 0 && hwloc_bitmap_iszero(set) == 0) {
    list.emplace();
    const int last = hwloc_bitmap_last(set);
    for (int i = hwloc_bitmap_first(set); i >= 0 && i <= last; i = hwloc_bitmap_next(set, i))
      list->push_back(i);
  }
  hwloc_bitmap_free(set);
  return list;
}

Result<Topology> load_live(const Host& host) {
  Recipe recipe;
  recipe.affinity = own_affinity;
  auto topology = load(recipe, "hwloc, live");
  if (!topology) return in_context("this machine's topology", topology.error());
  refine(*topology, host);
  return topology;
}

Result<Topology> load_xml(const std::string& text, const std::string& name, const std::string& source,
                          const Affinity& affinity, const Host& host) {
  Recipe recipe;
  recipe.environment = {{"HWLOC_THISSYSTEM", "0"}};
  recipe.configure = [&](hwloc_topology_t t) {
    const int bytes = static_cast<int>(text.size()) + 1;  // hwloc wants the final zero counted
    return hwloc_topology_set_xmlbuffer(t, text.c_str(), bytes) == 0;
  };
  recipe.affinity = [&](hwloc_topology_t) { return affinity; };
  auto topology = load(recipe, source);
  if (topology && topology->processing_units > 0) {
    refine(*topology, host);
    return topology;
  }
  if (Interrupt::requested()) return fail(ErrorKind::interrupted, "stopped by the user", "", "run it again");
  return fail(ErrorKind::bad_input, "'" + printable(name) + "' is not an hwloc XML topology",
              topology ? "it has no processors" : topology.error().what + ": " + topology.error().why,
              "write it with: lstopo --of xml FILE");
}

/// Processing units that a synthetic text describes: the product of its counts. hwloc would build them all.
double units_described(const std::string& spec) {
  double product = 1;
  int depth = 0;
  std::string plain;
  for (const char c : spec) {
    if (c == ')' || c == ']') --depth;
    if (depth == 0) plain += c == ')' || c == ']' ? ' ' : c;
    if (c == '(' || c == '[') ++depth;
  }
  for (const std::string& word : words(plain)) {
    const std::size_t colon = word.find(':');
    const std::string digits = colon == std::string::npos ? word : word.substr(colon + 1);
    const std::size_t end = digits.find_first_not_of("0123456789");
    if (end == 0) continue;
    const auto n = parse_count(digits.substr(0, end));
    product *= n ? static_cast<double>(*n) : kMaxUnits + 1;  // too many digits for a number
  }
  return product;
}

/// hwloc makes sizes up where a description has none (1 GiB a node); what nobody said is not known.
void forget_made_up_sizes(Topology& t, const std::string& spec) {
  if (spec.find("memory=") == std::string::npos)
    for (NumaNode& n : t.numa) n.size_byte = 0;
  if (spec.find("size=") == std::string::npos)
    for (CacheLevel& c : t.caches) c.size_byte = 0;
}

Result<Topology> load_synthetic(const std::string& spec) {
  const std::string shown = printable(spec.substr(0, 120));
  if (units_described(spec) > kMaxUnits)
    return fail(ErrorKind::bad_input, "the topology '" + shown + "' has more than 65536 processing units",
                "no machine of this size is known", "correct the counts");
  Recipe recipe;
  recipe.environment = {{"HWLOC_THISSYSTEM", "0"}};
  recipe.configure = [&](hwloc_topology_t t) { return hwloc_topology_set_synthetic(t, spec.c_str()) == 0; };
  auto topology = load(recipe, "hwloc synthetic '" + shown + "'");
  if (!topology)
    return fail(ErrorKind::bad_input, "'" + shown + "' is no topology",
                "there is no such file, and it is not a synthetic description either",
                "give an hwloc XML file (lstopo --of xml FILE), or for example \"pack:2 core:28 pu:2\"");
  refine(*topology, NoHost(spec));
  forget_made_up_sizes(*topology, spec);
  return topology;
}

Result<Topology> load_spec(const std::string& spec) {
  std::error_code code;
  if (!std::filesystem::exists(spec, code)) return load_synthetic(spec);
  const auto text = read_file(spec, kMaxXml);
  if (!text) return tl::make_unexpected(text.error());
  const std::string name = std::filesystem::path(spec).filename().string();
  return load_xml(*text, spec, "hwloc XML '" + printable(name) + "'", std::nullopt, NoHost(spec));
}

/// The mask the recorded process ran under; without one, its cpuset.
Affinity recorded_affinity(const Host& host) {
  const auto status = parse_colon_lines(host.read("proc/self/status").value_or(""));
  const auto it = status.find("Cpus_allowed_list");
  const std::string list = it == status.end() ? read_cgroup(host).cpuset : it->second;
  return list.empty() ? Affinity() : parse_cpu_list(list);
}

bool has_processors(const Host& host) { return !numbered(host, "sys/devices/system/cpu", "cpu").empty(); }

/// Only the linux component may speak: cpuid and the no-OS fallback would describe the machine at hand.
Result<Topology> load_tree(const Host& host) {
  if (!has_processors(host)) return count_processors(host);
  Recipe recipe;
  recipe.environment = {
      {"HWLOC_FSROOT", host.origin()}, {"HWLOC_THISSYSTEM", "0"}, {"HWLOC_COMPONENTS", "linux,stop"}};
  recipe.affinity = [affinity = recorded_affinity(host)](hwloc_topology_t) { return affinity; };
  auto topology = load(recipe, "hwloc, recorded tree");
  if (!topology) return in_context("the recorded tree", topology.error());
  refine(*topology, host);
  return topology;
}

Result<Topology> load_recorded(const Host& host) {
  if (const auto root = host.list("."); !root)
    return fail(ErrorKind::bad_input, "there is no recorded machine in '" + printable(host.origin()) + "'",
                root.error().why, "record one with: scripts/record_host.sh DIR");
  const auto text = host.read("topology.xml");
  if (!text) return load_tree(host);
  auto from_xml =
      load_xml(*text, "topology.xml", "hwloc XML of the recorded machine", recorded_affinity(host), host);
  if (from_xml || !has_processors(host)) return from_xml;
  return load_tree(host);  // the XML is of another hwloc generation, or damaged
}

}  // namespace

Result<Topology> load_topology(const std::string& spec, const Host& host) {
  if (!spec.empty()) return load_spec(spec);
  return host.live() ? load_live(host) : load_recorded(host);
}

}  // namespace ridgepoint
