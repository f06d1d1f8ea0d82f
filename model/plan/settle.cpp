// SPDX-License-Identifier: Apache-2.0
#include "model/plan/settle.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {
namespace {

constexpr double kSliver = 1e-9;

template <class T>
PlanCube<T> cube(const PlanInstance& in) {
  return PlanCube<T>(in.offers, std::vector(in.sites, std::vector<T>(in.months)));
}

double at(const std::vector<double>& x, std::int32_t column) {
  return column < 0 ? 0 : x[static_cast<std::size_t>(column)];
}

std::int64_t whole(const std::vector<double>& x, std::int32_t column) {
  return std::max<std::int64_t>(0, std::llround(at(x, column)));
}

template <class Do>
void for_places(const PlanInstance& in, const Do& action) {
  for (std::size_t p = 0; p < in.offers; ++p)
    for (std::size_t s = 0; s < in.sites; ++s) action(p, s);
}

void add(PlanSums& sum, const PlanSums& more) {
  sum.capex_usd += more.capex_usd;
  sum.rent_usd += more.rent_usd;
  sum.energy_usd += more.energy_usd;
  sum.space_usd += more.space_usd;
  sum.maintenance_usd += more.maintenance_usd;
  sum.unmet_usd += more.unmet_usd;
  sum.carbon_usd += more.carbon_usd;
  sum.residual_usd += more.residual_usd;
  sum.usd += more.usd;
  sum.energy_kwh += more.energy_kwh;
  sum.co2e_kg += more.co2e_kg;
  sum.stranded_server_months += more.stranded_server_months;
}

class Settler {
 public:
  Settler(const PlanInstance& in, const PlanDecision& d, Plan& plan) : in_(in), d_(d), plan_(plan) {}

  void run() {
    const double end =
        std::pow(1 + in_.scenario.policy.discount_per_year, -static_cast<double>(in_.months) / 12);
    double residual = 0;
    for (std::size_t t = 0; t < in_.months; ++t) {
      PlanSums sums;
      for_places(in_, [&](std::size_t p, std::size_t s) {
        place(p, s, t, sums);
        residual += static_cast<double>(d_.orders[p][s][t]) * in_.residual_usd(p, t);
      });
      shortfall(t, sums);
      sums.usd = (sums.capex_usd + sums.rent_usd + sums.energy_usd + sums.space_usd + sums.maintenance_usd +
                  sums.unmet_usd + sums.carbon_usd) *
                 in_.discount[t];
      if (t + 1 == in_.months) {
        sums.residual_usd = residual;
        sums.usd -= residual * end;
      }
      add(plan_.sums, sums);
      plan_.months.push_back(sums);
    }
  }

 private:
  void place(std::size_t p, std::size_t s, std::size_t t, PlanSums& sums) {
    const ServerOffer& o = in_.scenario.offers[p];
    const auto lead = static_cast<std::size_t>(o.lead_months);
    FleetRow row{static_cast<std::int64_t>(t), in_.scenario.sites[s].id, o.id};
    row.owned = d_.owned[p][s][t];
    row.ordered = d_.orders[p][s][t];
    row.arrived = t >= lead ? d_.orders[p][s][t - lead] : 0;
    row.rented = d_.rented[p][s][t];
    row.retired = (t == 0 ? in_.owned[p][s] : d_.owned[p][s][t - 1]) + row.arrived - row.owned;
    for (std::size_t w = 0; w < in_.demands; ++w) work(w, p, s, t, row);
    if (in_.scenario.policy.spare_server && row.needed > 0) row.needed += 1;
    const auto there = static_cast<double>(row.owned + row.rented);
    if (there == 0 && row.needed == 0 && row.ordered == 0 && row.retired == 0) return;
    row.utilisation = there > 0 ? row.needed / there : 0;
    money(p, s, row, sums);
    plan_.fleet.push_back(row);
  }

