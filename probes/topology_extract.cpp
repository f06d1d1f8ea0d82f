// SPDX-License-Identifier: Apache-2.0
#include "probes/topology_extract.h"

#include <hwloc.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <set>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

int weight(hwloc_const_bitmap_t set) { return set == nullptr ? 0 : std::max(0, hwloc_bitmap_weight(set)); }

std::string info(hwloc_obj_t object, const char* name) {
  const char* value = hwloc_obj_get_info_by_name(object, name);
  return value == nullptr ? std::string() : first_line(value);
}

/// The system's number of an object; hwloc's own where a file gives none.
int index_of(hwloc_obj_t object) {
  constexpr unsigned kMost = 1u << 20;
  return static_cast<int>(object->os_index < kMost ? object->os_index : object->logical_index);
}

/// Every object of a type, in hwloc's logical order; works for memory and I/O levels too.
template <class Visit>
void each(hwloc_topology_t topology, hwloc_obj_type_t type, Visit visit) {
  for (hwloc_obj_t o = nullptr; (o = hwloc_get_next_obj_by_type(topology, type, o)) != nullptr;) visit(o);
}

/// The processing units left to this process.
std::set<int> allowed_set(hwloc_topology_t topology, const std::optional<std::vector<int>>& affinity) {
  std::set<int> allowed;
  const hwloc_const_bitmap_t mask = hwloc_topology_get_allowed_cpuset(topology);
  each(topology, HWLOC_OBJ_PU, [&](hwloc_obj_t pu) {
    const int index = index_of(pu);
    const bool permitted = mask == nullptr || hwloc_bitmap_isset(mask, pu->os_index) != 0;
    if (permitted && (!affinity || std::ranges::find(*affinity, index) != affinity->end()))
      allowed.insert(index);
  });
  return allowed;
}

/// OS indices by core, cores in logical order. A processing unit outside any core is a core of its own.
std::vector<std::vector<int>> units_by_core(hwloc_topology_t topology) {
  std::vector<std::vector<int>> cores;
  std::map<hwloc_obj_t, std::size_t> place;
  each(topology, HWLOC_OBJ_PU, [&](hwloc_obj_t pu) {
    hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);
    if (core == nullptr) core = pu;
    const auto [it, added] = place.emplace(core, cores.size());
    if (added) cores.emplace_back();
    cores[it->second].push_back(index_of(pu));
  });
  return cores;
}

void fill_processors(Topology& out, hwloc_topology_t topology,
                     const std::optional<std::vector<int>>& affinity) {
  const std::set<int> allowed = allowed_set(topology, affinity);
  std::vector<std::vector<int>> cores = units_by_core(topology);
  out.packages = std::max(0, hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE));
  out.dies = std::max(0, hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_DIE));
  out.cores = static_cast<int>(cores.size());
  out.cores_told = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) > 0;
  std::size_t most = 0;
  for (std::vector<int>& units : cores) {
    out.processing_units += static_cast<int>(units.size());
    std::erase_if(units, [&](int u) { return !allowed.contains(u); });
    most = std::max(most, units.size());
    out.allowed_cores += units.empty() ? 0 : 1;
  }
  for (std::size_t turn = 0; turn < most; ++turn)
    for (const std::vector<int>& units : cores)
      if (turn < units.size()) out.allowed.push_back(units[turn]);
  out.allowed_processing_units = static_cast<int>(out.allowed.size());
}

