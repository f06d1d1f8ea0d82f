// SPDX-License-Identifier: Apache-2.0
#include "model/decision/contest.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "model/decision/normal.h"
#include "model/decision/normal_table.h"

namespace ridgepoint {
namespace {

constexpr double kReach = 6;     // standard deviations that a grid covers
constexpr double kFiner = 0.8;   // grid step over the smallest standard deviation
constexpr double kTiny = 1e-12;  // a spread that is none
constexpr double kSmall = 0.02;  // a shared spread this far below an own one is taken as own
constexpr double kSmear = 5;     // standard deviations of a smearing kernel
constexpr double kMaxPoints = 4096;
constexpr double kNodeReach = 5.5;              // of the common factor
constexpr double kClose = 0.04879016416943205;  // ln 1.05

double hypot3(double a, double b, double c) { return std::sqrt(a * a + b * b + c * c); }

}  // namespace

double Contest::sigma(std::size_t i) const {
  const Alternative& a = alternatives[i];
  return hypot3(a.own, a.shared, family_sigma[a.family]);
}

ContestSolver::ContestSolver(const Contest& contest, double negligible) : family_(contest.family_sigma) {
  RIDGEPOINT_EXPECT(!contest.alternatives.empty());
  for (const Alternative& a : contest.alternatives) {
    RIDGEPOINT_EXPECT(a.family < family_.size());
    means_.push_back(a.mean);
  }
  choose_members(contest, negligible);
  settle_scales();
  if (certain_) return;
  lay_grid();
  for (Node& node : nodes_) fill(node);
}

/// Takes the loading that most have away from all: a common shift changes no order.
void ContestSolver::choose_members(const Contest& contest, double negligible) {
  std::vector<double> loadings;
  for (const Alternative& a : contest.alternatives) loadings.push_back(a.shared);
  std::ranges::sort(loadings);
  double common = loadings.front();
  std::size_t run = 0, longest = 0;
  for (std::size_t i = 0; i < loadings.size(); ++i) {
    run = i > 0 && loadings[i] == loadings[i - 1] ? run + 1 : 1;
    if (run > longest) {
      longest = run;
      common = loadings[i];
    }
  }
  const auto& list = contest.alternatives;
  std::size_t lead = 0;
  for (std::size_t i = 1; i < list.size(); ++i)
    if (list[i].mean + 2 * list[i].own < list[lead].mean + 2 * list[lead].own) lead = i;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Alternative &a = list[i], &b = list[lead];
    const double families = a.family == b.family ? 0 : std::hypot(family_[a.family], family_[b.family]);
    const double spread = hypot3(std::hypot(a.own, b.own), families, a.shared - b.shared);
    const double gap = a.mean - b.mean;
    if (i != lead && gap > 0 && (spread <= kTiny || normal_cdf(-gap / spread) < negligible)) continue;
    members_.push_back({i, a.family, a.mean, a.own, a.shared - common});
  }
}

/// Spreads too small to matter beside others are merged, so that the grid need not resolve them.
void ContestSolver::settle_scales() {
  double least = 0;
  for (const Member& m : members_) {
    const double total = hypot3(m.own, m.loading, family_[m.family]);
    if (total > kTiny && (least == 0 || total < least)) least = total;
  }
  certain_ = least == 0;
  if (certain_) return;
  double most_loading = 0;
  for (const Member& m : members_) most_loading = std::max(most_loading, std::abs(m.loading));
  const bool one_node = most_loading < kSmall * least;
  std::vector<bool> merged(family_.size());
  for (std::size_t g = 0; g < family_.size(); ++g) merged[g] = family_[g] < kSmall * least;
  for (Member& m : members_) {
    if (one_node) {
      m.own = std::hypot(m.own, m.loading);
      m.loading = 0;
    }
    if (merged[m.family]) m.own = std::hypot(m.own, family_[m.family]);
    m.own = std::max(m.own, 0.05 * least);
  }
  for (std::size_t g = 0; g < family_.size(); ++g)
    if (merged[g]) family_[g] = 0;
}