  void work(std::size_t w, std::size_t p, std::size_t s, std::size_t t, FleetRow& row) {
    const double share = d_.share[w][p][s][t];
    if (share <= 0) return;
    PlacedWork placed{static_cast<std::int64_t>(t), in_.scenario.demands[w].id, row.site, row.offer, share};
    placed.rate_per_s = share * in_.plan_rate[w][t];
    placed.servers = share * in_.load(w, p, t) / in_.devices(p);
    if (in_.interactive(w)) {
      placed.workers = d_.workers[w][p][s][t];
      placed.servers = static_cast<double>(*placed.workers) / in_.devices(p);
      placed.late_share = late_share(*placed.workers, share * in_.load(w, p, t), in_.pairing[w][p].target);
    }
    row.needed += placed.servers;
    row.busy += share * in_.busy(w, p, t);
    plan_.work.push_back(std::move(placed));
  }

  void money(std::size_t p, std::size_t s, const FleetRow& row, PlanSums& sums) const {
    const ServerOffer& o = in_.scenario.offers[p];
    const SupplySite& site = in_.scenario.sites[s];
    const auto owned = static_cast<double>(row.owned), rented = static_cast<double>(row.rented),
               ordered = static_cast<double>(row.ordered);
    const double paid_kwh = owned * in_.kwh_idle(p, s) + row.busy * in_.kwh_busy(p, s);
    const double kwh = paid_kwh + rented * in_.kwh_idle(p, s);
    sums.capex_usd += ordered * o.buy_usd.value_or(0);
    sums.rent_usd += rented * o.rent_usd_per_h.value_or(0) * kHoursPerMonth;
    sums.energy_usd += paid_kwh * site.electricity_usd_per_kwh;
    sums.space_usd += owned * o.load_w / 1000 * site.space_usd_per_kw_month.value_or(0);
    sums.maintenance_usd += owned * o.buy_usd.value_or(0) * o.maintenance_per_year.value_or(0) / 12;
    sums.carbon_usd += kwh * in_.carbon_usd_per_kwh(s) + ordered * in_.carbon_usd_embodied(p);
    sums.energy_kwh += kwh;
    sums.co2e_kg += kwh * site.carbon_g_per_kwh / 1000 + ordered * o.embodied_kg.value_or(0);
    const double works = o.availability.value_or(1);
    sums.stranded_server_months += std::clamp(owned + rented - row.needed / works, 0.0, owned);
  }

  void shortfall(std::size_t t, PlanSums& sums) {
    for (std::size_t w = 0; w < in_.demands; ++w) {
      const double share = d_.unmet[w][t];
      if (share <= 0) continue;
      const Demand& d = in_.scenario.demands[w];
      Shortfall short_of{static_cast<std::int64_t>(t), d.id, share, share * in_.requests(w, t), 0};
      short_of.usd = short_of.requests * d.unmet_usd.value_or(0);
      sums.unmet_usd += short_of.usd;
      plan_.shortfall.push_back(std::move(short_of));
    }
  }

  const PlanInstance& in_;
  const PlanDecision& d_;
  Plan& plan_;
};

}  // namespace

PlanDecision decide(const PlanInstance& in, const Formulation& f, const std::vector<double>& x,
                    const FixedPools* fixed) {
  PlanDecision d;
  d.orders = d.owned = d.rented = cube<std::int64_t>(in);
  d.share.assign(in.demands, cube<double>(in));
  d.workers.assign(in.demands, cube<std::int64_t>(in));
  d.unmet.assign(in.demands, std::vector<double>(in.months));
  for (std::size_t t = 0; t < in.months; ++t) {
    for_places(in, [&](std::size_t p, std::size_t s) {
      d.orders[p][s][t] = whole(x, f.orders[p][s][t]);
      d.owned[p][s][t] = whole(x, f.owned[p][s][t]);
      d.rented[p][s][t] = whole(x, f.rented[p][s][t]);
    });
    for (std::size_t w = 0; w < in.demands; ++w) {
      d.unmet[w][t] = at(x, f.unmet[w][t]) < kSliver ? 0 : std::min(1.0, at(x, f.unmet[w][t]));
      for_places(in, [&](std::size_t p, std::size_t s) {
        const double share = at(x, f.share[w][p][s][t]);
        if (share < kSliver) return;
        d.share[w][p][s][t] = std::min(share, 1.0);
        if (!in.interactive(w)) return;
        d.workers[w][p][s][t] = fewest_workers(share * in.load(w, p, t), in.pairing[w][p].target);
        if (fixed != nullptr)
          d.workers[w][p][s][t] = std::min(d.workers[w][p][s][t], (*fixed)[w][p][s][t].workers);
      });
    }
  }
  return d;
}

