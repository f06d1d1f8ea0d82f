// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/ports.h"
#include "probes/topology.h"

namespace ridgepoint {

/// What hwloc leaves open and the kernel's files tell: names of processor kinds, dies, what each memory node
/// is made of and which nodes have processors. Works on what is readable; the rest stays as it is.
void refine(Topology& topology, const Host& host);

/// A machine of which only the numbers of its processors are known (/sys/devices/system/cpu/online, else
/// /proc/cpuinfo): no cores, caches or nodes. Empty where not even that is readable.
Topology count_processors(const Host& host);

/// What tells the material of one memory node.
struct NodeClues {
  std::string told;  ///< hwloc's word, may be empty
  std::string cpu;   ///< the processor's name
  bool has_processors = true;
  bool others_without = false;     ///< some other node of this machine has no processors
  bool memory_side_cache = false;  ///< some cache stands in front of memory
  bool gpu = false;                ///< the NVIDIA driver names it as a GPU's
  bool cxl_region = false;         ///< a CXL region's DAX device was onlined as this node
  bool persistent = false;         ///< a persistent memory's DAX device was
  bool cxl_device = false;         ///< a CXL memory device is on the bus
  double bandwidth_ratio = 0;      ///< of the firmware's figures, to nodes with processors; 0 = not told
  int tier_step = 0;  ///< kernel's memory tier against theirs: -1 faster, 1 slower, 0 same or not told
};

/// dram, hbm, mcdram, cxl, nvm, gpu, slow, or "unknown".
std::string memory_kind(const NodeClues& clues);

}  // namespace ridgepoint
