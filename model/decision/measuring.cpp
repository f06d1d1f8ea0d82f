// SPDX-License-Identifier: Apache-2.0
// What one more measurement is worth: the regret of choosing now, less that of choosing after it.
#include <algorithm>
#include <cmath>

#include "model/decision/contest.h"
#include "model/decision/normal.h"

namespace ridgepoint {
namespace {

constexpr double kNegligible = 1e-2;    // rivals left out while a measurement is imagined
constexpr std::size_t kCandidates = 2;  // that might be chosen after it

/// The least expected regret among the best candidates by expected cost.
double least_regret(const Contest& contest) {
  std::vector<std::size_t> order(contest.alternatives.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto cost = [&](std::size_t i) {
    const double s = contest.sigma(i);
    return contest.alternatives[i].mean + s * s / 2;
  };
  const std::size_t n = std::min(kCandidates, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(n), {}, cost);
  const ContestSolver solver(contest, kNegligible);
  double least = -1;
  for (std::size_t i = 0; i < n; ++i) {
    if (!solver.takes_part(order[i])) continue;
    const double r = solver.expected_regret(order[i]);
    if (least < 0 || r < least) least = r;
  }
  return std::max(least, 0.0);
}

}  // namespace

Contest after_measuring(const Contest& contest, std::size_t measured, double tau, double surprise) {
  Contest out = contest;
  const Alternative x = contest.alternatives[measured];
  const double b = contest.family_sigma[x.family];
  const double rest = b * b + std::max(0.0, x.own * x.own - tau * tau), all = rest + x.shared * x.shared;
  const double k_mean = all > 0 ? x.shared * surprise / all : 0,
               k_share = all > 0 ? std::sqrt(rest / all) : 1;
  const double beta = rest > 0 ? b / rest : 0;  // of the family's factor on what is left of the surprise
  for (std::size_t i = 0; i < out.alternatives.size(); ++i) {
    Alternative& a = out.alternatives[i];
    a.mean += a.shared * k_mean;
    double loading = a.shared;
    if (a.family == x.family) {
      a.mean += b * beta * (surprise - x.shared * k_mean);
      loading -= b * beta * x.shared;
    }
    a.shared = loading * k_share;
  }
  out.family_sigma[x.family] = b * std::sqrt(std::max(0.0, 1 - b * beta));
  out.family_sigma.push_back(0);
  out.alternatives[measured] = {x.mean + surprise, std::min(x.own, tau), 0, out.family_sigma.size() - 1};
  return out;
}

double regret_after_measuring(const Contest& contest, std::size_t measured, double tau) {
  const double sigma = contest.sigma(measured), left = std::min(contest.alternatives[measured].own, tau);
  const double spread = std::sqrt(std::max(0.0, sigma * sigma - left * left));
  if (spread <= 1e-9) return least_regret(contest);  // nothing to learn
  constexpr double kStep = 0.75;
  double total = 0, weights = 0;
  for (int i = -5; i <= 5; ++i) {
    const double z = i * kStep, weight = normal_pdf(z);
    total += weight * least_regret(after_measuring(contest, measured, tau, z * spread));
    weights += weight;
  }
  return total / weights;
}

}  // namespace ridgepoint
