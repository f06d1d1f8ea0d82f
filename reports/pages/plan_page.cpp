// SPDX-License-Identifier: Apache-2.0
#include "model/core/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/core/text.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

std::string month_name(const Plan& p, std::int64_t offset) {
  const std::string& start = p.scenario.start;
  const std::int64_t n = std::stoll(start.substr(0, 4)) * 12 + std::stoll(start.substr(5, 2)) - 1 + offset;
  const std::string month = std::to_string(n % 12 + 1);
  return std::to_string(n / 12) + (month.size() < 2 ? "-0" : "-") + month;
}

Text count_of(std::int64_t n) { return quantity(static_cast<double>(n), "1"); }

Text percent_with_range(const Interval& i) {
  return percent(i.value) + aside(between(percent(i.lo), percent(i.hi)));
}

bool has_plan(const Plan& p) { return !p.months.empty(); }

Text lead_of(const Plan& p) {
  if (p.status == PlanStatus::infeasible)
    return toned("No plan can meet this scenario", Tone::bad) + ": " +
           (p.conflicts.empty() ? Text("its constraints cannot all hold.")
                                : "these cannot all hold: " + Text(listed(p.conflicts)) + ".");
  if (!has_plan(p))
    return toned("No plan was found", Tone::bad) + " in the time given, and none was ruled out.";
  Text lead = "The plan costs " + strong("") + quantity(p.sums.usd, "usd") + " over " +
              counted(p.months.size(), "month", "months");
  if (p.gap && p.status != PlanStatus::optimal)
    lead += "; no plan within the model is more than " + percent(*p.gap) + " cheaper";
  if (p.status == PlanStatus::optimal) lead += "; none is cheaper";
  lead += ". ";
  if (p.shortfall.empty())
    lead += toned("All demand is served.", Tone::good);
  else
    lead += toned("Some demand is not served", Tone::bad) + ": see the shortfall.";
  return lead;
}

Section answer_section(const Plan& p) {
  const PlanSums& s = p.sums;
  KeyValues list;
  list.rows = {{"Cost, discounted", quantity(s.usd, "usd")},
               {"Lower bound", or_unknown(p.lower_bound_usd, "usd")},
               {"Purchases", quantity(s.capex_usd, "usd")},
               {"Got back at the end", quantity(s.residual_usd, "usd")},
               {"Rent", quantity(s.rent_usd, "usd")},
               {"Energy", quantity(s.energy_usd, "usd")},
               {"Space", quantity(s.space_usd, "usd")},
               {"Maintenance", quantity(s.maintenance_usd, "usd")},
               {"Loss by unmet work", quantity(s.unmet_usd, "usd")},
               {"Carbon price", quantity(s.carbon_usd, "usd")},
               {"Electricity used", quantity(s.energy_kwh, "kWh")},
               {"CO2e", quantity(s.co2e_kg, "kg")},
               {"Idle beyond need", quantity(s.stranded_server_months, "server-months")},
               {"Demand case", std::string(name_of(p.scenario.growth)) + " growth, throughput at " +
                                   std::string(name_of(p.scenario.caution))}};
  return {"The answer", {list}};
}

StackChart fleet_chart(const Plan& p) {
  StackChart chart{"Servers by month", "Servers", {}, {}};
  std::map<std::string, std::vector<double>> owned, rented;
  for (std::size_t t = 0; t < p.months.size(); ++t)
    chart.columns.push_back(month_name(p, static_cast<std::int64_t>(t)));
  const auto grow = [&](auto& layers, const FleetRow& f, std::int64_t n) {
    if (n == 0) return;
    auto& layer = layers[f.offer];
    layer.resize(p.months.size());
    layer[static_cast<std::size_t>(f.month)] += static_cast<double>(n);
  };
  for (const FleetRow& f : p.fleet) {
    if (f.month < 0 || f.month >= static_cast<std::int64_t>(p.months.size())) continue;
    grow(owned, f, std::max<std::int64_t>(0, f.owned));
    grow(rented, f, std::max<std::int64_t>(0, f.rented));
  }
  for (auto& [name, values] : owned) chart.layers.push_back({name, std::move(values)});
  for (auto& [name, values] : rented) chart.layers.push_back({name + ", rented", std::move(values)});
  return chart;
}

Table fleet_table(const Plan& p, bool all) {
  Table table;
  table.caption = all ? "Fleet by site and month" : "Fleet at the start, each year's end and the end";
  table.columns = {{"Month", Align::text},
                   {"Site", Align::text},
                   {"Server", Align::text},
                   {"Owned", Align::number},
                   {"Ordered", Align::number},
                   {"Arrived", Align::number},
                   {"Retired", Align::number},
                   {"Rented", Align::number},
                   {"Utilisation at peak", Align::number},
                   {"Headroom at peak", Align::number}};
  const auto last = static_cast<std::int64_t>(p.months.size()) - 1;
  for (const FleetRow& f : p.fleet) {
    if (!all && f.month != 0 && f.month != last && f.month % 12 != 11) continue;
    const bool any = f.owned + f.rented > 0;
    table.rows.push_back({{month_name(p, f.month), f.site, f.offer, count_of(f.owned), count_of(f.ordered),
                           count_of(f.arrived), count_of(f.retired), count_of(f.rented),
                           any ? percent(f.utilisation) : quiet("none"),
                           any ? percent(std::max(0.0, 1 - f.utilisation), Origin::derived) : quiet("none")},
                          Emphasis::none});
  }
  return table;
}

