// SPDX-License-Identifier: Apache-2.0
#include "model/plan/by_price.h"

#include <algorithm>
#include <cmath>

#include "model/core/ports.h"
#include "model/plan/dual.h"

namespace ridgepoint {
namespace {

constexpr double kTolerance = 1e-9;

/// Whole servers for a choice: what pays is bought while the limits allow it, the rest is rented.
class Buyer {
 public:
  Buyer(const PlanInstance& in, const Dual& r) : in_(in), r_(r), need_(grid_of(in)) {}

  std::optional<PlanDecision> decide() {
    const PlanCube<std::int64_t> none(in_.offers,
                                      std::vector(in_.sites, std::vector<std::int64_t>(in_.months)));
    d_.orders = d_.owned = d_.rented = none;
    d_.workers.assign(in_.demands, none);
    need_ = r_.average();
    total_.assign(in_.months, 0);
    for (const auto& sites : need_)
      for (const Months& months : sites)
        for (std::size_t t = 0; t < in_.months; ++t) total_[t] += months[t];
    buy();
    need_ = grid_of(in_);
    d_.unmet.assign(in_.demands, Months(in_.months));
    d_.share.assign(in_.demands, need_);
    for (std::size_t t = 0; t < in_.months; ++t)
      for (std::size_t w = 0; w < in_.demands; ++w)
        if (in_.plan_rate[w][t] > 0 && !put(w, t)) return std::nullopt;
    rent();
    return std::move(d_);
  }

 private:
  double servers(std::size_t w, std::size_t p, std::size_t t) const {
    if (!in_.interactive(w)) return in_.load(w, p, t) / in_.devices(p);
    return static_cast<double>(fewest_workers(in_.load(w, p, t), in_.pairing[w][p].target)) / in_.devices(p);
  }

  /// Working servers that are owned in month t or may be rented, less the spare one.
  double room(std::size_t p, std::size_t s, std::size_t t) const {
    const ServerOffer& o = in_.scenario.offers[p];
    if (o.rent_usd_per_h && !o.rent_limit) return kNever;
    const std::int64_t rented = o.rent_usd_per_h ? *o.rent_limit : 0;
    return r_.works(p) * static_cast<double>(d_.owned[p][s][t] + rented) -
           (in_.scenario.policy.spare_server ? 1 : 0);
  }

  /// At the cheapest place with room; unserved where that is allowed and there is none.
  bool put(std::size_t w, std::size_t t) {
    const auto fits = [&](std::size_t i, double there) {
      const std::size_t p = i / in_.sites, s = i % in_.sites;
      return need_[p][s][t] + servers(w, p, t) <= there * (1 + kTolerance);
    };
    const double spare = in_.scenario.policy.spare_server ? 1 : 0;
    const auto owned = [&](std::size_t i, double) {
      const std::size_t p = i / in_.sites, s = i % in_.sites;
      return fits(i, r_.works(p) * static_cast<double>(d_.owned[p][s][t]) - spare);
    };
    const auto any = [&](std::size_t i, double) { return fits(i, room(i / in_.sites, i % in_.sites, t)); };
    std::size_t at = r_.cheapest(w, t, owned).first;
    if (at == kNowhere) at = r_.cheapest(w, t, any, Pricing::rented).first;
    if (at == kNowhere) {
      d_.unmet[w][t] = 1;
      return in_.scenario.demands[w].unmet_usd.has_value();
    }
    const std::size_t p = at / in_.sites, s = at % in_.sites;
    d_.share[w][p][s][t] = 1;
    if (in_.interactive(w))
      d_.workers[w][p][s][t] = fewest_workers(in_.load(w, p, t), in_.pairing[w][p].target);
    need_[p][s][t] += servers(w, p, t);
    return true;
  }

  std::int64_t needed(std::size_t p, std::size_t s, std::size_t t) const {
    if (need_[p][s][t] <= 0) return 0;
    const double spare = in_.scenario.policy.spare_server ? 1 : 0;
    return static_cast<std::int64_t>(std::ceil((need_[p][s][t] + spare) / r_.works(p) - kTolerance));
  }

