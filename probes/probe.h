// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/machine.h"
#include "model/core/ports.h"
#include "probes/topology.h"

namespace ridgepoint {

enum class Level { quick, standard };

/// What a probe may use. A recorded or synthetic machine has host.live() == false: then only what can be
/// read is reported, and a measuring probe is not called at all.
struct ProbeContext {
  const Host& host;
  const Topology& topology;  ///< allowed processors, caches, NUMA nodes
  Level level = Level::quick;
  double memory_limit_byte;  ///< upper bound for the working sets of all threads together
  Log& log;
};

/// What a probe answers: facts for the platform, and how it went.
struct ProbeOutcome {
  ProbeStatus status = ProbeStatus::ok;
  std::string reason;  ///< for any status but ok
  std::string fix;
  Facts facts;
  std::vector<Series> samples;
  std::vector<Warning> warnings;
};

/// A probe is a record found by file name (`<id>.probe.cpp` defines `<id>_probe`). Probes run in the order of
/// `rank`, then id; each is independent of the others' facts.
struct Probe {
  std::string id;
  std::string summary;    ///< one line
  std::string method;     ///< loop, working set, convention: goes into the document
  bool measures = false;  ///< needs the live machine
  int rank = 50;          ///< 10 identity and topology, 20 memory and counters, 50 measurements
  double quick_s = 0.1;   ///< expected duration at --level quick
  ProbeOutcome (*run)(const ProbeContext&) = nullptr;
};

/// All probes, sorted by rank and id (generated table).
const std::vector<const Probe*>& probes();

}  // namespace ridgepoint
