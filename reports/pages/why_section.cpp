// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/answer.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text platform_cell(const Estimate& e) {
  Text cell = name_of(e);
  if (e.measured_machine) cell += " " + strong("(this machine)");
  return cell;
}

Text memory_cell(const Fit& fit) {
  Text cell = fit.fits ? Text("fits" + (fit.tier.empty() ? "" : " in " + fit.tier))
                       : toned("does not fit", Tone::bad);
  cell += ": needs " + quantity(fit.need_byte, "byte") + ", has " + or_unknown(fit.have_byte, "byte");
  return cell;
}

Text price_cell(const Estimate& e) {
  if (!e.price) return quiet("no price");
  return quantity(e.price->usd_per_hour, "usd/h");
}

Text seen_cell(const Estimate& e) {
  if (!e.price) return quiet("never");
  const PriceUsed& p = *e.price;
  Text cell = p.from.empty() && p.to.empty() ? "undated" : p.from == p.to ? p.to : p.from + " to " + p.to;
  if (p.stale) cell += " " + toned("(stale)", Tone::caution);
  return cell;
}

struct Measure {
  std::string heading, unit, missing;
  std::optional<Interval> Estimate::*of;
};

/// The objective's column comes first: it is what the rank follows.
std::vector<Measure> measures(Objective objective, const CostScale& scale) {
  const Measure time{"Time", "s", "unknown", &Estimate::time_s};
  const Measure cost{"Cost" + scale.per, "usd", "no price", &Estimate::cost_usd};
  const Measure energy{"Energy", "j", "unknown", &Estimate::energy_j};
  const Measure carbon{"CO2e", "g", "unknown", &Estimate::carbon_g};
  if (objective == Objective::carbon) return {carbon, time, cost};
  if (objective == Objective::cost) return {cost, time, energy};
  if (objective == Objective::time) return {time, cost, energy};
  return {energy, time, cost};
}

Table ranking_table(const Answer& a, Objective objective) {
  const CostScale scale = cost_scale(a);
  const std::vector<Measure> shown = measures(objective, scale);
  Table table;
  table.caption = "Ranking for " + name_of(a);
  table.brief = 5;
  table.row_header = 1;
  table.columns = {{"Rank", Align::number}, {"Platform", Align::text}};
  for (const Measure& m : shown) table.columns.push_back({m.heading, Align::number});
  for (const char* heading : {"Bound by", "Memory"}) table.columns.push_back({heading, Align::text});
  table.columns.push_back({"Price", Align::number});
  for (const char* heading : {"Price seen", "Offer"}) table.columns.push_back({heading, Align::text});
  std::size_t rank = 0;
  for (const Estimate& e : a.estimates) {
    if (e.standing != Standing::ranked) continue;
    ++rank;
    Row row{{derived(static_cast<double>(rank), "1"), platform_cell(e)}, Emphasis::none};
    if (e.platform_id == a.choice)
      row.emphasis = Emphasis::chosen;
    else if (e.measured_machine)
      row.emphasis = Emphasis::this_machine;
    for (const Measure& m : shown) row.cells.push_back(amount_cell(e.*m.of, m.unit, scale, m.missing));
    row.cells.insert(row.cells.end(), {or_else(e.bound_by, "unknown"), memory_cell(e.fit), price_cell(e),
                                       seen_cell(e), or_else(e.price ? e.price->offer : "", "no offer")});
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string_view standing_words(Standing standing) {
  switch (standing) {
    case Standing::ranked:
      return "ranked";
    case Standing::does_not_fit:
      return "does not fit";
    case Standing::no_figure:
      return "a figure is missing";
    case Standing::unknown:
      return "not enough is known";
    case Standing::not_on_sale:
      return "not on sale";
  }
  return "unknown";
}

Table unranked_table(const Answer& a) {
  Table table;
  table.caption = "Not ranked for " + name_of(a);
  table.brief = 5;
  table.columns = {{"Platform", Align::text}, {"Why not", Align::text}, {"Reason", Align::text},
                   {"Time", Align::number},   {"Memory", Align::text},  {"Price", Align::number}};
  for (const Estimate& e : a.estimates) {
    if (e.standing == Standing::ranked) continue;
    table.rows.push_back(
        {{platform_cell(e), std::string(standing_words(e.standing)), or_else(e.reason, "not given"),
          amount_cell(e.time_s, "s", {}, "unknown"), memory_cell(e.fit), price_cell(e)},
         e.measured_machine ? Emphasis::this_machine : Emphasis::none});
  }
  return table;
}

Table terms_table(const Answer& a, const Estimate& e) {
  Table table;
  table.caption = "How the estimate of " + name_of(e) + " for " + name_of(a) + " is made";
  table.columns = {{"Stage", Align::text},
                   {"Item", Align::text},
                   {"Value", Align::number},
                   {"How", Align::text},
                   {"Basis", Align::text}};
  table.row_header = 1;
  for (const Term& t : e.terms)
    table.rows.push_back({{or_else(t.stage, "whole job"), t.name, quantity(t.value, t.unit),
                           or_else(t.how, "given"), std::string(name_of(t.basis))},
                          Emphasis::none});
  return table;
}

}  // namespace

Section why_section(const Answer& a, Objective objective) {
  Section section{"Why: " + name_of(a), {}};
  if (!a.reasons.empty()) section.blocks.emplace_back(bullets(a.reasons));
  if (Table ranking = ranking_table(a, objective); !ranking.rows.empty()) {
    section.blocks.emplace_back(std::move(ranking));
    const std::string unit = a.unit_of_work.empty() ? "." : ": " + a.unit_of_work + ".";
    section.blocks.emplace_back(Paragraph{quiet("Exact values are for one unit of work" + unit)});
  }
  for (const std::string& id : {a.choice, a.runner_up}) {
    const Estimate* e = find_estimate(a, id);
    if (e != nullptr && !e->terms.empty()) section.blocks.emplace_back(terms_table(a, *e));
  }
  return section;
}

Section unranked_section(const std::vector<Answer>& answers) {
  Section section{"Platforms not ranked", {}};
  for (const Answer& a : answers)
    if (Table unranked = unranked_table(a); !unranked.rows.empty())
      section.blocks.emplace_back(std::move(unranked));
  return section;
}

}  // namespace ridgepoint::report
