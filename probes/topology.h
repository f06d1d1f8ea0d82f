// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/ports.h"
#include "model/core/result.h"

namespace ridgepoint {

/// One cache level as the kernel or hwloc reports it.
struct CacheLevel {
  std::string name;      ///< l1d, l2, l3, l4; memory_side for a cache in front of a memory node
  double size_byte = 0;  ///< one instance; the largest where they differ
  int instances = 0;
  int shared_by = 0;       ///< processing units per instance; the most where they differ
  std::string mixed = {};  ///< "8 x 1.25 MiB, 2 x 2 MiB" where instances differ in size, else empty
};

struct NumaNode {
  int index = 0;
  std::string kind;  ///< dram, hbm, mcdram, cxl, nvm, gpu, slow; "unknown" where nothing tells
  double size_byte = 0;
  int processing_units = 0;  ///< local ones; 0 = memory only
  std::vector<int> distances =
      {};  ///< firmware's, to the nodes of Topology::numa in their order; may be empty
};

/// One kind of processor of a hybrid machine.
struct CpuKind {
  std::string name;       ///< "IntelCore", "Cortex-A76"; empty where nothing tells
  std::vector<int> cpus;  ///< OS indices
  int rank = -1;          ///< hwloc's order, the most efficient kind first; -1 = not told
  std::string max_mhz;    ///< as told; may be empty
};

/// The part of a machine's shape that Ridgepoint uses, with hwloc kept behind this header.
/// "Allowed" is what this process may use: affinity mask, cpuset and offline processors taken out.
struct Topology {
  std::string source;  ///< "hwloc, live", "hwloc XML 'x.xml'", "hwloc synthetic 'pack:2 ...'"
  int packages = 0, cores = 0, processing_units = 0;
  int dies = 0;             ///< 0 = not told
  bool cores_told = false;  ///< false: every processing unit is counted as a core of its own
  int allowed_cores = 0, allowed_processing_units = 0;
  std::vector<int>
      allowed;  ///< OS indices of allowed processing units, one per core first, then SMT siblings
  std::vector<CacheLevel> caches;
  std::vector<NumaNode> numa;
  std::vector<CpuKind> cpu_kinds;  ///< of a hybrid machine; empty when uniform
  std::vector<std::string>
      devices;            ///< names of accelerators hwloc sees (PCI display/3D/co-processor, OS devices)
  std::string cpu_model;  ///< as hwloc tells it; may be empty
};

/// Loads the live machine (spec empty), an hwloc XML file, or a synthetic description such as
/// "pack:2 numa:1 core:28 pu:2". `host` gives the root for a recorded machine: its file topology.xml where it
/// has one, else its sys and proc folders (HWLOC_FSROOT). A recorded machine without either has no processors
/// at all here: that is for the probes to report, not an error.
/// hwloc works in a child process, so neither a crash nor its environment variables reach this one.
Result<Topology> load_topology(const std::string& spec, const Host& host);

}  // namespace ridgepoint
