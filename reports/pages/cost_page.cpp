// SPDX-License-Identifier: Apache-2.0
#include "model/core/cost.h"

#include "model/core/format.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text cell(const std::optional<Interval>& i, const std::string& unit, double units = 1) {
  if (!i) return quiet("no total");
  const auto shown = [&](double v) { return units == 1 ? quantity(v, unit) : derived(v * units, unit); };
  Text text = shown(i->value);
  if (i->lo < i->value || i->hi > i->value) text += aside(between(shown(i->lo), shown(i->hi)));
  return text;
}

std::string many(double units) { return show(units, "1") + " units"; }

Table ways_table(const CostSheet& s) {
  Table table;
  table.caption = "Ways to pay for one device or socket, as of " + s.as_of;
  table.columns = {{"Way", Align::text}, {"A month", Align::number}, {"A useful hour", Align::number}};
  const bool job = s.time_s.has_value();
  if (job) table.columns.push_back({many(s.units), Align::number});
  for (const CostLine& l : s.lines) {
    Row row{{capitalised(l.title), cell(l.usd_per_month, "usd"), cell(l.usd_per_useful_hour, "usd")},
            Emphasis::none};
    if (job) row.cells.push_back(cell(l.usd_per_job, "usd", s.units));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// "usd/month" stands in the heading, so the numbers are shown as money.
std::string shown_unit(const std::string& unit) { return starts_with(unit, "usd") ? "usd" : unit; }

Section bill_section(const Bill& bill, Depth depth) {
  Section section{capitalised(bill.title), {}, depth};
  const std::string unit = shown_unit(bill.unit);
  Table table;
  table.caption = "Items in " + (unit == "usd" ? std::string("US dollars") : unit);
  table.columns = {
      {"Item", Align::text}, {"Amount", Align::number}, {"How", Align::text}, {"Basis", Align::text}};
  for (const CostItem& i : bill.items) {
    Text amount = quantity(i.value, unit);
    if (i.lo && i.hi) amount += aside(range(*i.lo, *i.hi, unit));
    table.rows.push_back(
        {{capitalised(i.name), amount, i.how, std::string(name_of(i.basis))}, Emphasis::none});
  }
  if (bill.total)
    table.rows.push_back(
        {{strong("Total"), cell(bill.total, unit), "sum of the items", Text()}, Emphasis::chosen});
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  if (!bill.missing.empty()) {
    List list;
    for (const MissingNumber& m : bill.missing)
      list.items.push_back(strong("Missing") + ": " + m.what + ". " + sentence(m.fix));
    section.blocks.emplace_back(std::move(list));
  }
  return section;
}

Text lead_of(const CostSheet& s) {
  const CostLine* best = nullptr;
  for (const CostLine& l : s.lines)
    if (l.usd_per_useful_hour &&
        (best == nullptr || l.usd_per_useful_hour->value < best->usd_per_useful_hour->value))
      best = &l;
  const std::string name = s.platform_name.empty() ? s.platform_id : s.platform_name;
  if (best == nullptr && !s.not_on_sale.empty())
    return "In " + s.as_of + " " + strong(name) + " could not be had: " + s.not_on_sale + ".";
  if (best == nullptr)
    return "No price of " + name + " is known for " + s.as_of + ": a missing price is not zero.";
  Text lead = strong(name) + " is cheapest " + best->title + ": " +
              quantity(best->usd_per_useful_hour->value, "usd") + " a useful hour";
  if (best->usd_per_job)
    lead += ", " + derived(best->usd_per_job->value * s.units, "usd") + " for " + many(s.units) + " of " +
            or_else(s.workload_name, s.workload_id) + " (one is a " + or_else(s.unit_of_work, "job") + ")";
  if (!s.no_time.empty()) lead += Text(". ") + sentence(s.workload_name + " has no time: " + s.no_time);
  return s.no_time.empty() ? lead + "." : lead;
}

}  // namespace

Result<Page> cost_page(const Document& document) {
  return decode<CostSheet>(document.body, document.schema).map([](const CostSheet& s) {
    Page page;
    page.kind = "Cost";
    page.title = "Cost of " + (s.platform_name.empty() ? s.platform_id : s.platform_name);
    page.lead = lead_of(s);
    Section ways{"Ways to pay", {ways_table(s)}};
    if (!s.findings.empty()) ways.blocks.emplace_back(bullets(s.findings));
    page.sections.push_back(std::move(ways));
    for (const Bill& bill : s.bills)
      page.sections.push_back(bill_section(bill, bill.unit == "usd/month" ? Depth::summary : Depth::detail));
    for (const Bill& bill : s.job_bills) page.sections.push_back(bill_section(bill, Depth::detail));
    add_warnings(page.sections, s.warnings);
    if (!s.assumptions.empty())
      page.sections.push_back(
          {"Assumptions", {facts_table("What the costs rest on", s.assumptions)}, Depth::detail});
    if (!s.method.empty()) page.sections.push_back({"Method", {bullets(s.method)}, Depth::detail});
    add_provenance(page, s.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
