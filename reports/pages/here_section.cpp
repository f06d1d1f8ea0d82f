// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "reports/pages/answer.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

constexpr double kSecondsPerHour = 3600;

const Estimate* measured(const Answer& a) {
  const auto it = std::ranges::find(a.estimates, true, &Estimate::measured_machine);
  return it == a.estimates.end() ? nullptr : &*it;
}

/// Place among the ranked, or why there is none. Estimates are sorted, so the place is the position.
Text place(const Answer& a, const Estimate& here) {
  const auto ranked = std::ranges::count(a.estimates, Standing::ranked, &Estimate::standing);
  if (here.standing != Standing::ranked) return quiet(here.reason);
  return std::to_string(&here - a.estimates.data() + 1) + " of " + std::to_string(ranked);
}

/// The hourly price below which this machine would be the cheapest.
Text break_even(const Answer& a, const Estimate& here) {
  const Estimate* choice = find_estimate(a, a.choice);
  if (choice == nullptr || !choice->cost_usd || !here.time_s || here.time_s->value <= 0)
    return quiet("unknown");
  Text price = quantity(choice->cost_usd->value / here.time_s->value * kSecondsPerHour, "usd/h");
  for (Span& s : price.spans) s.origin = Origin::derived;
  return price;
}

}  // namespace

Section here_section(const Recommendation& r) {
  Section section{"This machine", {}};
  const bool cost = r.objective == Objective::cost;
  Table table;
  table.caption = "How this machine does";
  table.columns = {{"Workload", Align::text}, {"Time here", Align::number}, {"Place", Align::text}};
  if (cost) table.columns.push_back({"Wins below", Align::number});
  for (const Answer& a : r.answers) {
    const Estimate* here = measured(a);
    if (here == nullptr) continue;
    Row row;
    row.cells = {name_of(a), here->time_s ? quantity(here->time_s->value, "s") : quiet("none"),
                 place(a, *here)};
    if (cost) row.cells.push_back(break_even(a, *here));
    table.rows.push_back(std::move(row));
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace ridgepoint::report
