// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "model/plan/instance.h"

namespace ridgepoint {

inline constexpr double kNever = 1e30;

using Months = std::vector<double>;
using Grid = std::vector<std::vector<Months>>;  ///< [p][s][t]

inline Grid grid_of(const PlanInstance& in) {
  return Grid(in.offers, std::vector(in.sites, Months(in.months)));
}

/// A limit on the owned servers of a site.
struct SiteLimit {
  std::size_t site = 0;
  double limit = 0;
  std::vector<double> weight;  ///< [p]
};

/// USD on the whole of each limit in each month; a unit of it costs that much over the limit.
struct Prices {
  std::vector<Months> site;   ///< [limit][t]
  std::vector<Months> stock;  ///< [p][t]: of an order in month t
  std::vector<Months> rent;   ///< [p * sites + s][t]
};

/// The cheapest way to have one more server at a place from each month on.
struct Place {
  Months from_month;                 ///< C(t), C(months) = 0; kNever: impossible
  std::vector<bool> rent;            ///< rented in month t, else bought
  std::vector<std::size_t> arrival;  ///< bought: the month in which it arrives, at most t
  std::vector<bool> keep;            ///< owned in month t: still owned in the next
  Months own;                        ///< USD of owning one in month t, limits at their prices
};

enum class Pricing { dual, rented };

/// Where each demand goes in each month; kNowhere: unserved.
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
using Choice = std::vector<std::vector<std::size_t>>;  ///< [w][t]: p * sites + s

/// The relaxed problem at given prices: what plan_by_price (by_price.h) raises its bound with.
class Dual {
 public:
  explicit Dual(const PlanInstance& instance);

  const std::vector<SiteLimit>& limits() const { return limits_; }
  double works(std::size_t p) const { return in_.scenario.offers[p].availability.value_or(1); }

  /// Prices as they are -> places, choices, bound.
  void solve();

  /// The cheapest place for a demand in a month among those where `has_room(place, servers)`, and its USD.
  template <class HasRoom>
  std::pair<std::size_t, double> cheapest(std::size_t w, std::size_t t, const HasRoom& has_room,
                                          Pricing pricing = Pricing::dual) const {
    const Demand& d = in_.scenario.demands[w];
    std::size_t at = kNowhere;
    double best = d.unmet_usd ? in_.requests(w, t) * *d.unmet_usd * in_.discount[t] : kNever;
    for (std::size_t p = 0; p < in_.offers; ++p) {
      if (!in_.pairing[w][p].suitable) continue;
      const double need = servers_[(w * in_.offers + p) * in_.months + t],
                   busy = in_.busy(w, p, t) * in_.discount[t];
      for (std::size_t s = 0; s < in_.sites; ++s) {
        const std::size_t i = p * in_.sites + s;
        const Place& place = places_[i];
        if (!in_.may_run[w][s] || place.from_month[t] >= kNever) continue;
        if (pricing == Pricing::rented && !in_.scenario.offers[p].rent_usd_per_h) continue;
        const double server = pricing == Pricing::rented ? in_.rented_usd(p, s) * in_.discount[t]
                                                         : place.from_month[t] - place.from_month[t + 1];
        const double usd = need * server + busy * busy_usd_[i];
        if (usd < best && has_room(i, need)) {
          best = usd;
          at = i;
        }
      }
    }
    return {at, best};
  }

  /// One subgradient step towards `target`, the cost of a plan.
  void step(double target, double pace);

  double bound() const { return bound_; }
  /// Servers that each place serves with, averaged over the steps: what a fractional plan would have there.
  const Grid& average() const { return average_; }
  double servers(std::size_t w, std::size_t p, std::size_t t) const {
    return servers_[(w * in_.offers + p) * in_.months + t];
  }
  const Choice& choice() const { return choice_; }
  const Prices& prices() const { return prices_; }
  void set_prices(Prices prices) { prices_ = std::move(prices); }

 private:
  /// At most this is got from a server that is there at the start: it may stay to the end or go any month.
  double worth_of_owned(const Place& place) const;

  /// Usage becomes its share beyond the limit; no slope downwards from a price of zero. The sum of squares.
  static double slope_of(Months& row, const Months& prices, double limit);

  static void move(std::vector<Months>& prices, const std::vector<Months>& slope, double length);

  /// What the choices take of each limit, when every change of a need goes its place's cheapest way.
  Prices usage();
  void average(const Grid& need);

  void follow(std::size_t p, std::size_t s, std::size_t t, double change, Months& owned, Prices& used) const;

  const PlanInstance& in_;
  std::vector<SiteLimit> limits_;
  Prices prices_;
  std::vector<double> servers_;   ///< [w][p][t]
  std::vector<double> busy_usd_;  ///< [p * sites + s]: USD of a server kept busy for a month
  std::vector<Place> places_;     ///< [p][s]
  Choice choice_;
  Grid average_;
  int steps_ = 0;
  double bound_ = 0;
};

}  // namespace ridgepoint
