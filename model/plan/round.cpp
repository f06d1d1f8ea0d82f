// SPDX-License-Identifier: Apache-2.0
#include "model/plan/round.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {
namespace {

constexpr double kTolerance = 1e-6;

enum class Direction { up, down };

class Rounder {
 public:
  Rounder(const PlanInstance& in, const Formulation& f, const std::vector<double>& x, Direction direction)
      : in_(in), f_(f), x_(x), direction_(direction) {}

  std::optional<std::vector<double>> run() {
    index();
    for (const std::int32_t open : f_.open) set(open, std::ceil(get(open) - kTolerance));
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s) {
        for (std::size_t t = 0; t < in_.months; ++t) spare(p, s, t);
        place(p, s);
      }
    return holds() ? std::optional(std::move(x_)) : std::nullopt;
  }

 private:
  double get(std::int32_t column) const { return column < 0 ? 0 : x_[static_cast<std::size_t>(column)]; }
  void set(std::int32_t column, double value) {
    if (column >= 0) x_[static_cast<std::size_t>(column)] = value;
  }

  void spare(std::size_t p, std::size_t s, std::size_t t) {
    set(f_.spare[p][s][t], std::ceil(get(f_.spare[p][s][t]) - kTolerance));
  }

  /// Servers that the capacity row asks for, whatever is there.
  double needed(std::size_t p, std::size_t s, std::size_t t) const {
    const auto works = in_.scenario.offers[p].availability.value_or(1);
    const std::string name =
        "capacity_" + std::to_string(p) + "_" + std::to_string(s) + "_" + std::to_string(t);
    const auto row = std::ranges::lower_bound(rows_, name, {}, &std::pair<std::string, std::size_t>::first);
    if (row == rows_.end() || row->first != name) return 0;
    const auto& c = f_.program.constraints[row->second];
    double sum = -c.upper;
    for (const auto& [column, factor] : c.terms)
      if (column != f_.owned[p][s][t] && column != f_.rented[p][s][t]) sum += factor * get(column);
    return sum / works;
  }

  void place(std::size_t p, std::size_t s) {
    const ServerOffer& o = in_.scenario.offers[p];
    const auto lead = static_cast<std::size_t>(o.lead_months), life = static_cast<std::size_t>(o.life_months);
    double before = static_cast<double>(in_.owned[p][s]), gone = 0;
    std::vector<double> orders(in_.months);
    for (std::size_t t = 0; t < in_.months; ++t) {
      const double exact = get(f_.owned[p][s][t]);
      double now =
          direction_ == Direction::up ? std::ceil(exact - kTolerance) : std::floor(exact + kTolerance);
      const bool may_grow = t >= lead && f_.orders[p][s][t - lead] >= 0;
      double old = static_cast<double>(in_.expired[p][s][t]);
      for (std::size_t u = 0; u + lead + life <= t; ++u) old += orders[u];
      const double must_go = std::max(0.0, old - gone);
      double arrived = may_grow ? std::max(0.0, now - (before - must_go)) : 0;
      now = std::min(now, before - must_go + arrived);
      now = std::max(0.0, now);
      arrived = std::max(0.0, arrived);
      if (may_grow) orders[t - lead] = arrived;
      gone += before + arrived - now;
      set(f_.owned[p][s][t], now);
      set(f_.retired[p][s][t], before + arrived - now);
      set(f_.rented[p][s][t], std::max(0.0, std::ceil(needed(p, s, t) - now - kTolerance)));
      before = now;
    }
    for (std::size_t t = 0; t < in_.months; ++t) set(f_.orders[p][s][t], orders[t]);
  }

  bool holds() const {
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const auto& v = f_.program.variables[i];
      if (x_[i] < v.lower - kTolerance || x_[i] > v.upper + kTolerance) return false;
      if (v.domain == Domain::integer && std::fabs(x_[i] - std::round(x_[i])) > kTolerance) return false;
    }
    return std::ranges::all_of(f_.program.constraints, [this](const MipProgram::Constraint& row) {
      double sum = 0;
      for (const auto& [column, factor] : row.terms) sum += factor * get(column);
      const double slack = kTolerance * std::max(1.0, std::fabs(sum));
      return sum >= row.lower - slack && sum <= row.upper + slack;
    });
  }

  /// Rows by name, made once.
  void index() {
    for (std::size_t r = 0; r < f_.program.constraints.size(); ++r)
      if (f_.program.constraints[r].name.starts_with("capacity_"))
        rows_.emplace_back(f_.program.constraints[r].name, r);
    std::ranges::sort(rows_);
  }

  const PlanInstance& in_;
  const Formulation& f_;
  std::vector<double> x_;
  Direction direction_;
  std::vector<std::pair<std::string, std::size_t>> rows_;
};

}  // namespace

std::optional<std::vector<double>> round_servers(const PlanInstance& in, const Formulation& f,
                                                 const std::vector<double>& x) {
  for (const Direction direction : {Direction::up, Direction::down}) {
    Rounder rounder(in, f, x, direction);
    if (auto rounded = rounder.run()) return rounded;
  }
  return std::nullopt;
}

}  // namespace ridgepoint
