// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "probes/probe.h"

namespace ridgepoint {

/// Thread counts to measure: 1, 2, 4, ... and the number of allowed processing units itself.
std::vector<int> thread_counts(const Topology& topology);

/// The processing units for a team of `threads`.
std::vector<int> cpus_for(const Topology& topology, int threads);

/// A fact from its samples: the median, with the 10 % and 90 % quantiles as lo and hi, and the count.
/// Also keeps the samples in the outcome. Precondition: values is not empty.
void add_measured(ProbeOutcome& outcome, const std::string& key, const std::string& unit,
                  const std::vector<double>& values, const std::string& source);

/// Ends a probe that could not finish because the user stopped it.
ProbeOutcome stopped(ProbeOutcome outcome);

}  // namespace ridgepoint
