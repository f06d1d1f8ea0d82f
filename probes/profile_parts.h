// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/machine.h"
#include "model/core/profile.h"
#include "probes/child_command.h"
#include "probes/process_tree.h"
#include "probes/surroundings.h"

// From what was read about a run to the document. Nothing here asks the machine.

namespace ridgepoint {

/// What the watching of one run has given.
struct RunReading {
  CommandEnd end;
  double allowed_cpus = 1;      ///< by affinity and control-group quota
  double image_byte = 0;        ///< resident memory of the copy of this program that became the command
  double own_cpu_s = 0;         ///< what watching cost
  std::optional<ProcessIo> io;  ///< of the tree
  TreeSample peak;
  TreeStates states;
  int survivors = 0;  ///< processes of the tree that were alive when the command had ended
  Surroundings before, after;
  std::vector<EventTotal> totals;
};

Facts run_facts(const RunReading& reading);

/// Notes on figures that are there and need a word: multiplexing, survivors, everybody's traffic.
std::vector<Warning> run_warnings(const RunReading& reading);

/// Evidence and the bound that follows from it, from the facts alone.
struct Verdict {
  Bound bound = Bound::unknown;
  std::vector<Evidence> evidence;
};
Verdict judge(const Facts& facts, const std::optional<RooflinePlace>& roofline);

/// What the user says about the work: --flop and --byte.
struct Declared {
  std::optional<double> flop, byte;
};

/// Work and traffic, declared before measured. Absent where neither is there.
std::optional<Fact> work_of(const Facts& facts, const Declared& declared);
std::optional<Fact> traffic_of(const Facts& facts, const Declared& declared);

/// The place below the machine's roofs; nothing, and an entry in `missing` for each figure that lacks.
std::optional<RooflinePlace> place(const Facts& facts, const Declared& declared,
                                   const std::optional<Machine>& machine, std::vector<Missing>& missing);

/// An alarm for a place above its roofs.
std::vector<Warning> roof_warnings(const std::optional<RooflinePlace>& place);

}  // namespace ridgepoint
