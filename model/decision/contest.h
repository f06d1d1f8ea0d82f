// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace ridgepoint {

/// One of several ways to do a job. ln(cost) = mean + shared K + F(family) + own e, with K and e standard
/// normal: K is the error that all share (the kernel class, the workload's definition), F(family) that of its
/// platform family, e its own.
struct Alternative {
  double mean = 0;         ///< of ln(cost)
  double own = 0;          ///< standard deviation that nobody shares
  double shared = 0;       ///< loading on the factor common to all
  std::size_t family = 0;  ///< index into Contest::family_sigma
};

/// The least cost wins.
struct Contest {
  std::vector<Alternative> alternatives;
  std::vector<double> family_sigma;  ///< standard deviation of each family's common error

  /// Standard deviation of ln(cost) of one alternative, all parts together.
  double sigma(std::size_t i) const;
};

/// What taking one alternative may cost over the best one: cost / least cost - 1.
struct Regret {
  double expected = 0;
  double p95 = 0;
  double within5 = 0;  ///< probability that it is at most 5 % dearer than the best
};

/// Solves a contest by fixed quadrature: no random numbers, same input, same bits. Given K, families are
/// independent; given K and F, so are their members. The common part of the loadings on K moves all alike
/// and drops out; the rest is integrated by the trapezoidal rule, which converges exponentially for such
/// integrands. Alternatives that are best with a probability below `negligible` are left out.
class ContestSolver {
 public:
  explicit ContestSolver(const Contest& contest, double negligible = 1e-7);

  /// False for one left out as negligible.
  bool takes_part(std::size_t index) const;
  /// That each is the best. Sums to one. Exact ties of certain costs share.
  std::vector<double> probability_best() const;
  Regret regret(std::size_t choice) const;
  /// Only Regret::expected, at a tenth of the price.
  double expected_regret(std::size_t choice) const;

 private:
  struct Member {
    std::size_t index = 0, family = 0;
    double mean = 0, own = 0, loading = 0;
  };
  struct Node {
    double k = 0, weight = 0;
    std::vector<std::vector<double>> survival;  ///< of each member, on the grid
    std::vector<std::vector<double>> product;   ///< of the members of each family
    std::vector<std::vector<double>> seen;      ///< of the families, seen from outside
  };

  void choose_members(const Contest& contest, double negligible);
  void settle_scales();
  /// Grid points [begin, end).
  struct Window {
    std::size_t begin = 0, end = 0;
  };
  void lay_grid();
  void lay_nodes();
  Window window(double mean, double own) const;
  void fill(Node& node) const;
  std::vector<double> smeared(const std::vector<double>& values, double sigma) const;
  std::vector<double> rivals(const Node& node, std::size_t family) const;
  std::vector<double> others(const Node& node, std::size_t member, std::vector<double> rivals) const;
  std::size_t member_of(std::size_t index) const;
  double above(const Member& m, double mean, const std::vector<double>& others, double shift) const;
  double expected(const Member& m, double mean, const std::vector<double>& others) const;
  double quantile(const Member& m, const std::vector<std::vector<double>>& others, double p) const;
  Regret certain_regret(std::size_t choice) const;

  std::vector<double> means_;  ///< of all alternatives
  std::vector<Member> members_;
  std::vector<double> family_;
  bool certain_ = false;  ///< no spread at all
  double first_ = 0, step_ = 0;
  std::size_t points_ = 0;
  std::vector<double> rise_;  ///< e^(x - first_) on the grid
  std::vector<Node> nodes_;
};

/// The contest as it would stand after `measured` was measured and came out `surprise` above its mean. Of its
/// own error `tau` (standard deviation of ln) stays, because no measurement is better; the rest, and through
/// it the shared errors, are learnt.
Contest after_measuring(const Contest& contest, std::size_t measured, double tau, double surprise);

/// Expected regret that remains when one alternative is measured first and the best choice made then.
double regret_after_measuring(const Contest& contest, std::size_t measured, double tau);

}  // namespace ridgepoint