void ContestSolver::lay_grid() {
  double finest = 1e300, left = 1e300, right = 1e300, widest = 0;
  for (const Member& m : members_) {
    const double b = family_[m.family], total = hypot3(m.own, m.loading, b);
    finest = std::min({finest, m.own, b > 0 ? b : m.own});
    left = std::min(left, m.mean - kReach * total);
    right = std::min(right, m.mean + kReach * total);
    widest = std::max(widest, b);
  }
  left -= kReach * widest;
  right += kReach * widest;
  step_ = std::max(kFiner * finest, (right - left) / kMaxPoints);
  first_ = left;
  points_ = static_cast<std::size_t>(std::ceil((right - left) / step_)) + 1;
  for (Member& m : members_) m.own = std::max(m.own, step_);
  rise_.resize(points_);
  for (std::size_t x = 0; x < points_; ++x) rise_[x] = std::exp(step_ * static_cast<double>(x));
  lay_nodes();
}

/// What depends on K after the integral over costs are differences of two members: how fast two of them drift
/// apart beside their own spreads fixes the step.
void ContestSolver::lay_nodes() {
  double steepest = 0;
  for (std::size_t i = 0; i < members_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const Member &a = members_[i], &b = members_[j];
      const double families = a.family == b.family ? 0 : std::hypot(family_[a.family], family_[b.family]);
      steepest = std::max(steepest, std::abs(a.loading - b.loading) / hypot3(a.own, b.own, families));
    }
  if (steepest == 0) {
    nodes_.push_back({0, 1, {}, {}, {}});
    return;
  }
  const double dk = std::clamp(0.9 / steepest, 0.1, 0.7);
  const int half = static_cast<int>(std::ceil(kNodeReach / dk));
  double sum = 0;
  for (int i = -half; i <= half; ++i) {
    nodes_.push_back({i * dk, normal_pdf(i * dk) * dk, {}, {}, {}});
    sum += nodes_.back().weight;
  }
  for (Node& n : nodes_) n.weight /= sum;
}

/// E[values(x + sigma F)], F standard normal; the ends go on as they are, and nothing changes far from where
/// the values do.
std::vector<double> ContestSolver::smeared(const std::vector<double>& values, double sigma) const {
  if (sigma == 0) return values;
  const auto half = static_cast<std::size_t>(std::ceil(kSmear * sigma / step_));
  std::size_t first = 0, last = values.size();
  while (first < last && values[first] == values.front()) ++first;
  while (last > first && values[last - 1] == values.back()) --last;
  if (first == last) return values;
  const std::size_t begin = first > half ? first - half : 0, end = std::min(values.size(), last + half);
  std::vector<double> weights(2 * half + 1);
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = table_pdf((static_cast<double>(i) - static_cast<double>(half)) * step_ / sigma);
    sum += weights[i];
  }
  // The ends repeated on both sides, so that the inner loop is a plain sum of products.
  std::vector<double> padded(half, values.front());
  padded.insert(padded.end(), values.begin(), values.end());
  padded.insert(padded.end(), half, values.back());
  std::vector<double> out = values;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin), out.begin() + static_cast<std::ptrdiff_t>(end),
            0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double w = weights[i] / sum;
    const double* from = padded.data() + i;
    for (std::size_t x = begin; x < end; ++x) out[x] += w * from[x];
  }
  return out;
}

/// Grid points at which a normal variable may lie, as far as double precision tells.
ContestSolver::Window ContestSolver::window(double mean, double own) const {
  const auto at = [&](double y) {
    return static_cast<std::size_t>(
        std::clamp(std::ceil((y - first_) / step_), 0.0, static_cast<double>(points_)));
  };
  return {at(mean - kTableReach * own), at(mean + kTableReach * own)};
}

