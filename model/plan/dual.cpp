// SPDX-License-Identifier: Apache-2.0
#include "model/plan/dual.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/plan/formulate.h"

namespace ridgepoint {
namespace {

constexpr double kLeastPart = 0.02;  // of the newest step in the average

std::vector<SiteLimit> limits_of(const PlanInstance& in) {
  std::vector<SiteLimit> out;
  const auto add = [&](std::size_t s, double limit, const auto& weight) {
    SiteLimit l{s, limit, {}};
    for (const ServerOffer& o : in.scenario.offers) l.weight.push_back(weight(o));
    out.push_back(std::move(l));
  };
  for (std::size_t s = 0; s < in.sites; ++s) {
    const SupplySite& site = in.scenario.sites[s];
    const auto watts = [](const ServerOffer& o) { return o.load_w; };
    add(s, site.power_w, watts);
    if (site.cooling_w) add(s, *site.cooling_w, watts);
    add(s, site.rack_units, [](const ServerOffer& o) { return o.rack_units; });
  }
  return out;
}

class Pricer {
 public:
  Pricer(const PlanInstance& in, const std::vector<SiteLimit>& limits) : in_(in), limits_(limits) {}

  Place place(std::size_t p, std::size_t s, const Prices& prices) const {
    const ServerOffer& o = in_.scenario.offers[p];
    const std::size_t n = in_.months;
    Place out{Months(n + 1), std::vector<bool>(n), std::vector<std::size_t>(n), std::vector<bool>(n),
              Months(n)};
    Months owned(n + 1);  // O(t): one that is owned already, from month t on
    for (std::size_t t = 0; t < n; ++t) out.own[t] = own(p, s, t, prices);
    const std::vector<double> arriving = arrivals(p, prices);
    // Buying early costs owning until then; the sums make that a difference.
    Months until(n + 1);
    for (std::size_t t = 0; t < n; ++t) until[t + 1] = until[t] + out.own[t];
    for (std::size_t t = n; t-- > 0;) {
      out.keep[t] = owned[t + 1] <= out.from_month[t + 1];
      owned[t] = out.own[t] + std::min(owned[t + 1], out.from_month[t + 1]);
      double bought = kNever;
      for (std::size_t u = 0; u <= t; ++u)
        if (const double usd = arriving[u] + until[t] - until[u] + owned[t];
            arriving[u] < kNever && usd < bought) {
          bought = usd;
          out.arrival[t] = u;
        }
      const double rented = o.rent_usd_per_h && out.from_month[t + 1] < kNever
                                ? rented_at(p, s, t, prices) + out.from_month[t + 1]
                                : kNever;
      out.rent[t] = rented <= bought;
      out.from_month[t] = std::min(rented, bought);
    }
    return out;
  }

 private:
  double own(std::size_t p, std::size_t s, std::size_t t, const Prices& prices) const {
    double usd = in_.owned_usd(p, s) * in_.discount[t];
    for (std::size_t l = 0; l < limits_.size(); ++l)
      if (limits_[l].site == s && limits_[l].limit > 0)
        usd += prices.site[l][t] * limits_[l].weight[p] / limits_[l].limit;
    return usd;
  }

  double rented_at(std::size_t p, std::size_t s, std::size_t t, const Prices& prices) const {
    const auto& limit = in_.scenario.offers[p].rent_limit;
    return in_.rented_usd(p, s) * in_.discount[t] +
           (limit && *limit > 0 ? prices.rent[p * in_.sites + s][t] / static_cast<double>(*limit) : 0);
  }

  /// By the month of arrival.
  std::vector<double> arrivals(std::size_t p, const Prices& prices) const {
    const ServerOffer& o = in_.scenario.offers[p];
    const auto lead = static_cast<std::size_t>(o.lead_months);
    std::vector<double> out(in_.months, kNever);
    for (std::size_t t = 0; t + lead < in_.months; ++t)
      if (in_.can_order(p, t))
        out[t + lead] =
            in_.order_usd(p, t) +
            (o.stock_per_month ? prices.stock[p][t] / static_cast<double>(*o.stock_per_month) : 0);
    return out;
  }

