// SPDX-License-Identifier: Apache-2.0
#include "probes/measure.h"

#include <algorithm>

#include "model/core/stats.h"

namespace ridgepoint {

std::vector<int> thread_counts(const Topology& topology) {
  const int all = std::max(1, static_cast<int>(topology.allowed.size()));
  std::vector<int> counts;
  for (int n = 1; n < all; n *= 2) counts.push_back(n);
  counts.push_back(all);
  return counts;
}

std::vector<int> cpus_for(const Topology& topology, int threads) {
  std::vector<int> cpus(
      topology.allowed.begin(),
      topology.allowed.begin() + std::min<std::ptrdiff_t>(threads, std::ssize(topology.allowed)));
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

void add_measured(ProbeOutcome& outcome, const std::string& key, const std::string& unit,
                  const std::vector<double>& values, const std::string& source) {
  Fact f = measured(quantile(values, 0.5), unit, source);
  f.lo = quantile(values, 0.1);
  f.hi = quantile(values, 0.9);
  f.n = static_cast<std::int64_t>(values.size());
  outcome.facts[key] = std::move(f);
  outcome.samples.push_back({key, unit, values});
}

ProbeOutcome stopped(ProbeOutcome outcome) {
  outcome.status = ProbeStatus::interrupted;
  outcome.reason = "stopped by the user before it was finished";
  outcome.fix = "run the probe again";
  outcome.facts.clear();
  outcome.samples.clear();
  return outcome;
}

}  // namespace ridgepoint
