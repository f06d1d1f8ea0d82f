// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/machine.h"
#include "model/core/ports.h"
#include "probes/topology.h"

namespace ridgepoint {

/// How much time a session may take: smoke proves that every probe runs (its figures are not measurements);
/// the others are kept below 15 s, 90 s and 10 min on two processors.
enum class Level { smoke, quick, standard, full };

constexpr auto names(Level) {
  return enum_names<Level>({{Level::smoke, "smoke"},
                            {Level::quick, "quick"},
                            {Level::standard, "standard"},
                            {Level::full, "full"}});
}

/// Expected wall seconds of one probe over all its visits, on two processors. 0 = not run at that level.
struct LevelSeconds {
  double quick = 0.1, standard = 0.1, full = 0.1;

  double at(Level level) const;
};

/// What a probe may use. A recorded or synthetic machine has host.live() == false: then only what can be
/// read is reported, and a measuring probe is not called at all.
struct ProbeContext {
  const Host& host;
  const Topology& topology;  ///< allowed processors, caches, NUMA nodes
  Level level = Level::quick;
  double memory_limit_byte;  ///< upper bound for the working sets of all threads together
  Log& log;
  int visit = 0, visits = 1;            ///< which turn of the session this is; see Probe::revisit
  double budget_s = 1;                  ///< wall seconds for this visit
  std::vector<std::string> cells = {};  ///< keys to sample, '*' at the end matches any rest; empty = all
  std::string storage_folder = ".";     ///< where the storage probe puts its scratch file
};

/// Raw samples of one cell. After the last visit the session joins the samples of all visits by key, and a
/// headline series becomes the fact of that key: see add_headlines.
struct Samples {
  std::string key, unit;
  std::string source;  ///< "probe bandwidth: ...": goes into the fact
  std::vector<double> values;
  bool headline = true;
  std::vector<double> visit_medians = {};  ///< one a visit, filled by the session when it joins them
};

/// What one visit of a probe answers: facts that were read, samples that were taken, and how it went.
struct ProbeOutcome {
  ProbeStatus status = ProbeStatus::ok;
  std::string reason;  ///< for any status but ok
  std::string fix;
  Facts facts;
  std::vector<Samples> samples;
  std::vector<Warning> warnings;
};

/// A probe is a record found by file name (`<id>.probe.cpp` defines `<id>_probe`). A session visits the
/// probes in the order of `rank`, then id, and then once more for each further visit, so that the samples of
/// every probe lie apart in time and a drift of the machine shows in their spread. Each probe is independent
/// of the others' facts.
struct Probe {
  std::string id;
  std::string summary;    ///< one line
  std::string method;     ///< loop, working set, convention: goes into the document
  bool measures = false;  ///< needs the live machine
  bool revisit = false;   ///< takes samples, so it is visited again; a probe that reads is visited once
  int rank = 50;          ///< 10 identity and topology, 20 memory and counters, 50 measurements
  LevelSeconds seconds = {};
  ProbeOutcome (*run)(const ProbeContext&) = nullptr;  ///< one visit
  /// Called once, after the last visit, on the joined outcome whose headline facts are in place: adds what
  /// follows from them (fits, knees, shares of a limit). Pure. May be null.
  void (*conclude)(const ProbeContext&, ProbeOutcome&) = nullptr;
};

/// All probes, sorted by rank and id (generated table).
const std::vector<const Probe*>& probes();

}  // namespace ridgepoint
