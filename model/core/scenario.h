// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/codec.h"
#include "model/core/fact.h"
#include "model/core/provenance.h"

namespace ridgepoint {

enum class DemandKind { batch, interactive };

constexpr auto names(DemandKind) {
  return enum_names<DemandKind>({{DemandKind::batch, "batch"}, {DemandKind::interactive, "interactive"}});
}

enum class GrowthCase { low, base, high };

constexpr auto names(GrowthCase) {
  return enum_names<GrowthCase>(
      {{GrowthCase::low, "low"}, {GrowthCase::base, "base"}, {GrowthCase::high, "high"}});
}

/// Which end of the throughput's error bar a plan trusts: p90 takes the 10 % quantile of throughput.
enum class Caution { p50, p90 };

constexpr auto names(Caution) { return enum_names<Caution>({{Caution::p50, "p50"}, {Caution::p90, "p90"}}); }

/// Growth of demand a year: 0.3 = 30 % more after twelve months, compound.
struct Growth {
  double low = 0, base = 0, high = 0;
};

template <class Io>
void fields(Io& io, Growth& g) {
  io.field("low", g.low);
  io.field("base", g.base);
  io.field("high", g.high);
}

/// What is asked for, all sites together.
struct Demand {
  std::string id;
  DemandKind kind = DemandKind::batch;
  std::optional<std::string> workload;      ///< catalogue id; absent when the scenario gives throughputs
  std::optional<double> units_per_request;  ///< units of work of that workload in one request; absent = 1
  double requests_per_s = 0;                ///< mean over the first month
  double peak_factor = 1;                   ///< busiest hour over the mean
  Growth growth;
  std::vector<double> season;        ///< twelve factors, from the plan's first month; none = flat
  std::optional<double> deadline_h;  ///< batch: work may wait this long; from 24 h on the mean counts
  std::optional<double> latency_s;   ///< interactive: wait and service together
  std::optional<double> late_share;  ///< interactive: this share may be later
  std::optional<double> arrival_scv, service_scv;  ///< squared coefficients of variation; absent = 1
  std::optional<double>
      unmet_usd;                   ///< loss for one request not served; absent = every request must be served
  std::vector<std::string> sites;  ///< where the data may be worked on; none = everywhere
  std::vector<std::string> offers;  ///< platforms it may run on; none = all
};

template <class Io>
void fields(Io& io, Demand& d) {
  io.field("id", d.id);
  io.field("kind", d.kind);
  io.field("workload", d.workload);
  io.field("units_per_request", d.units_per_request);
  io.field("requests_per_s", d.requests_per_s);
  io.field("peak_factor", d.peak_factor);
  io.field("growth", d.growth);
  io.field("season", d.season);
  io.field("deadline_h", d.deadline_h);
  io.field("latency_s", d.latency_s);
  io.field("late_share", d.late_share);
  io.field("arrival_scv", d.arrival_scv);
  io.field("service_scv", d.service_scv);
  io.field("unmet_usd", d.unmet_usd);
  io.field("sites", d.sites);
  io.field("offers", d.offers);
}

struct SupplySite {
  std::string id;
  double power_w = 0;               ///< for servers, cooling apart
  std::optional<double> cooling_w;  ///< heat that can be removed; absent = as much as the power
  double rack_units = 0;
  double electricity_usd_per_kwh = 0;
  double carbon_g_per_kwh = 0;
  double pue = 1;                                ///< all power over servers' power
  std::optional<double> space_usd_per_kw_month;  ///< per kW of installed servers; absent = not charged
};

template <class Io>
void fields(Io& io, SupplySite& s) {
  io.field("id", s.id);
  io.field("power_w", s.power_w);
  io.field("cooling_w", s.cooling_w);
  io.field("rack_units", s.rack_units);
  io.field("electricity_usd_per_kwh", s.electricity_usd_per_kwh);
  io.field("carbon_g_per_kwh", s.carbon_g_per_kwh);
  io.field("pue", s.pue);
  io.field("space_usd_per_kw_month", s.space_usd_per_kw_month);
}

/// A server that can be bought or rented: so many devices of one platform.
struct ServerOffer {
  std::string id;
  std::string platform;  ///< catalogue id; a made-up one when the scenario gives throughputs
  std::string vendor;
  std::string kind;                      ///< cpu, gpu ...: as the catalogue's class
  std::int64_t devices = 1;              ///< each serves one request at a time
  std::optional<double> buy_usd;         ///< absent = not for sale
  std::optional<double> rent_usd_per_h;  ///< absent = not for rent
  double idle_w = 0, load_w = 0;
  double rack_units = 1;
  std::optional<std::int64_t> stock_per_month;  ///< servers, all sites together; absent = any number
  std::optional<std::int64_t> rent_limit;       ///< servers at once and site; absent = any number
  std::int64_t lead_months = 0;                 ///< from order to service
  std::int64_t life_months = 60;                ///< then it must go
  std::optional<double> maintenance_per_year;   ///< share of the price; absent = none
  std::optional<double> residual;  ///< share of the straight-line book value got back at the end; absent = 0
  std::optional<double> embodied_kg;   ///< CO2e of making one
  std::optional<double> availability;  ///< share of servers that work; absent = 1
  Basis basis = Basis::assumed;        ///< of prices and power
  std::string source;
};

template <class Io>
void fields(Io& io, ServerOffer& o) {
  io.field("id", o.id);
  io.field("platform", o.platform);
  io.field("vendor", o.vendor);
  io.field("kind", o.kind);
  io.field("devices", o.devices);
  io.field("buy_usd", o.buy_usd);
  io.field("rent_usd_per_h", o.rent_usd_per_h);
  io.field("idle_w", o.idle_w);
  io.field("load_w", o.load_w);
  io.field("rack_units", o.rack_units);
  io.field("stock_per_month", o.stock_per_month);
  io.field("rent_limit", o.rent_limit);
  io.field("lead_months", o.lead_months);
  io.field("life_months", o.life_months);
  io.field("maintenance_per_year", o.maintenance_per_year);
  io.field("residual", o.residual);
  io.field("embodied_kg", o.embodied_kg);
  io.field("availability", o.availability);
  io.field("basis", o.basis);
  io.field("source", o.source);
}

/// Requests a second on one device. Where none is given the model estimates it.
struct Throughput {
  std::string demand, offer;
  double per_s = 0;
  std::optional<double> lo, hi;  ///< 10 % and 90 % quantiles
  Basis basis = Basis::assumed;
  std::string source;
};

template <class Io>
void fields(Io& io, Throughput& t) {
  io.field("demand", t.demand);
  io.field("offer", t.offer);
  io.field("per_s", t.per_s);
  io.field("lo", t.lo);
  io.field("hi", t.hi);
  io.field("basis", t.basis);
  io.field("source", t.source);
}

struct ExistingServers {
  std::string offer, site;
  std::int64_t servers = 0;
  std::int64_t age_months = 0;
};

template <class Io>
void fields(Io& io, ExistingServers& e) {
  io.field("offer", e.offer);
  io.field("site", e.site);
  io.field("servers", e.servers);
  io.field("age_months", e.age_months);
}

struct PlanPolicy {
  std::optional<double> max_vendor_share;   ///< of installed power, once the first order can have arrived
  bool spare_server = false;                ///< N+1: one server of each platform in use at a site stays free
  std::vector<double> budget_usd_per_year;  ///< purchases; none = no limit; the last one holds on
  std::optional<double> carbon_cap_kg_per_year;  ///< energy and making
  std::optional<double> carbon_usd_per_t;        ///< internal price; absent = none
  double discount_per_year = 0;
};

template <class Io>
void fields(Io& io, PlanPolicy& p) {
  io.field("max_vendor_share", p.max_vendor_share);
  io.field("spare_server", p.spare_server);
  io.field("budget_usd_per_year", p.budget_usd_per_year);
  io.field("carbon_cap_kg_per_year", p.carbon_cap_kg_per_year);
  io.field("carbon_usd_per_t", p.carbon_usd_per_t);
  io.field("discount_per_year", p.discount_per_year);
}

/// The document `scenario`: what `ridgepoint plan` is asked.
struct Scenario {
  std::string id;
  std::string name;
  std::string start;  ///< YYYY-MM, the first month
  std::int64_t months = 12;
  Caution caution = Caution::p90;
  GrowthCase growth = GrowthCase::base;
  std::vector<Demand> demands;
  std::vector<SupplySite> sites;
  std::vector<ServerOffer> offers;
  std::vector<Throughput> throughputs;
  std::vector<ExistingServers> existing;
  PlanPolicy policy;
  std::vector<std::string> assumptions;
};

template <class Io>
void fields(Io& io, Scenario& s) {
  io.field("id", s.id);
  io.field("name", s.name);
  io.field("start", s.start);
  io.field("months", s.months);
  io.field("caution", s.caution);
  io.field("growth", s.growth);
  io.field("demands", s.demands);
  io.field("sites", s.sites);
  io.field("offers", s.offers);
  io.field("throughputs", s.throughputs);
  io.field("existing", s.existing);
  io.field("policy", s.policy);
  io.field("assumptions", s.assumptions);
}

/// Ids unique and known, numbers in range, months and sizes within limits. `where` names the input.
Result<void> check_scenario(const Scenario& scenario, const std::string& where);

// Compiled once, in documents.cpp.
extern template Json encode(const Scenario&);
extern template Result<Scenario> decode<Scenario>(const Json&, const std::string&);

}  // namespace ridgepoint
