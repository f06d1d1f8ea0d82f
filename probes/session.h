// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "probes/probe.h"

namespace ridgepoint {

/// One finished visit of one probe: a line of the journal.
struct Visit {
  std::string probe;
  std::int64_t visit = 0;
  double elapsed_s = 0;
  ProbeOutcome outcome;
};

/// What is to be done: probes in order, each `visits` times where it takes samples, once where it reads.
struct SessionPlan {
  std::vector<const Probe*> probes;
  Level level = Level::quick;
  int visits = 1;
  double memory_cap_byte;  ///< never more than this for working sets; infinity = the default share only
  std::vector<std::string> cells = {};  ///< as ProbeContext::cells
  std::string storage_folder = ".";     ///< as ProbeContext::storage_folder

  /// Expected wall seconds.
  double seconds() const;
  /// Does any of the probes measure?
  bool measures() const;
};

/// Visits at a level: 1, 2, 3, 5.
int visits_at(Level level);

/// What the session calls while it runs; each may be empty.
struct SessionHooks {
  std::function<Result<void>(const Visit&)> finished;  ///< makes a visit durable
  /// Before the first, between any two, and after the last measuring visit; with the bytes a probe may use.
  std::function<void(double)> between;
  std::vector<Visit> done;  ///< visits of an earlier, unfinished session that need not be repeated
};

/// Runs the plan: visit after visit over all probes, joins the samples of each probe's visits, makes headline
/// facts, lets the probes conclude. Fills platform facts, probe reports, warnings and `interrupted`. What was
/// finished before the user stopped is kept. Error: a visit could not be made durable.
Result<Machine> run_session(const SessionPlan& plan, const SessionHooks& hooks, const Host& host,
                            const Topology& topology, Log& log);

/// Adds a later visit's outcome to an earlier one: samples of one key are joined, facts of the later visit
/// win, the worse status stays.
void join_visit(ProbeOutcome& into, ProbeOutcome visit);

/// Headline series become facts: median; lo and hi are the 10 % and 90 % quantiles, widened to hold the
/// median of every visit; n. See docs/explanation/measurement.md.
void add_headlines(ProbeOutcome& outcome);

}  // namespace ridgepoint
