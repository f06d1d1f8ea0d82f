// SPDX-License-Identifier: Apache-2.0
#include "model/decision/claim.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "model/decision/outlook.h"
#include "model/estimate.h"

namespace ridgepoint {
namespace {

constexpr double kHolds = 0.9, kFails = 0.1, kGrowth = 0.5;

bool part_matches(const std::string& part, const Platform& p) {
  const auto colon = part.find(':');
  const std::string key = part.substr(0, colon),
                    value = colon == std::string::npos ? "" : part.substr(colon + 1);
  if (key == "class") return name_of(p.kind) == value;
  if (key == "vendor") return p.vendor == value;
  if (key == "id") return starts_with(p.id, value);
  return key == "mix" && std::ranges::find(p.compute_mix, value) != p.compute_mix.end();
}

/// Why a set without any ranked platform has none.
ClaimResult without_ranked(ClaimResult r, const std::vector<const Estimate*>& set, bool rivals) {
  const auto all = [&](Standing a, Standing b) {
    return std::ranges::all_of(set, [&](const Estimate* e) { return e->standing == a || e->standing == b; });
  };
  if (set.empty()) {
    r.reason = "the catalogue has none of the claimed platforms";
  } else if (all(Standing::not_on_sale, Standing::does_not_fit)) {
    r.reason = all(Standing::not_on_sale, Standing::not_on_sale)
                   ? "none of the claimed platforms is on sale"
                   : "the claimed platforms on sale lack the memory";
    if (rivals) r.judgement = Judgement::does_not_hold;
  } else {
    r.reason = "no claimed platform on sale has a figure";
  }
  return r;
}

}  // namespace

bool claim_matches(const std::string& pattern, const Platform& platform) {
  const auto parts = split(pattern, '&');
  return std::ranges::all_of(parts, [&](const std::string& part) { return part_matches(part, platform); });
}

bool claim_matches(const std::vector<std::string>& patterns, const Platform& platform) {
  return std::ranges::any_of(patterns, [&](const std::string& p) { return claim_matches(p, platform); });
}

namespace {

/// Probability that one of the set is the best by the margin.
double probability_of(const Answer& ranked, const std::vector<bool>& of_set, Objective objective,
                      double margin) {
  Contest contest = contest_of(ranked, objective);
  for (std::size_t i = 0; i < of_set.size(); ++i)
    if (of_set[i]) contest.alternatives[i].mean -= std::log(margin);
  const std::vector<double> best = ContestSolver(contest).probability_best();
  double p = 0;
  for (std::size_t i = 0; i < of_set.size(); ++i) p += of_set[i] ? best[i] : 0;
  return p;
}

Judgement judgement_of(double p) {
  if (p >= kHolds) return Judgement::holds;
  return p <= kFails ? Judgement::does_not_hold : Judgement::cannot_tell;
}

}  // namespace

ClaimResult judge(const Answer& answer, Objective objective, const std::vector<bool>& claimed,
                  const std::vector<bool>& against, double margin) {
  RIDGEPOINT_EXPECT(claimed.size() == answer.estimates.size() && against.size() == claimed.size());
  ClaimResult r;
  r.workload_id = answer.workload_id;
  Answer ranked;
  std::vector<bool> of_set;
  std::vector<const Estimate*> set;
  double best_in = 0, best_out = 0;
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    const Estimate& e = answer.estimates[i];
    if (claimed[i]) set.push_back(&e);
    if ((!claimed[i] && !against[i]) || e.standing != Standing::ranked) continue;
    const double v = objective_of(e, objective)->value;
    double& best = claimed[i] ? best_in : best_out;
    if (best == 0 || v < best) {
      best = v;
      (claimed[i] ? r.best_claimed : r.best_other) = e.platform_id;
    }
    ranked.estimates.push_back(e);
    of_set.push_back(claimed[i]);
  }
  if (r.best_claimed.empty()) return without_ranked(r, set, !r.best_other.empty());
  if (r.best_other.empty()) {
    r.reason = "nothing else is ranked";
    return r;
  }
  const double p = probability_of(ranked, of_set, objective, margin);
  r.probability = p;
  r.ratio = best_in / best_out;
  r.judgement = judgement_of(p);
  return r;
}

Judgement judge_all(const std::vector<ClaimResult>& results) {
  const auto all = [&](Judgement j) {
    return !results.empty() &&
           std::ranges::all_of(results, [&](const ClaimResult& r) { return r.judgement == j; });
  };
  if (all(Judgement::holds)) return Judgement::holds;
  return all(Judgement::does_not_hold) ? Judgement::does_not_hold : Judgement::cannot_tell;
}

double expected_wins(const std::vector<ClaimResult>& results) {
  double sum = 0;
  for (const ClaimResult& r : results) sum += r.probability.value_or(0);
  return sum;
}

Judgement judge_growth(const std::vector<ClaimResult>& then, const std::vector<ClaimResult>& now) {
  const double grown = expected_wins(now) - expected_wins(then);
  if (grown >= kGrowth) return Judgement::holds;
  return grown <= -kGrowth ? Judgement::does_not_hold : Judgement::cannot_tell;
}

}  // namespace ridgepoint
