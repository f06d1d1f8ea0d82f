// SPDX-License-Identifier: Apache-2.0
#include "probes/numa_memory.h"

#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr int kMostNodes = 1024;
constexpr int kWordBits = 8 * sizeof(unsigned long);
using NodeMask = std::array<unsigned long, kMostNodes / kWordBits>;

std::vector<int> cpus_of(const Topology& topology, const Host& host, int node) {
  const auto list = parse_cpu_list(
      host.read("sys/devices/system/node/node" + std::to_string(node) + "/cpulist").value_or(""));
  std::vector<int> cpus;
  if (list)
    std::ranges::copy_if(topology.allowed, std::back_inserter(cpus),
                         [&](int cpu) { return std::ranges::find(*list, cpu) != list->end(); });
  return cpus;
}

}  // namespace

std::vector<NodePair> node_pairs(const Topology& topology, const Host& host) {
  std::vector<NodePair> pairs;
  if (topology.numa.size() < 2) return pairs;
  for (const NumaNode& near : topology.numa) {
    const std::vector<int> cpus = cpus_of(topology, host, near.index);
    if (cpus.empty()) continue;
    for (const NumaNode& far : topology.numa)
      if (far.size_byte > 0) pairs.push_back({near.index, far.index, cpus});
  }
  return pairs;
}

Result<void> bind_to_node(const Buffer& buffer, int node) {
  NodeMask mask{};
  const bool known = node >= 0 && node < kMostNodes;
  if (known) mask[static_cast<std::size_t>(node / kWordBits)] = 1ul << (node % kWordBits);
  if (known &&
      ::syscall(SYS_mbind, buffer.as<void>(), buffer.bytes(), MPOL_BIND, mask.data(), kMostNodes, 0) == 0)
    return {};
  return fail(ErrorKind::unavailable, "memory cannot be bound to node " + std::to_string(node),
              known ? std::strerror(errno) : "no such node",
              "allow the node to this process (cpuset.mems) and the mbind system call (container profile)");
}

std::optional<int> node_of(const void* address) {
  int node = -1;
  if (::syscall(SYS_get_mempolicy, &node, nullptr, 0, const_cast<void*>(address),
                MPOL_F_NODE | MPOL_F_ADDR) != 0)
    return std::nullopt;
  return node;
}

}  // namespace ridgepoint