  /// Servers that a place wants to own in month t: its part of what is needed from then on, of as many as are
  /// needed then. The prices leave open which month goes where, so single months say little.
  std::int64_t wanted(std::size_t p, std::size_t s, std::size_t t) const {
    double here = 0, all = 0;
    for (std::size_t u = t; u < in_.months; ++u) {
      here += need_[p][s][u];
      all += total_[u];
    }
    return all > 0 ? std::llround(here / all * total_[t] / r_.works(p)) : 0;
  }

  /// Rent saved by a server that arrives in month t, less what it costs, for a watt.
  double gain(std::size_t p, std::size_t s, std::size_t t) const {
    const ServerOffer& o = in_.scenario.offers[p];
    double usd = -in_.order_usd(p, t - static_cast<std::size_t>(o.lead_months));
    for (std::size_t u = t; u < in_.months; ++u)
      usd += ((o.rent_usd_per_h ? in_.rented_usd(p, s) : 1e12) - in_.owned_usd(p, s)) * in_.discount[u];
    return usd / std::max(1.0, o.load_w);
  }

  void buy() {
    std::vector<std::vector<std::int64_t>> have = in_.owned;
    std::vector<double> used(r_.limits().size());
    for (std::size_t l = 0; l < used.size(); ++l)
      for (std::size_t p = 0; p < in_.offers; ++p)
        used[l] += static_cast<double>(in_.owned[p][r_.limits()[l].site]) * r_.limits()[l].weight[p];
    for (std::size_t t = 0; t < in_.months; ++t) {
      struct Wish {
        double gain;
        std::size_t p, s;
      };
      std::vector<Wish> wishes;
      for (std::size_t p = 0; p < in_.offers; ++p) {
        const auto lead = static_cast<std::size_t>(in_.scenario.offers[p].lead_months);
        for (std::size_t s = 0; t >= lead && in_.can_order(p, t - lead) && s < in_.sites; ++s)
          if (const double g = gain(p, s, t); g > 0 && wanted(p, s, t) > have[p][s])
            wishes.push_back({g, p, s});
      }
      std::ranges::stable_sort(wishes, std::greater(), &Wish::gain);
      for (const Wish& w : wishes) order(w.p, w.s, t, wanted(w.p, w.s, t) - have[w.p][w.s], have, used);
      for (std::size_t p = 0; p < in_.offers; ++p)
        for (std::size_t s = 0; s < in_.sites; ++s) d_.owned[p][s][t] = have[p][s];
    }
  }

  void order(std::size_t p, std::size_t s, std::size_t t, std::int64_t n,
             std::vector<std::vector<std::int64_t>>& have, std::vector<double>& used) {
    const ServerOffer& o = in_.scenario.offers[p];
    const std::size_t when = t - static_cast<std::size_t>(o.lead_months);
    if (o.stock_per_month) {
      std::int64_t left = *o.stock_per_month;
      for (std::size_t other = 0; other < in_.sites; ++other) left -= d_.orders[p][other][when];
      n = std::min(n, left);
    }
    for (std::size_t l = 0; l < used.size(); ++l)
      if (const SiteLimit& limit = r_.limits()[l]; limit.site == s && limit.weight[p] > 0)
        n = std::min(
            n, static_cast<std::int64_t>(std::floor((limit.limit - used[l]) / limit.weight[p] + kTolerance)));
    if (n <= 0) return;
    d_.orders[p][s][when] += n;
    have[p][s] += n;
    for (std::size_t l = 0; l < used.size(); ++l)
      if (r_.limits()[l].site == s) used[l] += static_cast<double>(n) * r_.limits()[l].weight[p];
  }

  void rent() {
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s)
        for (std::size_t t = 0; t < in_.months; ++t)
          d_.rented[p][s][t] = std::max<std::int64_t>(0, needed(p, s, t) - d_.owned[p][s][t]);
  }

