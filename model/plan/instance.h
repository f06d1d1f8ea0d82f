// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/core/plan.h"
#include "model/plan/queueing.h"

namespace ridgepoint {

inline constexpr double kHoursPerMonth = 730;
inline constexpr double kSecondsPerMonth = kHoursPerMonth * 3600;

/// One demand on one offer, in numbers.
struct Pairing {
  bool suitable = false;
  double per_s = 0;   ///< requests a second and device
  WaitTarget target;  ///< interactive
};

/// The scenario, indexed: w demands, p offers, s sites, t months.
struct PlanInstance {
  explicit PlanInstance(const Scenario& scenario, const std::vector<Suitability>& suitability);

  const Scenario& scenario;
  std::size_t demands, offers, sites, months;
  std::vector<std::vector<Pairing>> pairing;              ///< [w][p]
  std::vector<std::vector<bool>> may_run;                 ///< [w][s]: data residency
  std::vector<std::vector<double>> mean_rate, plan_rate;  ///< [w][t]: requests a second, and what to size for
  std::vector<double> discount;                           ///< [t]
  std::vector<std::vector<std::int64_t>> owned;           ///< [p][s] at the start
  std::vector<std::vector<std::vector<std::int64_t>>> expired;  ///< [p][s][t]: of these, too old by then

  bool interactive(std::size_t w) const { return scenario.demands[w].kind == DemandKind::interactive; }
  /// Offered load of a whole month's planned rate, in devices.
  double load(std::size_t w, std::size_t p, std::size_t t) const {
    return plan_rate[w][t] / pairing[w][p].per_s;
  }
  double devices(std::size_t p) const { return static_cast<double>(scenario.offers[p].devices); }
  /// Servers kept busy on average by the whole of a demand.
  double busy(std::size_t w, std::size_t p, std::size_t t) const {
    return mean_rate[w][t] / pairing[w][p].per_s / devices(p);
  }
  double requests(std::size_t w, std::size_t t) const { return mean_rate[w][t] * kSecondsPerMonth; }
  double kwh_idle(std::size_t p, std::size_t s) const;  ///< a server and month, cooling included
  double kwh_busy(std::size_t p, std::size_t s) const;  ///< what a busy one takes on top
  /// Undiscounted USD per kWh with the carbon price in it, and of that the carbon price.
  double usd_per_kwh(std::size_t s) const;
  double carbon_usd_per_kwh(std::size_t s) const;
  double carbon_usd_embodied(std::size_t p) const;
  double owned_usd(std::size_t p, std::size_t s) const;   ///< a month of an owned server, idle
  double rented_usd(std::size_t p, std::size_t s) const;  ///< a month of a rented one
  /// What an order in month t costs now, less what is got back at the end (discounted to month 0).
  double order_usd(std::size_t p, std::size_t t) const;
  double residual_usd(std::size_t p, std::size_t t) const;  ///< undiscounted, at the end
  bool can_order(std::size_t p, std::size_t t) const;
};

}  // namespace ridgepoint
