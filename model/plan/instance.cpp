// SPDX-License-Identifier: Apache-2.0
#include "model/plan/instance.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {
namespace {

double growth_of(const Growth& g, GrowthCase c) {
  return c == GrowthCase::low ? g.low : c == GrowthCase::high ? g.high : g.base;
}

/// Batch work may wait: with a day or more the mean counts, with none the peak, in between a straight line.
double smoothing(const Demand& d) {
  if (d.kind == DemandKind::interactive) return d.peak_factor;
  const double left = std::clamp(1 - d.deadline_h.value_or(24) / 24, 0.0, 1.0);
  return 1 + (d.peak_factor - 1) * left;
}

template <class T>
std::size_t index_of(const std::vector<T>& list, const std::string& id) {
  return static_cast<std::size_t>(std::ranges::find(list, id, &T::id) - list.begin());
}

}  // namespace

PlanInstance::PlanInstance(const Scenario& sc, const std::vector<Suitability>& suitability)
    : scenario(sc),
      demands(sc.demands.size()),
      offers(sc.offers.size()),
      sites(sc.sites.size()),
      months(static_cast<std::size_t>(sc.months)) {
  for (std::size_t w = 0; w < demands; ++w) {
    const Demand& d = sc.demands[w];
    std::vector<Pairing> row(offers);
    for (std::size_t p = 0; p < offers; ++p) {
      const Suitability& fit = suitability[w * offers + p];
      if (!fit.suitable) continue;
      row[p].suitable = true;
      row[p].per_s = *fit.per_s;
      if (d.kind == DemandKind::interactive)
        row[p].target = {*fit.patience_s * *fit.per_s, *d.late_share,
                         (d.arrival_scv.value_or(1) + d.service_scv.value_or(1)) / 2};
    }
    pairing.push_back(std::move(row));
    std::vector<bool> here(sites, d.sites.empty());
    for (const std::string& id : d.sites) here[index_of(sc.sites, id)] = true;
    may_run.push_back(std::move(here));
    std::vector<double> mean(months), sized(months);
    for (std::size_t t = 0; t < months; ++t) {
      mean[t] = d.requests_per_s * std::pow(1 + growth_of(d.growth, sc.growth), static_cast<double>(t) / 12) *
                (d.season.empty() ? 1 : d.season[t % 12]);
      sized[t] = mean[t] * smoothing(d);
    }
    mean_rate.push_back(std::move(mean));
    plan_rate.push_back(std::move(sized));
  }
  for (std::size_t t = 0; t < months; ++t)
    discount.push_back(std::pow(1 + sc.policy.discount_per_year, -static_cast<double>(t) / 12));
  owned.assign(offers, std::vector<std::int64_t>(sites));
  expired.assign(offers, std::vector(sites, std::vector<std::int64_t>(months)));
  for (const ExistingServers& e : sc.existing) {
    const std::size_t p = index_of(sc.offers, e.offer), s = index_of(sc.sites, e.site);
    owned[p][s] += e.servers;
    const std::int64_t left = std::max<std::int64_t>(0, sc.offers[p].life_months - e.age_months);
    for (auto t = static_cast<std::size_t>(left); t < months; ++t) expired[p][s][t] += e.servers;
  }
}

double PlanInstance::kwh_idle(std::size_t p, std::size_t s) const {
  return scenario.offers[p].idle_w / 1000 * kHoursPerMonth * scenario.sites[s].pue;
}
double PlanInstance::kwh_busy(std::size_t p, std::size_t s) const {
  return (scenario.offers[p].load_w - scenario.offers[p].idle_w) / 1000 * kHoursPerMonth *
         scenario.sites[s].pue;
}
double PlanInstance::carbon_usd_per_kwh(std::size_t s) const {
  return scenario.sites[s].carbon_g_per_kwh * 1e-6 * scenario.policy.carbon_usd_per_t.value_or(0);
}
double PlanInstance::usd_per_kwh(std::size_t s) const {
  return scenario.sites[s].electricity_usd_per_kwh + carbon_usd_per_kwh(s);
}
double PlanInstance::carbon_usd_embodied(std::size_t p) const {
  return scenario.offers[p].embodied_kg.value_or(0) * 1e-3 * scenario.policy.carbon_usd_per_t.value_or(0);
}
double PlanInstance::owned_usd(std::size_t p, std::size_t s) const {
  const ServerOffer& o = scenario.offers[p];
  return kwh_idle(p, s) * usd_per_kwh(s) +
         o.load_w / 1000 * scenario.sites[s].space_usd_per_kw_month.value_or(0) +
         o.buy_usd.value_or(0) * o.maintenance_per_year.value_or(0) / 12;
}
double PlanInstance::rented_usd(std::size_t p, std::size_t s) const {
  return *scenario.offers[p].rent_usd_per_h * kHoursPerMonth + kwh_idle(p, s) * carbon_usd_per_kwh(s);
}
double PlanInstance::residual_usd(std::size_t p, std::size_t t) const {
  const ServerOffer& o = scenario.offers[p];
  const double used =
      static_cast<double>(months) - static_cast<double>(t) - static_cast<double>(o.lead_months);
  return o.buy_usd.value_or(0) * o.residual.value_or(0) *
         std::clamp(1 - used / static_cast<double>(o.life_months), 0.0, 1.0);
}
double PlanInstance::order_usd(std::size_t p, std::size_t t) const {
  const double last = std::pow(1 + scenario.policy.discount_per_year, -static_cast<double>(months) / 12);
  return (*scenario.offers[p].buy_usd + carbon_usd_embodied(p)) * discount[t] - residual_usd(p, t) * last;
}
bool PlanInstance::can_order(std::size_t p, std::size_t t) const {
  const ServerOffer& o = scenario.offers[p];
  return o.buy_usd && t + static_cast<std::size_t>(o.lead_months) < months &&
         o.stock_per_month.value_or(1) > 0;
}

}  // namespace ridgepoint