  const PlanInstance& in_;
  const std::vector<SiteLimit>& limits_;
};

}  // namespace

Dual::Dual(const PlanInstance& in) : in_(in), limits_(limits_of(in)) {
  prices_.site.assign(limits_.size(), Months(in.months));
  prices_.stock.assign(in.offers, Months(in.months));
  prices_.rent.assign(in.offers * in.sites, Months(in.months));
  for (std::size_t p = 0; p < in.offers; ++p)
    for (std::size_t s = 0; s < in.sites; ++s) busy_usd_.push_back(in.kwh_busy(p, s) * in.usd_per_kwh(s));
  servers_.resize(in.demands * in.offers * in.months);
  for (std::size_t w = 0; w < in.demands; ++w)
    for (std::size_t p = 0; p < in.offers; ++p)
      for (std::size_t t = 0; t < in.months; ++t)
        if (in.pairing[w][p].suitable && in.plan_rate[w][t] > 0)
          servers_[(w * in.offers + p) * in.months + t] = relaxed_servers(in, w, p, t) / works(p);
}

void Dual::solve() {
  places_.clear();
  bound_ = 0;
  for (std::size_t p = 0; p < in_.offers; ++p)
    for (std::size_t s = 0; s < in_.sites; ++s) {
      places_.push_back(Pricer(in_, limits_).place(p, s, prices_));
      bound_ -= static_cast<double>(in_.owned[p][s]) * worth_of_owned(places_.back());
    }
  for (const auto* prices : {&prices_.site, &prices_.stock, &prices_.rent})
    for (const Months& row : *prices) bound_ -= std::accumulate(row.begin(), row.end(), 0.0);
  choice_.assign(in_.demands, std::vector<std::size_t>(in_.months, kNowhere));
  for (std::size_t w = 0; w < in_.demands; ++w)
    for (std::size_t t = 0; t < in_.months; ++t) {
      if (in_.plan_rate[w][t] <= 0) continue;
      const auto [at, usd] = cheapest(w, t, [](std::size_t, double) { return true; });
      choice_[w][t] = at;
      bound_ += usd;
    }
}

void Dual::average(const Grid& need) {
  const double part = std::max(2.0 / (++steps_ + 1), kLeastPart);
  if (average_.empty()) average_ = need;
  for (std::size_t p = 0; p < in_.offers; ++p)
    for (std::size_t s = 0; s < in_.sites; ++s)
      for (std::size_t t = 0; t < in_.months; ++t)
        average_[p][s][t] += part * (need[p][s][t] - average_[p][s][t]);
}

void Dual::step(double target, double pace) {
  const Prices used = usage();
  Prices slope = used;
  double square = 0;
  for (std::size_t l = 0; l < limits_.size(); ++l)
    square += slope_of(slope.site[l], prices_.site[l], limits_[l].limit);
  for (std::size_t p = 0; p < in_.offers; ++p) {
    const ServerOffer& o = in_.scenario.offers[p];
    square += slope_of(slope.stock[p], prices_.stock[p], static_cast<double>(o.stock_per_month.value_or(0)));
    for (std::size_t i = p * in_.sites; i < (p + 1) * in_.sites; ++i)
      square += slope_of(slope.rent[i], prices_.rent[i], static_cast<double>(o.rent_limit.value_or(0)));
  }
  if (square <= 0) return;
  const double length = pace * std::max(target - bound_, 1e-6 * std::fabs(target)) / square;
  move(prices_.site, slope.site, length);
  move(prices_.stock, slope.stock, length);
  move(prices_.rent, slope.rent, length);
}

double Dual::slope_of(Months& row, const Months& prices, double limit) {
  double square = 0;
  for (std::size_t t = 0; t < row.size(); ++t) {
    row[t] = limit > 0 ? row[t] / limit - 1 : 0;
    if (row[t] < 0 && prices[t] <= 0) row[t] = 0;
    square += row[t] * row[t];
  }
  return square;
}

void Dual::move(std::vector<Months>& prices, const std::vector<Months>& slope, double length) {
  for (std::size_t i = 0; i < prices.size(); ++i)
    for (std::size_t t = 0; t < prices[i].size(); ++t)
      prices[i][t] = std::max(0.0, prices[i][t] + length * slope[i][t]);
}

double Dual::worth_of_owned(const Place& place) const {
  double best = 0, sum = 0;
  for (std::size_t t = 0; t < in_.months && place.from_month[t] < kNever; ++t) {
    sum += place.from_month[t] - place.from_month[t + 1] - place.own[t];
    best = std::max(best, sum);
  }
  return best;
}

Prices Dual::usage() {
  Grid need = grid_of(in_);
  for (std::size_t w = 0; w < in_.demands; ++w)
    for (std::size_t t = 0; t < in_.months; ++t)
      if (const std::size_t at = choice_[w][t]; at != kNowhere)
        need[at / in_.sites][at % in_.sites][t] +=
            servers_[(w * in_.offers + at / in_.sites) * in_.months + t];
  average(need);
  Prices used{std::vector(limits_.size(), Months(in_.months)), std::vector(in_.offers, Months(in_.months)),
              std::vector(in_.offers * in_.sites, Months(in_.months))};
  for (std::size_t p = 0; p < in_.offers; ++p)
    for (std::size_t s = 0; s < in_.sites; ++s) {
      double before = static_cast<double>(in_.owned[p][s]);
      Months owned(in_.months, before);
      for (std::size_t t = 0; t < in_.months; ++t) {
        const double change = need[p][s][t] - before;
        before = need[p][s][t];
        if (change != 0) follow(p, s, t, change, owned, used);
      }
      for (std::size_t l = 0; l < limits_.size(); ++l)
        for (std::size_t t = 0; limits_[l].site == s && t < in_.months; ++t)
          used.site[l][t] += owned[t] * limits_[l].weight[p];
    }
  return used;
}

void Dual::follow(std::size_t p, std::size_t s, std::size_t t, double change, Months& owned,
                  Prices& used) const {
  const auto lead = static_cast<std::size_t>(in_.scenario.offers[p].lead_months);
  const Place& place = places_[p * in_.sites + s];
  for (; t < in_.months && place.from_month[t] < kNever; ++t) {
    if (place.rent[t]) {
      used.rent[p * in_.sites + s][t] += change;
      continue;
    }
    used.stock[p][place.arrival[t] - lead] += change;
    for (std::size_t u = place.arrival[t]; u < t; ++u) owned[u] += change;
    while (true) {
      owned[t] += change;
      if (!place.keep[t] || t + 1 == in_.months) break;
      ++t;
    }
  }
}

}  // namespace ridgepoint