  const PlanInstance& in_;
  const Dual& r_;
  Grid need_;
  Months total_;  ///< [t]: of need_ while servers are bought
  PlanDecision d_;
};

double servers_usd(const PlanInstance& in, const PlanDecision& d, std::size_t p, std::size_t s,
                   std::size_t t) {
  double usd = static_cast<double>(d.owned[p][s][t]) * in.owned_usd(p, s) * in.discount[t];
  if (d.orders[p][s][t] > 0) usd += static_cast<double>(d.orders[p][s][t]) * in.order_usd(p, t);
  if (d.rented[p][s][t] > 0)
    usd += static_cast<double>(d.rented[p][s][t]) * in.rented_usd(p, s) * in.discount[t];
  return usd;
}

double energy_usd(const PlanInstance& in, const PlanDecision& d, std::size_t p, std::size_t s,
                  std::size_t t) {
  double busy = 0;
  for (std::size_t w = 0; w < in.demands; ++w)
    if (d.share[w][p][s][t] > 0) busy += d.share[w][p][s][t] * in.busy(w, p, t);
  return busy * in.kwh_busy(p, s) * in.usd_per_kwh(s) * in.discount[t];
}

double unmet_usd(const PlanInstance& in, const PlanDecision& d, std::size_t t) {
  double usd = 0;
  for (std::size_t w = 0; w < in.demands; ++w)
    if (d.unmet[w][t] > 0)
      usd += d.unmet[w][t] * in.requests(w, t) * in.scenario.demands[w].unmet_usd.value_or(0);
  return usd * in.discount[t];
}

/// The discounted cost, as the finished document has it.
double cost_of(const PlanInstance& in, const PlanDecision& d) {
  double usd = 0;
  for (std::size_t t = 0; t < in.months; ++t) {
    for (std::size_t p = 0; p < in.offers; ++p)
      for (std::size_t s = 0; s < in.sites; ++s)
        usd += servers_usd(in, d, p, s, t) + energy_usd(in, d, p, s, t);
    usd += unmet_usd(in, d, t);
  }
  return usd;
}

}  // namespace

bool can_plan_by_price(const PlanInstance& in) {
  const PlanPolicy& policy = in.scenario.policy;
  if (!policy.budget_usd_per_year.empty() || policy.carbon_cap_kg_per_year || policy.max_vendor_share)
    return false;
  for (std::size_t p = 0; p < in.offers; ++p) {
    if (in.scenario.offers[p].life_months < static_cast<std::int64_t>(in.months)) return false;
    for (std::size_t s = 0; s < in.sites; ++s)
      if (in.expired[p][s].back() > 0 || (in.owned[p][s] > 0 && !in.scenario.offers[p].rent_usd_per_h))
        return false;
  }
  return true;
}

PricedPlan plan_by_price(const PlanInstance& in, int rounds, const std::function<bool()>& more) {
  constexpr int kPlanEvery = 50, kPatience = 8;
  Dual r(in);
  PricedPlan best{std::nullopt, -kNever};
  double cheapest = kNever, pace = 1;
  Prices best_prices = r.prices();
  int since = 0;
  for (int i = 0; i < rounds && !Interrupt::requested(); ++i) {
    const bool last = i + 1 == rounds || (i > 0 && !more());
    r.solve();
    if (r.bound() > best.bound) {
      best.bound = r.bound();
      best_prices = r.prices();
      since = 0;
    } else if (++since >= kPatience) {
      pace /= 2;
      since = 0;
      r.set_prices(best_prices);
      r.solve();
    }
    if (i > 0 && (i % kPlanEvery == 0 || last))
      if (auto decision = Buyer(in, r).decide())
        if (const double usd = cost_of(in, *decision); usd < cheapest) {
          cheapest = usd;
          best.decision = std::move(decision);
        }
    if (last) break;
    r.step(cheapest < kNever ? cheapest : best.bound * 1.05, pace);
  }
  return best;
}

}  // namespace ridgepoint
