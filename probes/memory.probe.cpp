// SPDX-License-Identifier: Apache-2.0
// How much memory there is, how much of it is online, and how much this process may count on.
#include <algorithm>
#include <array>

#include "model/core/format.h"
#include "probes/cgroup.h"
#include "probes/host.h"
#include "probes/memory_info.h"
#include "probes/parse.h"
#include "probes/probe.h"

namespace ridgepoint {
namespace {

const std::string kMethod = "probe memory: ";

/// Kinds of nodes that are not the machine's DRAM.
constexpr std::array<std::string_view, 6> kOther = {"hbm", "mcdram", "cxl", "nvm", "gpu", "slow"};

/// Everything read, before it becomes facts.
struct Reading {
  Meminfo info;
  std::optional<MemoryBlocks> blocks;
  CgroupView cgroup;
  std::string nodes_allowed;  ///< "0-3"
  std::optional<double> address_space_byte;
  double other_byte = 0;  ///< nodes of HBM, MCDRAM, CXL ...: inside MemTotal, but not DRAM
  double dram_byte = 0;   ///< nodes of DRAM, and of what nothing tells
  double nodes_byte = 0;  ///< all memory nodes
};

std::string nodes_allowed(const Host& host) {
  const auto status = parse_colon_lines(host.read("proc/self/status").value_or(""));
  const auto it = status.find("Mems_allowed_list");
  return it != status.end() && parse_cpu_list(it->second) ? first_line(it->second) : std::string();
}

Reading read_all(const ProbeContext& context) {
  const Host& host = context.host;
  Reading r{.info = parse_meminfo(host.read("proc/meminfo").value_or("")),
            .blocks = read_memory_blocks(host),
            .cgroup = read_cgroup(host),
            .nodes_allowed = nodes_allowed(host),
            .address_space_byte = parse_address_space_limit(host.read("proc/self/limits").value_or(""))};
  for (const NumaNode& n : context.topology.numa) {
    r.nodes_byte += n.size_byte;
    (std::ranges::find(kOther, n.kind) != kOther.end() ? r.other_byte : r.dram_byte) += n.size_byte;
  }
  return r;
}

/// Seen on virtual machines with hot-plugged or ballooned memory: the nodes' own account lags behind.
bool nodes_lag(const Reading& r) {
  constexpr double kLag = 0.9;
  return r.nodes_byte > 0 && r.info.total_byte && r.nodes_byte < kLag * *r.info.total_byte;
}

void add_seen(Facts& facts, const Reading& r) {
  const std::string blocks = kMethod + "blocks below /sys/devices/system/memory";
  if (r.blocks) facts["memory.installed"] = measured(r.blocks->installed_byte(), "byte", blocks);
  if (r.blocks) facts["memory.online"] = measured(r.blocks->online_byte(), "byte", blocks);
  if (r.blocks && !nodes_lag(r))  // else the host plugs by other means than blocks, and how much is not told
    facts["memory.hot_pluggable"] =
        measured(r.blocks->hot_pluggable_byte(), "byte", blocks + " that are offline or movable");
  const std::string info = kMethod + "/proc/meminfo, ";
  if (r.info.total_byte) facts["memory.total"] = measured(*r.info.total_byte, "byte", info + "MemTotal");
  if (r.info.available_byte)
    facts["memory.available"] = measured(*r.info.available_byte, "byte", info + "MemAvailable");
  if (r.info.hugetlb_byte)
    facts["memory.huge_pages.reserved"] =
        measured(*r.info.hugetlb_byte, "byte", info + "HugePages_Total x Hugepagesize");
  if (r.info.swap_byte) facts["memory.swap"] = measured(*r.info.swap_byte, "byte", info + "SwapTotal");
}

void add_limits(Facts& facts, const Reading& r) {
  const CgroupView& c = r.cgroup;
  if (c.memory) facts["memory.cgroup.limit"] = measured(c.memory->value, "byte", kMethod + c.memory->file);
  if (c.memory_used_byte)
    facts["memory.cgroup.used"] = measured(*c.memory_used_byte, "byte", kMethod + "beside " + c.memory->file);
  if (c.cpus) facts["cpu.cgroup.quota"] = measured(c.cpus->value, "1", kMethod + c.cpus->file);
  if (!c.cpuset.empty())
    facts["cpu.cgroup.cpuset"] = measured_text(c.cpuset, kMethod + "cpuset control group");
  if (!r.nodes_allowed.empty())
    facts["numa.allowed_set"] =
        measured_text(r.nodes_allowed, kMethod + "/proc/self/status, Mems_allowed_list");
  if (r.address_space_byte)
    facts["memory.address_space.limit"] =
        measured(*r.address_space_byte, "byte", kMethod + "/proc/self/limits");
}

/// Nodes that are not DRAM, under the keys the catalogue uses: memory.mcdram.capacity, memory.hbm.capacity
/// ...
void add_other_memory(Facts& facts, const Topology& topology) {
  for (const std::string_view kind : kOther) {
    double bytes = 0;
    for (const NumaNode& n : topology.numa) bytes += n.kind == kind ? n.size_byte : 0;
    if (bytes > 0)
      facts["memory." + std::string(kind) + ".capacity"] =
          measured(bytes, "byte", kMethod + "nodes of " + topology.source);
  }
}

/// What this process may count on: the kernel's total without HBM, or the tightest limit.
std::optional<Fact> dram_capacity(const Reading& r) {
  std::optional<double> total = r.info.total_byte;
  std::string source = "MemTotal";
  if (!total && r.blocks) {
    total = r.blocks->online_byte();
    source = "online memory blocks";
  }
  if (!total && r.dram_byte > 0) {
    total = r.dram_byte;
    source = "the topology's DRAM nodes";
  } else if (!total || (r.other_byte > 0 && r.dram_byte == 0)) {
    return std::nullopt;  // nobody tells, or HBM is all there is
  } else if (r.other_byte > 0 && r.other_byte < *total) {
    *total -= r.other_byte;
    source += " without nodes of other kinds";
  }
  if (r.cgroup.memory && r.cgroup.memory->value < *total) {
    total = r.cgroup.memory->value;
    source = r.cgroup.memory->file;
  }
  if (r.address_space_byte && *r.address_space_byte < *total) {
    total = r.address_space_byte;
    source = "/proc/self/limits, address space";
  }
  Fact fact =
      measured(*total, "byte", kMethod + "the least of the kernel's total and every limit; here " + source);
  fact.basis = Basis::derived;
  return fact;
}

void warn(ProbeOutcome& outcome, const Reading& r) {
  auto& list = outcome.warnings;
  if (r.blocks && r.blocks->online < r.blocks->present)
    list.push_back({"memory-offline",
                    show_bytes(r.blocks->online_byte()) + " of " + show_bytes(r.blocks->installed_byte()) +
                        " memory is online; the rest cannot be used until it is",
                    "echo online > /sys/devices/system/memory/memoryN/state for each offline block"});
  if (r.cgroup.memory && r.info.total_byte && r.cgroup.memory->value < *r.info.total_byte)
    list.push_back({"memory-limited",
                    "a control group limits this process to " + show_bytes(r.cgroup.memory->value) + " of " +
                        show_bytes(*r.info.total_byte),
                    "raise the limit told by " + r.cgroup.memory->file +
                        ", or keep it and read all capacities as those of the group"});
  if (r.address_space_byte && r.info.total_byte && *r.address_space_byte < *r.info.total_byte)
    list.push_back({"address-space-limited",
                    "this process may map " + show_bytes(*r.address_space_byte) + " of " +
                        show_bytes(*r.info.total_byte),
                    "ulimit -v unlimited, or keep it and read the capacity as that of the process"});
  if (nodes_lag(r))
    list.push_back(
        {"memory-hot-plug",
         "the memory nodes add up to " + show_bytes(r.nodes_byte) + ", the kernel's total is " +
             show_bytes(*r.info.total_byte) +
             "; the rest is hot-plugged by the host when it is first used: a first touch waits for the host, "
             "and it may not come",
         "take capacities from memory.total; touch the memory once (a second probe right after the "
         "first), or use an instance whose memory is fixed"});
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Reading r = read_all(context);
  add_seen(outcome.facts, r);
  add_limits(outcome.facts, r);
  add_other_memory(outcome.facts, context.topology);
  const auto capacity = dram_capacity(r);
  if (capacity) outcome.facts["memory.dram.capacity"] = *capacity;
  if (capacity || r.other_byte > 0) {
    warn(outcome, r);
    if (r.info.total_byte || !context.host.live()) return outcome;
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "/proc/meminfo is not readable, so what is available now is not known";
    outcome.fix = "see what 'cat /proc/meminfo' says here; bound the working sets with --memory";
    return outcome;
  }
  outcome.status = outcome.facts.empty() ? ProbeStatus::unavailable : ProbeStatus::degraded;
  outcome.reason = "neither /proc/meminfo nor memory blocks nor the topology tell how much memory there is";
  outcome.fix = "run where /proc is mounted, or record the machine again with scripts/record_host.sh";
  return outcome;
}

}  // namespace

extern const Probe memory_probe;
const Probe memory_probe{
    .id = "memory",
    .summary = "installed, online, hot-pluggable, total and available memory, and the limits on this process",
    .method =
        "reads memory blocks and /proc/meminfo, and every control group limit (v1 or v2) from this process's "
        "group up to the visible root; MemTotal is what the kernel can hand out, MemAvailable what is free "
        "now",
    .measures = false,
    .rank = 20,
    .seconds = {0.01, 0.01, 0.01},
    .run = run};

}  // namespace ridgepoint
