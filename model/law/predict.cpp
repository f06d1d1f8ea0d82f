// SPDX-License-Identifier: Apache-2.0
#include "model/law/predict.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "model/law/combine.h"

namespace ridgepoint {
namespace {

double effect(const Calibration& c, const Effect& e) {
  const auto it = c.effects.find(e.key);
  return it == c.effects.end() ? 0 : e.weight * it->second.value;
}

/// The narrowest scope that was seen.
Scope known_scope(const Calibration& c, const LawTerm& t, const Resources& r) {
  for (const Scope scope :
       {Scope::platform, Scope::generation, Scope::kind, Scope::kernel_class, Scope::group}) {
    const std::string key = scope_key(t, r, scope);
    if (!key.empty() && c.spread.contains(key)) return scope;
  }
  return Scope::nothing;
}

double term_variance(const Calibration& c, const LawTerm& t, const Resources& r, Scope scope) {
  const double spread = scope == Scope::nothing ? 0 : c.spread.at(scope_key(t, r, scope));
  return spread * spread + missing_variance(t, scope) + t.sigma * t.sigma;
}

Tier tier_of(Scope scope) {
  if (scope == Scope::platform) return Tier::calibrated;
  if (scope == Scope::generation) return Tier::same_family;
  return scope <= Scope::kernel_class ? Tier::datasheet : Tier::assumed;
}

/// Variance of the effects on the whole time; one that was never seen has its prior's.
double common_variance(const Calibration& c, const std::vector<Effect>& effects) {
  double v = 0;
  for (const Effect& e : effects) {
    const auto it = c.effects.find(e.key);
    const double sd = it == c.effects.end() ? e.prior : it->second.sd;
    v += e.weight * e.weight * sd * sd;
  }
  return v;
}

/// Independent terms: their errors add by the squares of their shares.
double efficiency_variance(const Calibration& c, const PredictedTime& p, const Resources& r) {
  double v = 0;
  for (const TermShare& t : p.terms)
    v += t.share * t.share * term_variance(c, t.term, r, known_scope(c, t.term, r));
  return v;
}

}  // namespace

double roofline_seconds(const std::vector<StageTerms>& stages) {
  double total = 0;
  for (const StageTerms& s : stages) {
    double longest = 0;
    for (const LawTerm& t : s.terms)
      if (overlaps(t.kind) || t.kind == TermKind::storage) longest = std::max(longest, t.seconds);
    total += longest;
  }
  return total;
}

Occasion occasion_of(const Workload& w, const std::vector<StageTerms>& stages, bool to_target) {
  const StageTerms* largest = &stages.front();
  for (const StageTerms& s : stages)
    if (s.kernel_class != "storage" && roofline_seconds({s}) > roofline_seconds({*largest})) largest = &s;
  const bool both = w.phase == Phase::training;
  const std::string cls = largest->kernel_class;
  return {cls.rfind("query-", 0) == 0 ? "query" : cls, w.id + (both ? " training" : ""), to_target};
}

PredictedTime predict_time(const std::vector<StageTerms>& stages, const Occasion& occasion,
                           const Resources& r, const Setting& setting, const Calibration& c) {
  std::vector<std::vector<double>> logs;
  for (const StageTerms& s : stages) {
    auto& list = logs.emplace_back();
    for (const LawTerm& t : s.terms) {
      double x = std::log(t.seconds);
      for (const Effect& e : term_effects(t, r, setting.software)) x += effect(c, e);
      list.push_back(x);
    }
  }
  const CombinedTime combined = combine(stages, logs);
  const std::vector<Effect> common = common_effects(occasion, r, setting);
  double shift = 0;
  for (const Effect& e : common) shift += effect(c, e);
  PredictedTime p;
  p.seconds = std::exp(combined.log_seconds + shift);
  p.kernel_class = occasion.kernel_class;
  double most = -1;
  for (std::size_t s = 0; s < stages.size(); ++s)
    for (std::size_t t = 0; t < stages[s].terms.size(); ++t) {
      const LawTerm& term = stages[s].terms[t];
      p.terms.push_back({stages[s].id, term, std::exp(logs[s][t] + shift), combined.share[s][t],
                         std::exp(std::log(term.seconds) - logs[s][t] - shift)});
      if (combined.share[s][t] <= most) continue;
      most = combined.share[s][t];
      p.tier = tier_of(known_scope(c, term, r));
      p.precision = stages[s].precision;
      p.memory_tier = stages[s].tier;
    }
  const auto widening = c.widening.find(std::string(name_of(p.tier)));
  p.sd = std::sqrt(efficiency_variance(c, p, r) + common_variance(c, common) + c.sigma * c.sigma) *
         (widening == c.widening.end() ? 1 : widening->second);
  return p;
}

}  // namespace ridgepoint
