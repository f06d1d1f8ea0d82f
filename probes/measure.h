// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "probes/probe.h"
#include "probes/sampler.h"

namespace ridgepoint {

/// Thread counts to measure: 1, 2, 4, ... and the number of allowed processing units itself.
std::vector<int> thread_counts(const Topology& topology);

/// The processing units for a team of `threads`.
std::vector<int> cpus_for(const Topology& topology, int threads);

/// The figure of all threads is also the machine's: copies each headline fact "<key>.<threads>t" to "<key>".
void machine_figures(int threads, ProbeOutcome& outcome);

/// What follows from a measured fact by a factor: value and interval times `factor`, basis derived.
Fact scaled_fact(const Fact& fact, double factor, const std::string& unit, const std::string& source);

/// Wall time since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

/// As rule_for, with what setting up has taken counted against the visit's time.
SamplingRule rule_within(const ProbeContext& context, const Stopwatch& watch);

/// Ends a probe that cannot go on.
ProbeOutcome give_up(ProbeOutcome outcome, ProbeStatus status, const Error& error);

/// A pointer chase that ended in the wrong place.
Error wrong_walk();

/// Ends a probe that could not finish because the user stopped it.
ProbeOutcome stopped(ProbeOutcome outcome);

}  // namespace ridgepoint
