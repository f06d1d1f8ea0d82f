// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/core/codec.h"
#include "probes/topology.h"

struct hwloc_topology;

namespace ridgepoint {

/// A loaded hwloc topology to our shape. `affinity` narrows the allowed processing units further (OS
/// indices); absent = hwloc's allowed set as it is.
Topology extract_topology(hwloc_topology* loaded, const std::optional<std::vector<int>>& affinity);

// How a topology travels from the child process that talks to hwloc.

template <class Io>
void fields(Io& io, CacheLevel& c) {
  io.field("name", c.name);
  io.field("size_byte", c.size_byte);
  io.field("instances", c.instances);
  io.field("shared_by", c.shared_by);
  io.field("mixed", c.mixed);
}

template <class Io>
void fields(Io& io, CpuKind& k) {
  io.field("name", k.name);
  io.field("cpus", k.cpus);
  io.field("rank", k.rank);
  io.field("max_mhz", k.max_mhz);
}

template <class Io>
void fields(Io& io, NumaNode& n) {
  io.field("index", n.index);
  io.field("kind", n.kind);
  io.field("size_byte", n.size_byte);
  io.field("processing_units", n.processing_units);
  io.field("distances", n.distances);
}

template <class Io>
void fields(Io& io, Topology& t) {
  io.field("source", t.source);
  io.field("packages", t.packages);
  io.field("cores", t.cores);
  io.field("processing_units", t.processing_units);
  io.field("dies", t.dies);
  io.field("cores_told", t.cores_told);
  io.field("allowed_cores", t.allowed_cores);
  io.field("allowed_processing_units", t.allowed_processing_units);
  io.field("allowed", t.allowed);
  io.field("caches", t.caches);
  io.field("numa", t.numa);
  io.field("cpu_kinds", t.cpu_kinds);
  io.field("devices", t.devices);
  io.field("cpu_model", t.cpu_model);
}

}  // namespace ridgepoint
