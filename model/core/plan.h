// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/recommendation.h"
#include "model/core/scenario.h"

namespace ridgepoint {

/// One demand on one offer: may it run there, and how fast on one device?
struct Suitability {
  std::string demand, offer;
  bool suitable = false;
  std::string reason;           ///< why not; empty when suitable
  std::optional<double> per_s;  ///< requests a second and device the plan counts on
  std::optional<double> per_s_median;
  std::optional<double> patience_s;  ///< interactive: the wait that is left of the latency
  Basis basis = Basis::modelled;
  std::string source;
};

template <class Io>
void fields(Io& io, Suitability& s) {
  io.field("demand", s.demand);
  io.field("offer", s.offer);
  io.field("suitable", s.suitable);
  io.field("reason", s.reason);
  io.field("per_s", s.per_s);
  io.field("per_s_median", s.per_s_median);
  io.field("patience_s", s.patience_s);
  io.field("basis", s.basis);
  io.field("source", s.source);
}

/// Servers of one offer at one site in one month. Months count from 0.
struct FleetRow {
  std::int64_t month = 0;
  std::string site, offer;
  std::int64_t owned = 0, ordered = 0, arrived = 0, retired = 0, rented = 0;
  double needed = 0;       ///< servers that the work takes, spare included
  double utilisation = 0;  ///< of the servers there, at peak: needed / (owned + rented)
  double busy = 0;         ///< servers busy on average
};

template <class Io>
void fields(Io& io, FleetRow& f) {
  io.field("month", f.month);
  io.field("site", f.site);
  io.field("offer", f.offer);
  io.field("owned", f.owned);
  io.field("ordered", f.ordered);
  io.field("arrived", f.arrived);
  io.field("retired", f.retired);
  io.field("rented", f.rented);
  io.field("needed", f.needed);
  io.field("utilisation", f.utilisation);
  io.field("busy", f.busy);
}

/// Work of one demand on one offer at one site in one month.
struct PlacedWork {
  std::int64_t month = 0;
  std::string demand, site, offer;
  double share = 0;                          ///< of the demand in that month
  double rate_per_s = 0;                     ///< that is planned for: the peak of interactive work
  double servers = 0;                        ///< that it takes
  std::optional<std::int64_t> workers = {};  ///< interactive: devices of the pool
  std::optional<double> late_share = {};     ///< interactive: P(wait > patience), by Erlang C
};

template <class Io>
void fields(Io& io, PlacedWork& p) {
  io.field("month", p.month);
  io.field("demand", p.demand);
  io.field("site", p.site);
  io.field("offer", p.offer);
  io.field("share", p.share);
  io.field("rate_per_s", p.rate_per_s);
  io.field("servers", p.servers);
  io.field("workers", p.workers);
  io.field("late_share", p.late_share);
}

struct Shortfall {
  std::int64_t month = 0;
  std::string demand;
  double share = 0;     ///< of the month's demand
  double requests = 0;  ///< not served in that month
  double usd = 0;       ///< what that costs, by the scenario
};

template <class Io>
void fields(Io& io, Shortfall& s) {
  io.field("month", s.month);
  io.field("demand", s.demand);
  io.field("share", s.share);
  io.field("requests", s.requests);
  io.field("usd", s.usd);
}

/// Money, energy and carbon of a month or of the whole plan. Money is discounted in `usd` alone.
struct PlanSums {
  double capex_usd = 0, rent_usd = 0, energy_usd = 0, space_usd = 0, maintenance_usd = 0, unmet_usd = 0,
         carbon_usd = 0, residual_usd = 0;  ///< residual: got back, counts against the others
  double usd = 0;                           ///< the objective: all of them, discounted to the first month
  double energy_kwh = 0, co2e_kg = 0;
  double stranded_server_months = 0;  ///< owned servers beyond what the work takes
};

template <class Io>
void fields(Io& io, PlanSums& s) {
  io.field("capex_usd", s.capex_usd);
  io.field("rent_usd", s.rent_usd);
  io.field("energy_usd", s.energy_usd);
  io.field("space_usd", s.space_usd);
  io.field("maintenance_usd", s.maintenance_usd);
  io.field("unmet_usd", s.unmet_usd);
  io.field("carbon_usd", s.carbon_usd);
  io.field("residual_usd", s.residual_usd);
  io.field("usd", s.usd);
  io.field("energy_kwh", s.energy_kwh);
  io.field("co2e_kg", s.co2e_kg);
  io.field("stranded_server_months", s.stranded_server_months);
}

/// A pool of the plan, simulated.
struct SimulatedPool {
  std::int64_t month = 0;
  std::string demand, site, offer;
  std::int64_t workers = 0;
  double offered_load = 0;
  double allowed_late_share = 0, predicted_late_share = 0;
  Interval late_share = {};  ///< seen, with its 95 % interval
  std::int64_t arrivals = 0;
  bool confirmed = false;  ///< the interval reaches down to what is allowed and is no wider than that
};

template <class Io>
void fields(Io& io, SimulatedPool& s) {
  io.field("month", s.month);
  io.field("demand", s.demand);
  io.field("site", s.site);
  io.field("offer", s.offer);
  io.field("workers", s.workers);
  io.field("offered_load", s.offered_load);
  io.field("allowed_late_share", s.allowed_late_share);
  io.field("predicted_late_share", s.predicted_late_share);
  io.field("late_share", s.late_share);
  io.field("arrivals", s.arrivals);
  io.field("confirmed", s.confirmed);
}

enum class PlanStatus { optimal, within_bound, infeasible, no_plan };

constexpr auto names(PlanStatus) {
  return enum_names<PlanStatus>({{PlanStatus::optimal, "optimal"},
                                 {PlanStatus::within_bound, "within-bound"},
                                 {PlanStatus::infeasible, "infeasible"},
                                 {PlanStatus::no_plan, "no-plan"}});
}

/// A constraint that the scenario would have to loosen, and by how much in the cheapest mix.
struct Relaxation {
  std::string constraint;  ///< "power at berlin", "stock of h100"
  double limit = 0;
  double excess = 0;  ///< the largest need above the limit
  std::string unit;
};

template <class Io>
void fields(Io& io, Relaxation& r) {
  io.field("constraint", r.constraint);
  io.field("limit", r.limit);
  io.field("excess", r.excess);
  io.field("unit", r.unit);
}

/// The same scenario with fewer platforms or another price.
struct PlanVariant {
  std::string name;
  PlanStatus status = PlanStatus::no_plan;
  std::optional<double> usd, lower_bound_usd;
  std::optional<double> usd_if_slow, usd_if_fast;  ///< throughputs at their 10 % and 90 % quantiles
  std::optional<double> energy_kwh, co2e_kg, unmet_usd, stranded_server_months;
};

template <class Io>
void fields(Io& io, PlanVariant& v) {
  io.field("name", v.name);
  io.field("status", v.status);
  io.field("usd", v.usd);
  io.field("lower_bound_usd", v.lower_bound_usd);
  io.field("usd_if_slow", v.usd_if_slow);
  io.field("usd_if_fast", v.usd_if_fast);
  io.field("energy_kwh", v.energy_kwh);
  io.field("co2e_kg", v.co2e_kg);
  io.field("unmet_usd", v.unmet_usd);
  io.field("stranded_server_months", v.stranded_server_months);
}

/// One figure a row, for dashboards.
struct PlanRow {
  std::string time;  ///< YYYY-MM
  std::string scenario, site, platform, workload, metric, unit;
  double value = 0;
  std::optional<double> lo, hi;
  Basis basis = Basis::modelled;
};

template <class Io>
void fields(Io& io, PlanRow& r) {
  io.field("time", r.time);
  io.field("scenario", r.scenario);
  io.field("site", r.site);
  io.field("platform", r.platform);
  io.field("workload", r.workload);
  io.field("metric", r.metric);
  io.field("unit", r.unit);
  io.field("value", r.value);
  io.field("lo", r.lo);
  io.field("hi", r.hi);
  io.field("basis", r.basis);
}

/// The document `plan`.
struct Plan {
  Provenance provenance;
  Scenario scenario;
  PlanStatus status = PlanStatus::no_plan;
  std::string solver;                     ///< "CBC 2.10.8", or "none"
  std::string method_used;                ///< "exact pools", "relaxed, then fixed pools", "rounded"
  std::optional<double> lower_bound_usd;  ///< no plan within the model is cheaper
  std::optional<double> gap;              ///< (usd - bound) / usd
  std::int64_t seed = 0;
  PlanSums sums;
  std::vector<PlanSums> months;
  std::vector<FleetRow> fleet;
  std::vector<PlacedWork> work;
  std::vector<Shortfall> shortfall;
  std::vector<Suitability> suitability;
  std::vector<SimulatedPool> simulated;
  std::vector<std::string> conflicts;   ///< infeasible: constraints that cannot all hold
  std::vector<Relaxation> relaxations;  ///< infeasible: the cheapest way out
  std::vector<PlanVariant> portfolio;
  std::optional<Interval> diversity_usd;  ///< best single platform minus free portfolio
  std::vector<PlanVariant> what_if;
  std::vector<Warning> warnings;
  std::vector<std::string> method;
  std::vector<PlanRow> rows;
};

template <class Io>
void fields(Io& io, Plan& p) {
  io.field("provenance", p.provenance);
  io.field("scenario", p.scenario);
  io.field("status", p.status);
  io.field("solver", p.solver);
  io.field("method_used", p.method_used);
  io.field("lower_bound_usd", p.lower_bound_usd);
  io.field("gap", p.gap);
  io.field("seed", p.seed);
  io.field("sums", p.sums);
  io.field("months", p.months);
  io.field("fleet", p.fleet);
  io.field("work", p.work);
  io.field("shortfall", p.shortfall);
  io.field("suitability", p.suitability);
  io.field("simulated", p.simulated);
  io.field("conflicts", p.conflicts);
  io.field("relaxations", p.relaxations);
  io.field("portfolio", p.portfolio);
  io.field("diversity_usd", p.diversity_usd);
  io.field("what_if", p.what_if);
  io.field("warnings", p.warnings);
  io.field("method", p.method);
  io.field("rows", p.rows);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Plan&);
extern template Result<Plan> decode<Plan>(const Json&, const std::string&);

}  // namespace ridgepoint
