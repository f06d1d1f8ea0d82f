// SPDX-License-Identifier: Apache-2.0
#include "model/decision/outlook.h"

#include <algorithm>
#include <cmath>

#include "model/decision/normal.h"
#include "model/estimate.h"

namespace ridgepoint {
namespace {

constexpr double kSharedPart = 0.5, kFamilyPart = 0.2;  // of a typical variance
constexpr double kWorthAsking = 1e-3;  // probability of being best below which no regret is given
constexpr std::size_t kRegrets = 4, kMeasurements = 2;
constexpr double kSure = 0.9;

/// `typical` for whoever is no surer than that, else the estimate's own.
double typical_or(double typical, double sigma) { return std::min(typical, sigma); }

}  // namespace

Contest contest_of(const Answer& answer, Objective objective) {
  Contest c;
  std::vector<const Estimate*> ranked;
  for (const Estimate& e : answer.estimates)
    if (e.standing == Standing::ranked) ranked.push_back(&e);
  std::vector<double> sigmas;
  sigmas.reserve(ranked.size());
  for (const Estimate* e : ranked) sigmas.push_back(sigma_of(*objective_of(*e, objective)));
  std::vector<double> sorted = sigmas;
  std::ranges::sort(sorted);
  const double typical = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  constexpr std::size_t kFamilies = names(PlatformClass{}).size();
  std::vector<double> least(kFamilies, typical);  // a family's error is one number: that of its surest member
  for (std::size_t i = 0; i < ranked.size(); ++i)
    if (!ranked[i]->measured_machine) {
      double& s = least[static_cast<std::size_t>(ranked[i]->platform_class)];
      s = typical_or(s, sigmas[i]);
    }
  for (const double s : least) c.family_sigma.push_back(std::sqrt(kFamilyPart) * s);
  c.family_sigma.push_back(0);  // the measured machine
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const double s = sigmas[i];
    Alternative a{std::log(objective_of(*ranked[i], objective)->value), s, 0, kFamilies};
    if (!ranked[i]->measured_machine) {
      a.family = static_cast<std::size_t>(ranked[i]->platform_class);
      a.shared = std::sqrt(kSharedPart) * typical_or(typical, s);
      const double rest = s * s - a.shared * a.shared - c.family_sigma[a.family] * c.family_sigma[a.family];
      a.own = std::sqrt(std::max(0.0, rest));
    }
    c.alternatives.push_back(a);
  }
  return c;
}

namespace {

void add_measurements(Answer& answer, const Contest& contest, const std::string& kernel) {
  if (contest.alternatives.size() < 2) return;
  std::vector<std::size_t> order;
  double before = -1;
  for (std::size_t i = 0; i < contest.alternatives.size(); ++i) {
    const Outlook& o = *answer.estimates[i].outlook;
    if (o.expected_regret && (before < 0 || *o.expected_regret < before)) before = *o.expected_regret;
    if (o.expected_regret && contest.sigma(i) > 2 * kMeasuredSigma) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) {
    return answer.estimates[i].outlook->probability_best * contest.sigma(i);
  });
  order.resize(std::min(order.size(), kMeasurements));
  for (const std::size_t i : order) {
    const double after = regret_after_measuring(contest, i, kMeasuredSigma);
    if (after < before)
      answer.next_measurement.push_back({answer.estimates[i].platform_id, kernel, before, after});
  }
  std::ranges::stable_sort(answer.next_measurement, {}, &NextMeasurement::regret_after);
}

}  // namespace

void add_outlook(Answer& answer, Objective objective, const std::string& kernel) {
  const Contest contest = contest_of(answer, objective);
  const ContestSolver solver(contest);
  const std::vector<double> best = solver.probability_best();
  std::size_t given = 0;
  for (std::size_t i = 0; i < best.size(); ++i) {
    Outlook& o = answer.estimates[i].outlook.emplace();
    o.probability_best = best[i];
    if (i != 0 && (best[i] < kWorthAsking || given >= kRegrets)) continue;
    ++given;
    if (best[i] <= 0) continue;  // left out of the solution: nothing but the certain can be said
    const Regret r = solver.regret(i);
    o.within5 = r.within5;
    o.expected_regret = r.expected;
    o.p95_regret = r.p95;
  }
  const Outlook& choice = *answer.estimates.front().outlook;
  answer.probability_best = choice.probability_best;
  answer.within5 = choice.within5;
  answer.expected_regret = choice.expected_regret;
  answer.p95_regret = choice.p95_regret;
  add_measurements(answer, contest, kernel);
}

void add_time_limit(Answer& answer, const std::string& kind, double seconds) {
  answer.time_limit = TimeLimit{kind, seconds, ""};
  for (Estimate& e : answer.estimates) {
    if (!e.time_s) continue;
    const double gap = std::log(seconds / e.time_s->value), sigma = sigma_of(*e.time_s);
    e.probability_in_time = sigma > 0 ? normal_cdf(gap / sigma) : gap >= 0 ? 1 : 0;
    if (answer.time_limit->choice.empty() && e.standing == Standing::ranked &&
        *e.probability_in_time >= kSure)
      answer.time_limit->choice = e.platform_id;
  }
}

}  // namespace ridgepoint
