// SPDX-License-Identifier: Apache-2.0
#include "model/core/scenario.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "model/core/format.h"
#include "model/core/platform.h"

namespace ridgepoint {
namespace {

constexpr std::int64_t kMostMonths = 240, kMostCells = 400'000'000, kMostServers = 100'000'000;

/// Collects the first trouble, as Decoder does.
class Checker {
 public:
  explicit Checker(const std::string& where) : where_(where) {}

  void need(bool good, const std::string& what, const std::string& fix) {
    if (!good && !trouble_) trouble_ = Error{ErrorKind::bad_input, "'" + where_ + "': " + what, "", fix};
  }
  void in_range(double value, double least, double most, const std::string& what) {
    need(std::isfinite(value) && value >= least && value <= most,
         what + " is " + show_number(value) + ", not within " + show_number(least) + " to " +
             show_number(most),
         "give it in the unit its name says");
  }
  template <class T>
  void in_range(const std::optional<T>& value, double least, double most, const std::string& what) {
    if (value) in_range(static_cast<double>(*value), least, most, what);
  }
  void known(const std::string& id, const std::vector<std::string>& ids, const std::string& what) {
    if (std::ranges::find(ids, id) != ids.end()) return;
    const std::string near = nearest(id, ids);
    need(false, what + " '" + printable(id) + "' is not in the scenario",
         near.empty() ? "known are " + join(ids, ", ") : "did you mean '" + near + "'?");
  }
  Result<void> done() const {
    if (trouble_) return tl::make_unexpected(*trouble_);
    return {};
  }