void ContestSolver::fill(Node& node) const {
  node.product.assign(family_.size(), {});
  for (const Member& m : members_) {
    const double mean = m.mean + m.loading * node.k;
    const Window in = window(mean, m.own);
    std::vector<double> s(points_, 0.0);
    std::fill_n(s.begin(), in.begin, 1.0);
    for (std::size_t x = in.begin; x < in.end; ++x)
      s[x] = table_cdf((mean - first_ - step_ * static_cast<double>(x)) / m.own);
    auto& product = node.product[m.family];
    if (product.empty())
      product = s;
    else
      for (std::size_t x = in.begin; x < points_; ++x) product[x] *= s[x];
    node.survival.push_back(std::move(s));
  }
  node.seen.assign(family_.size(), {});
  for (std::size_t g = 0; g < family_.size(); ++g)
    if (!node.product[g].empty()) node.seen[g] = smeared(node.product[g], family_[g]);
}

/// That all other families lie above each grid point, seen from family `g`.
std::vector<double> ContestSolver::rivals(const Node& node, std::size_t g) const {
  std::vector<double> rest(points_, 1.0);
  for (std::size_t h = 0; h < family_.size(); ++h)
    if (h != g && !node.seen[h].empty())
      for (std::size_t x = 0; x < points_; ++x) rest[x] *= node.seen[h][x];
  return smeared(rest, family_[g]);
}

/// Probability that all others lie above each grid point, in the coordinates of the member's family. Zero
/// beyond the points at which the member itself may lie.
std::vector<double> ContestSolver::others(const Node& node, std::size_t member,
                                          std::vector<double> out) const {
  const Member& m = members_[member];
  const auto &own = node.survival[member], &all = node.product[m.family];
  const Window in = window(m.mean + m.loading * node.k, m.own);
  for (std::size_t x = 0; x < in.begin; ++x) out[x] *= all[x];
  for (std::size_t x = in.begin; x < in.end; ++x) out[x] *= own[x] > 0 ? std::min(1.0, all[x] / own[x]) : 0.0;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(in.end), out.end(), 0.0);
  return out;
}

std::vector<double> ContestSolver::probability_best() const {
  std::vector<double> p(means_.size(), 0.0);
  if (certain_) {
    const double least = *std::ranges::min_element(means_);
    const auto ties = static_cast<double>(std::ranges::count(means_, least));
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = means_[i] == least ? 1 / ties : 0;
    return p;
  }
  double sum = 0;
  std::vector<std::vector<std::vector<double>>> seen_from(nodes_.size());  // of each node and family
  for (std::size_t k = 0; k < nodes_.size(); ++k) {
    seen_from[k].resize(family_.size());
    for (std::size_t g = 0; g < family_.size(); ++g)
      if (!nodes_[k].seen[g].empty()) seen_from[k][g] = rivals(nodes_[k], g);
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& m = members_[i];
    double total = 0;
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const Node& n = nodes_[k];
      const std::vector<double> w = others(n, i, seen_from[k][m.family]);
      const double mean = m.mean + m.loading * n.k;
      const Window in = window(mean, m.own);
      double integral = 0;
      for (std::size_t x = in.begin; x < in.end; ++x)
        integral += w[x] * table_pdf((first_ + step_ * static_cast<double>(x) - mean) / m.own);
      total += n.weight * integral * step_ / m.own;
    }
    p[m.index] = total;
    sum += total;
  }
  for (double& v : p) v /= sum;
  return p;
}

std::size_t ContestSolver::member_of(std::size_t index) const {
  const auto it = std::ranges::find(members_, index, &Member::index);
  RIDGEPOINT_EXPECT(it != members_.end());
  return static_cast<std::size_t>(it - members_.begin());
}

/// P(Y - shift > the least of the others), Y = the member's ln(cost) given the node.
double ContestSolver::above(const Member& m, double mean, const std::vector<double>& w, double shift) const {
  const Window in = window(mean - shift, m.own);
  double sum = 0;
  for (std::size_t x = in.begin; x < in.end; ++x) {
    const double y = first_ + step_ * static_cast<double>(x) + shift;
    const double v = (1 - w[x]) * table_pdf((y - mean) / m.own);
    sum += x + 1 == points_ ? v / 2 : v;
  }
  const double end = first_ + step_ * static_cast<double>(points_ - 1) + shift;
  return sum * step_ / m.own + normal_cdf((mean - end) / m.own);  // beyond the grid some other is below
}

