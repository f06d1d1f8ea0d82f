// SPDX-License-Identifier: Apache-2.0
#include "probes/random_facts.h"

#include <algorithm>

#include "probes/latency_facts.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

constexpr double kSaturated = 0.95, kLine = 64;

Fact derived_count(double value, const std::string& note) {
  Fact f = measured(value, "1", "probe random_access: parallel chains over one");
  f.basis = Basis::derived;
  f.note = note;
  return f;
}

}  // namespace

void conclude_random(const ProbeContext& context, ProbeOutcome& outcome) {
  machine_figures(thread_counts(context.topology).back(), outcome);
  const auto rates = curve_of(outcome, "memory.dram.chains.");
  if (rates.size() < 2 || rates.front().byte != 1) return;
  double most = 0;
  for (const CurvePoint& p : rates) most = std::max(most, p.seconds);
  const auto enough =
      std::ranges::find_if(rates, [&](const CurvePoint& p) { return p.seconds >= kSaturated * most; });
  outcome.facts["memory.dram.mlp.chains"] =
      derived_count(enough->byte, "fewest chains at 95 % of the best rate");
  const double lines = number(outcome.facts, "memory.dram.random.1t").value_or(0) / kLine;
  const double best = std::max(most, lines);
  outcome.facts["memory.dram.mlp"] =
      derived_count(best / rates.front().seconds,
                    lines > most ? "best with independent lines" : "best with parallel chains");
}

}  // namespace ridgepoint
