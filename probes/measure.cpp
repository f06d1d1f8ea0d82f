// SPDX-License-Identifier: Apache-2.0
#include "probes/measure.h"

#include <algorithm>

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

void machine_figures(int threads, ProbeOutcome& outcome) {
  const std::string suffix = "." + std::to_string(threads) + "t";
  for (const Samples& s : outcome.samples)
    if (s.headline && s.key.ends_with(suffix))
      outcome.facts[s.key.substr(0, s.key.size() - suffix.size())] = outcome.facts.at(s.key);
}

Fact scaled_fact(const Fact& fact, double factor, const std::string& unit, const std::string& source) {
  Fact out = fact;
  out.value = fact.number() * factor;
  out.unit = unit;
  out.basis = Basis::derived;
  out.source = source;
  if (out.lo) out.lo = *out.lo * factor;
  if (out.hi) out.hi = *out.hi * factor;
  return out;
}

SamplingRule rule_within(const ProbeContext& context, const Stopwatch& watch) {
  SamplingRule rule = rule_for(context);
  rule.seconds = std::max(0.0, rule.seconds - watch.seconds());
  return rule;
}

ProbeOutcome give_up(ProbeOutcome outcome, ProbeStatus status, const Error& error) {
  outcome.status = status;
  outcome.reason = error.what + (error.why.empty() ? "" : " (" + error.why + ")");
  outcome.fix = error.fix;
  return outcome;
}

Error wrong_walk() {
  return {ErrorKind::failed_check, "a walk ended in the wrong place", "", "test the machine's memory"};
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