/// E[(exp(Y - O) - 1)+], O = the least of the others: integral of f(y) e^y A(y), A(y) the integral of
/// e^-o P(O < o) up to y.
double ContestSolver::expected(const Member& m, double mean, const std::vector<double>& w) const {
  const Window in = window(mean, m.own);
  std::vector<double> g(points_);
  for (std::size_t x = 0; x < points_; ++x) g[x] = (1 - w[x]) / rise_[x];
  const auto slope = [&](std::size_t x) {
    const std::size_t a = x == 0 ? 0 : x - 1, b = std::min(x + 1, points_ - 1);
    return (g[b] - g[a]) / (step_ * static_cast<double>(b - a));
  };
  double area = 0, sum = 0, trapezoid = 0;
  for (std::size_t x = 0; x < points_; ++x) {
    if (x > 0) trapezoid += (g[x] + g[x - 1]) / 2 * step_;
    if ((x < in.begin || x >= in.end) && x + 1 != points_) continue;
    area = trapezoid - step_ * step_ / 12 * slope(x);
    const double v = area * rise_[x] * table_pdf((first_ + step_ * static_cast<double>(x) - mean) / m.own);
    sum += x + 1 == points_ ? v / 2 : v;
  }
  const double end = step_ * static_cast<double>(points_ - 1), z = (mean - first_ - end) / m.own;
  const double tail =
      (area + std::exp(-end)) * std::exp(mean - first_ + m.own * m.own / 2) * normal_cdf(z + m.own) -
      normal_cdf(z);
  return std::max(0.0, sum * step_ / m.own + tail);
}

bool ContestSolver::takes_part(std::size_t index) const {
  return certain_ || std::ranges::find(members_, index, &Member::index) != members_.end();
}

Regret ContestSolver::certain_regret(std::size_t choice) const {
  const double over = std::expm1(means_[choice] - *std::ranges::min_element(means_));
  return {over, over, over <= 0.05 ? 1.0 : 0.0};
}

double ContestSolver::quantile(const Member& m, const std::vector<std::vector<double>>& w, double p) const {
  const auto exceeded = [&](double shift) {
    double total = 0;
    for (std::size_t n = 0; n < nodes_.size(); ++n)
      total += nodes_[n].weight * above(m, m.mean + m.loading * nodes_[n].k, w[n], shift);
    return total;
  };
  if (exceeded(0) <= 1 - p) return 0;
  double lo = 0, hi = 0.1;
  while (exceeded(hi) > 1 - p && hi < 100) hi *= 2;
  for (int i = 0; i < 30; ++i) {
    const double mid = (lo + hi) / 2;
    (exceeded(mid) > 1 - p ? lo : hi) = mid;
  }
  return hi;
}

Regret ContestSolver::regret(std::size_t choice) const {
  if (certain_) return certain_regret(choice);
  const std::size_t i = member_of(choice);
  const Member& m = members_[i];
  Regret r;
  double beyond = 0;
  std::vector<std::vector<double>> w;
  for (const Node& n : nodes_) {
    w.push_back(others(n, i, rivals(n, m.family)));
    const double mean = m.mean + m.loading * n.k;
    beyond += n.weight * above(m, mean, w.back(), kClose);
    r.expected += n.weight * expected(m, mean, w.back());
  }
  r.within5 = std::clamp(1 - beyond, 0.0, 1.0);
  r.p95 = std::expm1(quantile(m, w, 0.95));
  return r;
}

double ContestSolver::expected_regret(std::size_t choice) const {
  if (certain_) return certain_regret(choice).expected;
  const std::size_t i = member_of(choice);
  const Member& m = members_[i];
  double total = 0;
  for (const Node& n : nodes_)
    total += n.weight * expected(m, m.mean + m.loading * n.k, others(n, i, rivals(n, m.family)));
  return total;
}

}  // namespace ridgepoint
