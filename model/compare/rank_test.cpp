// SPDX-License-Identifier: Apache-2.0
// H. B. Mann and D. R. Whitney, Ann. Math. Stat. 18 (1947) 50; J. L. Hodges and E. L. Lehmann, Ann. Math.
// Stat. 34 (1963) 598.
#include "model/compare/rank_test.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "model/core/contract.h"
#include "model/core/stats.h"

namespace ridgepoint {
namespace {

/// Twice the mid-rank of each value of both samples together, in sorted order: whole numbers.
struct Ranks {
  std::vector<std::size_t> twice;
  double twice_sum_b = 0;
  double tie_term = 0;  ///< sum of t^3 - t over groups of t equal values
};

Ranks rank(std::span<const double> a, std::span<const double> b) {
  std::vector<std::pair<double, bool>> all;
  for (const double v : a) all.emplace_back(v, false);
  for (const double v : b) all.emplace_back(v, true);
  std::ranges::sort(all);
  Ranks ranks;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].first == all[begin].first) ++end;
    const std::size_t twice = begin + 1 + end;  // first rank + last rank
    const auto ties = static_cast<double>(end - begin);
    ranks.tie_term += ties * ties * ties - ties;
    for (std::size_t i = begin; i < end; ++i) {
      ranks.twice.push_back(twice);
      if (all[i].second) ranks.twice_sum_b += static_cast<double>(twice);
    }
  }
  return ranks;
}

/// How many subsets of `size` of these numbers have each sum.
std::vector<double> subset_counts(const std::vector<std::size_t>& numbers, std::size_t size) {
  const std::size_t top = std::accumulate(numbers.begin(), numbers.end(), std::size_t{0});
  std::vector<std::vector<double>> counts(size + 1, std::vector<double>(top + 1, 0.0));
  counts[0][0] = 1;
  for (const std::size_t number : numbers)
    for (std::size_t k = size; k > 0; --k)
      for (std::size_t sum = top; sum >= number; --sum) counts[k][sum] += counts[k - 1][sum - number];
  return counts[size];
}

/// P(|sum - mean| >= |seen - mean|) over all arrangements.
double exact_p(const Ranks& ranks, std::size_t n_b) {
  const auto counts = subset_counts(ranks.twice, n_b);
  const double mean = static_cast<double>(n_b * (ranks.twice.size() + 1));
  const double distance = std::abs(ranks.twice_sum_b - mean);
  double all = 0, far = 0;
  for (std::size_t sum = 0; sum < counts.size(); ++sum) {
    all += counts[sum];
    if (std::abs(static_cast<double>(sum) - mean) >= distance) far += counts[sum];
  }
  return far / all;
}

double normal_p(const Ranks& ranks, double u, double n_a, double n_b) {
  const double n = n_a + n_b;
  const double variance = n_a * n_b / 12 * (n + 1 - ranks.tie_term / (n * (n - 1)));
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(u - n_a * n_b / 2) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::numbers::sqrt2);
}

/// The largest c with 2 P(U < c) <= 1 - confidence for samples without ties: the interval is made of the c-th
/// lowest and c-th highest ratio. 0 where the samples are too small for any.
std::size_t cut_of(std::size_t n_a, std::size_t n_b, double confidence) {
  const double tail = (1 - confidence) / 2;
  if (n_a + n_b > kExactRanks) {
    const auto a = static_cast<double>(n_a), b = static_cast<double>(n_b);
    const double z = 1.959963984540054;  // 95 %; the only confidence asked for above
    return static_cast<std::size_t>(
        std::max(0.0, std::floor(a * b / 2 - z * std::sqrt(a * b * (a + b + 1) / 12))));
  }
  std::vector<std::size_t> ranks(n_a + n_b);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  const auto counts = subset_counts(ranks, n_b);
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  double below = 0;
  std::size_t u = 0;
  for (std::size_t sum = n_b * (n_b + 1) / 2; sum < counts.size(); ++sum, ++u) {
    below += counts[sum];
    if (below / all > tail) break;
  }
  return u;
}

std::vector<double> thinned(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  constexpr std::size_t kMost = 1000;
  if (sorted.size() <= kMost) return sorted;
  std::vector<double> out;
  for (std::size_t i = 0; i < kMost; ++i) out.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * kMost)]);
  return out;
}

}  // namespace

RankTest mann_whitney(std::span<const double> a, std::span<const double> b) {
  RIDGEPOINT_EXPECT(!a.empty() && !b.empty());
  const Ranks ranks = rank(a, b);
  const auto n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  RankTest test;
  test.u = ranks.twice_sum_b / 2 - n_b * (n_b + 1) / 2;
  test.exact = a.size() + b.size() <= kExactRanks;
  test.p = test.exact ? exact_p(ranks, b.size()) : normal_p(ranks, test.u, n_a, n_b);
  return test;
}

double cliffs_delta(const RankTest& test, std::size_t n_a, std::size_t n_b) {
  return 2 * test.u / (static_cast<double>(n_a) * static_cast<double>(n_b)) - 1;
}

std::optional<Interval> hodges_lehmann_ratio(std::span<const double> a, std::span<const double> b,
                                             double confidence) {
  const auto positive = [](double v) { return v > 0; };
  if (a.empty() || b.empty() || !std::ranges::all_of(a, positive) || !std::ranges::all_of(b, positive))
    return std::nullopt;
  const auto few_a = thinned(a), few_b = thinned(b);
  std::vector<double> ratios;
  ratios.reserve(few_a.size() * few_b.size());
  for (const double x : few_a)
    for (const double y : few_b) ratios.push_back(y / x);
  std::ranges::sort(ratios);
  Interval out;
  out.value = quantile(ratios, 0.5);
  const std::size_t cut = cut_of(few_a.size(), few_b.size(), confidence);
  if (cut == 0) return std::nullopt;
  out.lo = ratios[cut - 1];
  out.hi = ratios[ratios.size() - cut];
  return out;
}

}  // namespace ridgepoint