Section fleet_section(const Plan& p) {
  Section section{"What to buy, rent, keep and retire", {}};
  if (const StackChart chart = fleet_chart(p); chart.drawable())
    section.blocks.emplace_back(Figure{chart, stack_summary(chart)});
  section.blocks.emplace_back(fleet_table(p, false));
  return section;
}

Table work_table(const Plan& p, bool all) {
  Table table;
  table.caption = all ? "Which work runs where, every month" : "Which work runs where in the last month";
  table.columns = {{"Month", Align::text},     {"Demand", Align::text},  {"Site", Align::text},
                   {"Server", Align::text},    {"Share", Align::number}, {"Servers", Align::number},
                   {"Devices", Align::number}, {"Late", Align::number}};
  const auto last = static_cast<std::int64_t>(p.months.size()) - 1;
  for (const PlacedWork& w : p.work)
    if (all || w.month == last)
      table.rows.push_back({{month_name(p, w.month), w.demand, w.site, w.offer, percent(w.share),
                             quantity(w.servers, "1"), w.workers ? count_of(*w.workers) : quiet("shared"),
                             w.late_share ? percent(*w.late_share) : quiet("batch")},
                            Emphasis::none});
  return table;
}

Section shortfall_section(const Plan& p) {
  struct Sum {
    std::size_t months = 0;
    double worst = 0, requests = 0, usd = 0;
  };
  std::map<std::string, Sum> sums;
  for (const Shortfall& s : p.shortfall) {
    Sum& sum = sums[s.demand];
    ++sum.months;
    sum.worst = std::max(sum.worst, s.share);
    sum.requests += s.requests;
    sum.usd += s.usd;
  }
  Table table;
  table.caption = "Demand that is not served";
  table.columns = {{"Demand", Align::text},
                   {"Months", Align::number},
                   {"Worst month", Align::number},
                   {"Requests", Align::number},
                   {"Loss", Align::number}};
  for (const auto& [demand, sum] : sums)
    table.rows.push_back({{demand, derived(static_cast<double>(sum.months), "1"), percent(sum.worst),
                           derived(sum.requests, "1"), derived(sum.usd, "usd")},
                          Emphasis::none});
  return {"Shortfall", {table}};
}

Section conflict_section(const Plan& p) {
  Section section{"Why there is no plan", {}};
  if (!p.conflicts.empty()) section.blocks.emplace_back(bullets(p.conflicts));
  if (p.relaxations.empty()) return section;
  Table table;
  table.caption = "The cheapest way out: loosen these together";
  table.columns = {{"Constraint", Align::text},
                   {"Limit", Align::number},
                   {"Missing", Align::number},
                   {"Unit", Align::text}};
  for (const Relaxation& r : p.relaxations)
    table.rows.push_back(
        {{r.constraint, quantity(r.limit, "1"), quantity(r.excess, "1"), r.unit}, Emphasis::none});
  section.blocks.emplace_back(std::move(table));
  return section;
}

Table variants_table(const std::string& caption, const std::vector<PlanVariant>& variants) {
  Table table;
  table.caption = caption;
  table.columns = {{"Case", Align::text},
                   {"Cost", Align::number},
                   {"Lower bound", Align::number},
                   {"Energy", Align::number},
                   {"CO2e", Align::number},
                   {"Loss by unmet work", Align::number},
                   {"Idle server-months", Align::number}};
  for (const PlanVariant& v : variants)
    table.rows.push_back(
        {{v.name, v.usd ? quantity(*v.usd, "usd") : toned(std::string(name_of(v.status)), Tone::bad),
          or_unknown(v.lower_bound_usd, "usd"), or_unknown(v.energy_kwh, "kWh"), or_unknown(v.co2e_kg, "kg"),
          or_unknown(v.unmet_usd, "usd"), or_unknown(v.stranded_server_months, "1")},
         Emphasis::none});
  return table;
}

Section portfolio_section(const Plan& p) {
  Section section{"What diversity is worth", {}};
  if (p.diversity_usd)
    section.blocks.emplace_back(Paragraph{"Free choice among all platforms is worth " +
                                          quantity(p.diversity_usd->value, "usd") +
                                          aside(range(p.diversity_usd->lo, p.diversity_usd->hi, "usd")) +
                                          " against the best single platform. The range holds slow and fast "
                                          "throughputs and what the search left open."});
  section.blocks.emplace_back(variants_table("The same scenario with fewer platforms", p.portfolio));
  return section;
}

