// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/core/buffer.h"
#include "probes/topology.h"

namespace ridgepoint {

/// Processors of one node and the memory of another, or of the same.
struct NodePair {
  int cpu_node = 0, memory_node = 0;
  std::vector<int> cpus;  ///< allowed ones of cpu_node, in the order of Topology::allowed
};

/// All pairs of a node with allowed processors and a node with memory; none where there is only one node.
/// Which processors a node has is read from sys/devices/system/node.
std::vector<NodePair> node_pairs(const Topology& topology, const Host& host);

/// Binds memory that was not touched yet to a node (mbind). Error: unavailable, with the system's reason.
Result<void> bind_to_node(const Buffer& buffer, int node);

/// The node that holds a touched address; nothing where the system does not tell.
std::optional<int> node_of(const void* address);

}  // namespace ridgepoint