FixedPools pools_of(const PlanInstance& in, const Formulation& f, const std::vector<double>& x,
                    double least_share) {
  FixedPools pools(in.demands,
                   std::vector(in.offers, std::vector(in.sites, std::vector<FixedPool>(in.months))));
  for (std::size_t w = 0; w < in.demands; ++w) {
    if (!in.interactive(w)) continue;
    for (std::size_t t = 0; t < in.months; ++t) {
      double sum = 0, largest = 0, kept = 0;
      for_places(in, [&](std::size_t p, std::size_t s) {
        sum += at(x, f.share[w][p][s][t]);
        largest = std::max(largest, at(x, f.share[w][p][s][t]));
      });
      if (largest < kSliver) continue;
      const auto keep = [&](double share) {
        return share >= kSliver && (share >= least_share * sum || share == largest);
      };
      for_places(in, [&](std::size_t p, std::size_t s) {
        if (const double share = at(x, f.share[w][p][s][t]); keep(share)) kept += share;
      });
      for_places(in, [&](std::size_t p, std::size_t s) {
        const double share = at(x, f.share[w][p][s][t]);
        if (!keep(share)) return;
        FixedPool& pool = pools[w][p][s][t];
        pool.share = std::min(1.0, share * sum / kept);
        pool.workers = fewest_workers(pool.share * in.load(w, p, t), in.pairing[w][p].target);
      });
    }
  }
  return pools;
}

void settle(const PlanInstance& in, const PlanDecision& decision, Plan& plan) {
  Settler(in, decision, plan).run();
}

std::vector<std::string> broken_promises(const PlanInstance& in, const Plan& plan) {
  std::vector<std::string> broken;
  for (const FleetRow& row : plan.fleet) {
    const auto p = static_cast<std::size_t>(
        std::ranges::find(in.scenario.offers, row.offer, &ServerOffer::id) - in.scenario.offers.begin());
    const double works =
        in.scenario.offers[p].availability.value_or(1) * static_cast<double>(row.owned + row.rented);
    if (row.needed > works + 1e-5 * std::max(1.0, works))
      broken.push_back("too few " + row.offer + " at " + row.site + " in month " + std::to_string(row.month));
    if (row.retired < 0)
      broken.push_back("more " + row.offer + " at " + row.site + " than were bought, month " +
                       std::to_string(row.month));
  }
  for (const PlacedWork& work : plan.work) {
    const Demand& d = *std::ranges::find(in.scenario.demands, work.demand, &Demand::id);
    if (work.late_share && *work.late_share > *d.late_share * (1 + 1e-6))
      broken.push_back("the pool of " + work.demand + " at " + work.site + " is late too often in month " +
                       std::to_string(work.month));
  }
  std::vector<std::vector<double>> served(in.demands, std::vector<double>(in.months));
  const auto row_of = [&](const std::string& id) {
    return static_cast<std::size_t>(std::ranges::find(in.scenario.demands, id, &Demand::id) -
                                    in.scenario.demands.begin());
  };
  for (const PlacedWork& work : plan.work)
    served[row_of(work.demand)][static_cast<std::size_t>(work.month)] += work.share;
  for (const Shortfall& s : plan.shortfall)
    served[row_of(s.demand)][static_cast<std::size_t>(s.month)] += s.share;
  for (std::size_t w = 0; w < in.demands; ++w)
    for (std::size_t t = 0; t < in.months; ++t)
      if (in.plan_rate[w][t] > 0 && std::fabs(served[w][t] - 1) > 1e-6)
        broken.push_back("work of " + in.scenario.demands[w].id + " is lost in month " + std::to_string(t));
  return broken;
}

}  // namespace ridgepoint