Section simulation_section(const Plan& p) {
  Table table;
  table.caption = "The most loaded pool of each demand, simulated (seed " + std::to_string(p.seed) + ")";
  table.columns = {{"Demand", Align::text},       {"Where", Align::text},
                   {"Devices", Align::number},    {"Allowed late", Align::number},
                   {"By formula", Align::number}, {"Simulated", Align::number},
                   {"Verdict", Align::text}};
  for (const SimulatedPool& s : p.simulated)
    table.rows.push_back(
        {{s.demand, s.offer + " at " + s.site + ", " + month_name(p, s.month), count_of(s.workers),
          percent(s.allowed_late_share), percent(s.predicted_late_share), percent_with_range(s.late_share),
          s.confirmed ? toned("holds", Tone::good) : toned("not confirmed", Tone::bad)},
         Emphasis::none});
  return {"Does the wait hold?", {table}};
}

Section suitability_section(const Plan& p) {
  Table table;
  table.caption = "Requests a second on one device";
  table.columns = {{"Demand", Align::text},   {"Server", Align::text}, {"Counted on", Align::number},
                   {"Median", Align::number}, {"Basis", Align::text},  {"Source or reason", Align::text}};
  for (const Suitability& s : p.suitability)
    table.rows.push_back(
        {{s.demand, s.offer, s.suitable ? or_unknown(s.per_s, "1") : toned("not suitable", Tone::caution),
          or_unknown(s.per_s_median, "1"), std::string(name_of(s.basis)), s.suitable ? s.source : s.reason},
         Emphasis::none});
  return {"How fast each server is", {table}, Depth::detail};
}

}  // namespace

Result<Page> plan_page(const Document& document) {
  return decode<Plan>(document.body, document.schema).map([](const Plan& p) {
    Page page;
    page.kind = "Capacity plan";
    page.title = p.scenario.name;
    page.lead = lead_of(p);
    if (has_plan(p)) {
      page.sections.push_back(answer_section(p));
      page.sections.push_back(fleet_section(p));
      page.sections.push_back({"Which work runs where", {work_table(p, false)}});
    } else {
      page.sections.push_back(conflict_section(p));
    }
    if (!p.shortfall.empty()) page.sections.push_back(shortfall_section(p));
    if (!p.portfolio.empty()) page.sections.push_back(portfolio_section(p));
    if (!p.what_if.empty())
      page.sections.push_back(
          {"What if", {variants_table("The scenario with one thing changed", p.what_if)}});
    if (!p.simulated.empty()) page.sections.push_back(simulation_section(p));
    if (has_plan(p))
      page.sections.push_back({"Every month", {fleet_table(p, true), work_table(p, true)}, Depth::detail});
    page.sections.push_back(suitability_section(p));
    if (!p.scenario.assumptions.empty())
      page.sections.push_back(
          {"Assumptions of the scenario", {bullets(p.scenario.assumptions)}, Depth::detail});
    if (!p.method.empty()) page.sections.push_back({"Method", {bullets(p.method)}, Depth::detail});
    add_warnings(page.sections, p.warnings);
    add_provenance(page, p.provenance);
    return page;
  });
}

Result<Page> scenario_page(const Document& document) {
  return decode<Scenario>(document.body, document.schema).map([](const Scenario& s) {
    Page page;
    page.kind = "Scenario";
    page.title = s.name;
    page.lead = "A capacity question over " +
                counted(static_cast<std::size_t>(std::max<std::int64_t>(0, s.months)), "month", "months") +
                " from " + s.start + ".";
    Table demands{"What is asked for",
                  {{"Demand", Align::text},
                   {"Kind", Align::text},
                   {"Requests a second", Align::number},
                   {"Peak factor", Align::number},
                   {"Growth a year", Align::number}},
                  0,
                  {},
                  0};
    for (const Demand& d : s.demands)
      demands.rows.push_back(
          {{d.id, std::string(name_of(d.kind)), quantity(d.requests_per_s, "1"), quantity(d.peak_factor, "1"),
            percent_with_range({d.growth.base, d.growth.low, d.growth.high})},
           Emphasis::none});
    Table offers{"What can be had",
                 {{"Server", Align::text},
                  {"Platform", Align::text},
                  {"Devices", Align::number},
                  {"To buy", Align::number},
                  {"To rent, an hour", Align::number},
                  {"Basis", Align::text}},
                 0,
                 {},
                 0};
    for (const ServerOffer& o : s.offers)
      offers.rows.push_back({{o.id, o.platform, count_of(o.devices), or_unknown(o.buy_usd, "usd"),
                              or_unknown(o.rent_usd_per_h, "usd"), std::string(name_of(o.basis))},
                             Emphasis::none});
    Table sites{"Where",
                {{"Site", Align::text},
                 {"Power", Align::number},
                 {"Rack units", Align::number},
                 {"Electricity, a kWh", Align::number}},
                0,
                {},
                0};
    for (const SupplySite& site : s.sites)
      sites.rows.push_back({{site.id, quantity(site.power_w, "w"), quantity(site.rack_units, "1"),
                             quantity(site.electricity_usd_per_kwh, "usd")},
                            Emphasis::none});
    page.sections.push_back({"The question", {demands, offers, sites}});
    if (!s.assumptions.empty()) page.sections.push_back({"Assumptions", {bullets(s.assumptions)}});
    return page;
  });
}

}  // namespace ridgepoint::report