void add_cache(Topology& out, hwloc_topology_t topology, hwloc_obj_type_t type, const std::string& name) {
  CacheLevel level;
  level.name = name;
  std::map<double, int> sizes;
  each(topology, type, [&](hwloc_obj_t o) {
    if (o->attr == nullptr || o->attr->cache.size == 0) return;
    ++level.instances;
    ++sizes[static_cast<double>(o->attr->cache.size)];
    level.size_byte = std::max(level.size_byte, static_cast<double>(o->attr->cache.size));
    level.shared_by = std::max(level.shared_by, weight(o->cpuset));
  });
  if (sizes.size() > 1)
    for (const auto& [bytes, count] : sizes)
      level.mixed += (level.mixed.empty() ? "" : ", ") + (std::to_string(count) + " x ") + show_bytes(bytes);
  if (level.instances > 0) out.caches.push_back(std::move(level));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// hwloc's word for what a memory node is made of; empty where it has none.
std::string told_kind(hwloc_obj_t node) {
  const std::string subtype = lower(node->subtype == nullptr ? "" : node->subtype);
  for (const char* kind : {"mcdram", "hbm", "cxl", "nvm", "gpu", "dram"})
    if (subtype.find(kind) != std::string::npos) return kind;
  return {};
}

/// Local processing units. hwloc gives a memory-only node the cpuset of its neighbour, so of several nodes
/// with one cpuset only the first (the lowest index) counts as having processors, unless subtypes tell them
/// apart.
void fill_numa(Topology& out, hwloc_topology_t topology) {
  each(topology, HWLOC_OBJ_NUMANODE, [&](hwloc_obj_t o) {
    if (o->attr == nullptr) return;
    NumaNode node;
    node.index = index_of(o);
    node.size_byte = static_cast<double>(o->attr->numanode.local_memory);
    node.processing_units = weight(o->cpuset);
    bool first = true;
    each(topology, HWLOC_OBJ_NUMANODE, [&](hwloc_obj_t other) {
      if (other->os_index < o->os_index && o->cpuset != nullptr && other->cpuset != nullptr &&
          hwloc_bitmap_isequal(other->cpuset, o->cpuset) != 0)
        first = false;
    });
    if (!first) node.processing_units = 0;
    node.kind = told_kind(o);
    out.numa.push_back(std::move(node));
  });
  std::ranges::sort(out.numa, {}, &NumaNode::index);
}

/// The firmware's distances (SLIT), for the nodes that were kept.
void fill_distances(Topology& out, hwloc_topology_t topology) {
  unsigned count = 1;
  struct hwloc_distances_s* matrix = nullptr;
  if (hwloc_distances_get_by_name(topology, "NUMALatency", &count, &matrix, 0) != 0 || count != 1) return;
  std::map<std::pair<int, int>, int> between;
  for (unsigned i = 0; i < matrix->nbobjs; ++i)
    for (unsigned j = 0; j < matrix->nbobjs; ++j)
      if (matrix->objs[i] != nullptr && matrix->objs[j] != nullptr)
        between[{index_of(matrix->objs[i]), index_of(matrix->objs[j])}] =
            static_cast<int>(std::min<hwloc_uint64_t>(matrix->values[i * matrix->nbobjs + j], 1u << 20));
  hwloc_distances_release(topology, matrix);
  for (NumaNode& from : out.numa) {
    for (const NumaNode& to : out.numa)
      if (const auto it = between.find({from.index, to.index}); it != between.end())
        from.distances.push_back(it->second);
    if (from.distances.size() != out.numa.size()) from.distances.clear();
  }
}

std::vector<int> members(hwloc_const_bitmap_t set) {
  std::vector<int> list;
  const int last = hwloc_bitmap_last(set);
  for (int i = hwloc_bitmap_first(set); i >= 0 && i <= last; i = hwloc_bitmap_next(set, i)) list.push_back(i);
  return list;
}

void fill_kinds(Topology& out, hwloc_topology_t topology) {
  const int kinds = hwloc_cpukinds_get_nr(topology, 0);
  if (kinds < 2) return;
  const hwloc_bitmap_t set = hwloc_bitmap_alloc();
  for (int k = 0; k < kinds; ++k) {
    CpuKind kind;
    unsigned count = 0;
    struct hwloc_info_s* infos = nullptr;
    if (hwloc_cpukinds_get_info(topology, static_cast<unsigned>(k), set, &kind.rank, &count, &infos, 0) != 0)
      continue;
    for (unsigned i = 0; i < count; ++i) {
      if (std::string_view(infos[i].name) == "CoreType") kind.name = first_line(infos[i].value, 40);
      if (std::string_view(infos[i].name) == "FrequencyMaxMHz") kind.max_mhz = first_line(infos[i].value, 20);
    }
    kind.cpus = members(set);
    out.cpu_kinds.push_back(std::move(kind));
  }
  hwloc_bitmap_free(set);
}

/// PCI base classes: 0x03 display, 0x12 processing accelerator, 0x0b40 co-processor.
bool accelerator(unsigned pci_class) {
  return (pci_class >> 8) == 0x03 || (pci_class >> 8) == 0x12 || pci_class == 0x0b40;
}

void fill_devices(Topology& out, hwloc_topology_t topology) {
  each(topology, HWLOC_OBJ_PCI_DEVICE, [&](hwloc_obj_t o) {
    if (o->attr == nullptr || !accelerator(o->attr->pcidev.class_id)) return;
    char id[16];
    std::snprintf(id, sizeof id, "%04x:%04x", o->attr->pcidev.vendor_id, o->attr->pcidev.device_id);
    const std::string name = info(o, "PCIDevice"), vendor = info(o, "PCIVendor");
    out.devices.push_back("PCI " + std::string(id) + (name.empty() ? "" : " " + vendor + " " + name));
  });
  each(topology, HWLOC_OBJ_OS_DEVICE, [&](hwloc_obj_t o) {
    if (o->attr == nullptr || o->name == nullptr) return;
    const auto type = o->attr->osdev.type;
    if (type != HWLOC_OBJ_OSDEV_GPU && type != HWLOC_OBJ_OSDEV_COPROC) return;
    const std::string model = info(o, "GPUModel");
    out.devices.push_back(first_line(o->name, 60) + (model.empty() ? "" : " " + model));
  });
}

}  // namespace

Topology extract_topology(hwloc_topology* loaded, const std::optional<std::vector<int>>& affinity) {
  Topology out;
  each(loaded, HWLOC_OBJ_PACKAGE, [&](hwloc_obj_t o) {
    if (out.cpu_model.empty()) out.cpu_model = info(o, "CPUModel");
  });
  if (out.cpu_model.empty()) out.cpu_model = info(hwloc_get_root_obj(loaded), "CPUModel");
  fill_processors(out, loaded, affinity);
  add_cache(out, loaded, HWLOC_OBJ_L1CACHE, "l1d");
  add_cache(out, loaded, HWLOC_OBJ_L2CACHE, "l2");
  add_cache(out, loaded, HWLOC_OBJ_L3CACHE, "l3");
  add_cache(out, loaded, HWLOC_OBJ_L4CACHE, "l4");
  add_cache(out, loaded, HWLOC_OBJ_MEMCACHE, "memory_side");
  fill_numa(out, loaded);
  fill_distances(out, loaded);
  fill_kinds(out, loaded);
  fill_devices(out, loaded);
  return out;
}

}  // namespace ridgepoint