 private:
  std::string where_;
  std::optional<Error> trouble_;
};

template <class T>
std::vector<std::string> ids_of(const std::vector<T>& list, const std::string& what, Checker& check) {
  std::vector<std::string> ids;
  for (const T& item : list) {
    check.need(!item.id.empty() && item.id.size() <= 80, what + " has no id, or one of over 80 letters",
               "give it a short id");
    check.need(std::ranges::find(ids, item.id) == ids.end(),
               "two " + what + "s have the id '" + printable(item.id) + "'", "rename one");
    ids.push_back(item.id);
  }
  check.need(!ids.empty(), "there is no " + what, "add at least one");
  return ids;
}

void check_demand(const Demand& d, const std::vector<std::string>& sites,
                  const std::vector<std::string>& offers, Checker& check) {
  const std::string name = "demand '" + printable(d.id) + "': ";
  check.in_range(d.requests_per_s, 0, 1e12, name + "requests_per_s");
  check.in_range(d.peak_factor, 1, 1000, name + "peak_factor");
  check.in_range(d.units_per_request, 1e-12, 1e12, name + "units_per_request");
  for (const double g : {d.growth.low, d.growth.base, d.growth.high})
    check.in_range(g, -0.99, 20, name + "growth");
  check.need(d.growth.low <= d.growth.base && d.growth.base <= d.growth.high,
             name + "growth must not fall from low to base to high", "order the three figures");
  check.need(d.season.empty() || d.season.size() == 12, name + "season has not twelve factors",
             "give twelve, or none");
  for (const double f : d.season) check.in_range(f, 0, 100, name + "season");
  check.in_range(d.unmet_usd, 0, 1e9, name + "unmet_usd");
  check.in_range(d.deadline_h, 0, 1e5, name + "deadline_h");
  check.in_range(d.arrival_scv, 0, 100, name + "arrival_scv");
  check.in_range(d.service_scv, 0, 100, name + "service_scv");
  const bool interactive = d.kind == DemandKind::interactive;
  check.need(interactive == d.latency_s.has_value() && interactive == d.late_share.has_value(),
             name + "latency_s and late_share go with interactive demand, and only with it",
             "give both, or neither");
  check.in_range(d.latency_s, 0, 1e9, name + "latency_s");
  check.in_range(d.late_share, 1e-6, 0.9, name + "late_share");
  for (const std::string& s : d.sites) check.known(s, sites, name + "site");
  for (const std::string& o : d.offers) check.known(o, offers, name + "offer");
}

void check_site(const SupplySite& s, Checker& check) {
  const std::string name = "site '" + printable(s.id) + "': ";
  check.in_range(s.power_w, 0, 1e12, name + "power_w");
  check.in_range(s.cooling_w, 0, 1e12, name + "cooling_w");
  check.in_range(s.rack_units, 0, 1e9, name + "rack_units");
  check.in_range(s.electricity_usd_per_kwh, 0, 100, name + "electricity_usd_per_kwh");
  check.in_range(s.carbon_g_per_kwh, 0, 5000, name + "carbon_g_per_kwh");
  check.in_range(s.pue, 1, 10, name + "pue");
  check.in_range(s.space_usd_per_kw_month, 0, 1e6, name + "space_usd_per_kw_month");
}

void check_offer(const ServerOffer& o, Checker& check) {
  const std::string name = "offer '" + printable(o.id) + "': ";
  check.in_range(static_cast<double>(o.devices), 1, 100000, name + "devices");
  check.in_range(o.buy_usd, 0, 1e9, name + "buy_usd");
  check.in_range(o.rent_usd_per_h, 0, 1e6, name + "rent_usd_per_h");
  check.in_range(o.idle_w, 0, 1e7, name + "idle_w");
  check.in_range(o.load_w, o.idle_w, 1e7, name + "load_w");
  check.in_range(o.rack_units, 0, 1000, name + "rack_units");
  check.in_range(o.stock_per_month, 0, 1e8, name + "stock_per_month");
  check.in_range(o.rent_limit, 0, 1e8, name + "rent_limit");
  check.in_range(static_cast<double>(o.lead_months), 0, 120, name + "lead_months");
  check.in_range(static_cast<double>(o.life_months), 1, 600, name + "life_months");
  check.in_range(o.maintenance_per_year, 0, 10, name + "maintenance_per_year");
  check.in_range(o.residual, 0, 1, name + "residual");
  check.in_range(o.embodied_kg, 0, 1e7, name + "embodied_kg");
  check.in_range(o.availability, 0.01, 1, name + "availability");
  check.need(!o.source.empty(), name + "its prices and power have no source",
             "say where they come from, or \"assumed\"");
}

void check_policy(const PlanPolicy& p, Checker& check) {
  check.in_range(p.max_vendor_share, 0.01, 1, "policy.max_vendor_share");
  for (const double b : p.budget_usd_per_year) check.in_range(b, 0, 1e13, "policy.budget_usd_per_year");
  check.in_range(p.carbon_cap_kg_per_year, 0, 1e13, "policy.carbon_cap_kg_per_year");
  check.in_range(p.carbon_usd_per_t, 0, 1e5, "policy.carbon_usd_per_t");
  check.in_range(p.discount_per_year, 0, 1, "policy.discount_per_year");
}

}  // namespace

Result<void> check_scenario(const Scenario& s, const std::string& where) {
  Checker check(where);
  check.need(is_month(s.start), "start '" + printable(s.start) + "' is not a month", "write YYYY-MM");
  check.in_range(static_cast<double>(s.months), 1, static_cast<double>(kMostMonths), "months");
  const auto demands = ids_of(s.demands, "demand", check), sites = ids_of(s.sites, "site", check),
             offers = ids_of(s.offers, "offer", check);
  check.need(static_cast<double>(s.months) * static_cast<double>(demands.size() * sites.size()) *
                     static_cast<double>(offers.size()) <
                 static_cast<double>(kMostCells),
             "demands x offers x months x sites is too large", "split the scenario");
  for (const Demand& d : s.demands) check_demand(d, sites, offers, check);
  for (const SupplySite& site : s.sites) check_site(site, check);
  for (const ServerOffer& o : s.offers) check_offer(o, check);
  std::set<std::pair<std::string, std::string>> given;
  for (const Throughput& t : s.throughputs) {
    const std::string name = "throughput of '" + printable(t.demand) + "' on '" + printable(t.offer) + "'";
    check.known(t.demand, demands, "throughput: demand");
    check.known(t.offer, offers, "throughput: offer");
    check.in_range(t.per_s, 1e-12, 1e12, name);
    check.in_range(t.lo, 1e-12, t.per_s, name + ", lo");
    check.in_range(t.hi, t.per_s, 1e12, name + ", hi");
    check.need(!t.source.empty(), name + " has no source", "say where it comes from, or \"assumed\"");
    check.need(given.insert({t.demand, t.offer}).second, name + " is given twice", "remove one");
  }
  for (const ExistingServers& e : s.existing) {
    check.known(e.offer, offers, "existing: offer");
    check.known(e.site, sites, "existing: site");
    check.in_range(static_cast<double>(e.servers), 0, static_cast<double>(kMostServers), "existing: servers");
    check.in_range(static_cast<double>(e.age_months), 0, 1200, "existing: age_months");
  }
  check_policy(s.policy, check);
  return check.done();
}

}  // namespace ridgepoint
