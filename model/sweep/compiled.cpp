// SPDX-License-Identifier: Apache-2.0
#include "model/sweep/compiled.h"

#include <cmath>
#include <string>

#include "model/estimate.h"
#include "model/law/law.h"

namespace ridgepoint {

std::optional<CompiledJob> CompiledJob::make(const Estimate& e, Objective objective) {
  const auto& figure = objective_of(e, objective);
  if (e.standing != Standing::ranked || !e.time_s || !figure) return std::nullopt;
  CompiledJob job;
  std::string stage;
  for (const Term& t : e.terms) {
    if (t.unit != "s") continue;
    const auto kind = enum_from<TermKind>(t.name);
    if (!kind) return std::nullopt;
    if (job.stages_.empty() || t.stage != stage) job.stages_.emplace_back();
    stage = t.stage;
    Stage& s = job.stages_.back();
    if (*kind == TermKind::compute)
      s.compute2 += t.value * t.value;
    else if (*kind == TermKind::memory)
      s.memory2 += t.value * t.value;
    else if (overlaps(*kind))
      s.on_chip2 += t.value * t.value;
    else
      s.adding += t.value;
  }
  if (job.stages_.empty()) return std::nullopt;
  // An estimate without the law is no sum of these terms.
  const double seconds = job.seconds({});
  if (std::abs(seconds - e.time_s->value) > 1e-6 * seconds) return std::nullopt;
  job.per_second_ = figure->value / seconds;
  job.by_price_ = objective == Objective::cost;
  return job;
}

double CompiledJob::seconds(const WhatIf& w) const {
  const double compute = w.work / w.compute, memory = w.traffic / w.bandwidth;
  const double compute2 = compute * compute, memory2 = memory * memory, on_chip2 = w.traffic * w.traffic;
  double total = 0;
  for (const Stage& s : stages_)
    total += std::sqrt(s.compute2 * compute2 + s.memory2 * memory2 + s.on_chip2 * on_chip2) + s.adding;
  return total / w.efficiency;
}

}  // namespace ridgepoint
