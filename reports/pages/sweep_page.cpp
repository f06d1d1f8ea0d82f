// SPDX-License-Identifier: Apache-2.0
#include "model/core/sweep.h"

#include <algorithm>

#include "model/core/format.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

std::string name_in(const Sweep& s, const std::string& id) {
  const auto it = std::ranges::find(s.curves, id, &SweepCurve::platform_id);
  return it == s.curves.end() || it->platform_name.empty() ? id : it->platform_name;
}

std::string times(double factor) { return show_number(factor) + "x"; }

/// "the price of NVIDIA H100 SXM", "bandwidth of all platforms".
std::string input_of(const Sweep& s) {
  const bool of_workload = s.vary == "work" || s.vary == "traffic";
  if (s.on.empty()) return of_workload ? s.vary + " of the workload" : s.vary + " of all platforms";
  return s.vary + " on " + name_in(s, s.on);
}

Text lead_of(const Sweep& s) {
  if (s.best.empty() || s.values.empty()) return "Nothing was varied.";
  if (s.crossovers.empty())
    return strong(name_in(s, s.best.front())) + " stays best for " + or_else(s.workload_name, s.workload_id) +
           " from " + times(s.values.front()) + " to " + times(s.values.back()) + " the " + input_of(s) + ".";
  Text lead = "The answer for " + or_else(s.workload_name, s.workload_id) + " changes ";
  lead += s.crossovers.size() == 1 ? Text("once") : counted(s.crossovers.size(), "time", "times");
  lead +=
      " between " + times(s.values.front()) + " and " + times(s.values.back()) + " the " + input_of(s) + ": ";
  for (std::size_t i = 0; i < s.crossovers.size(); ++i) {
    const Crossover& c = s.crossovers[i];
    if (i > 0) lead += ", ";
    lead += "at " + times(c.factor) + " from " + name_in(s, c.from) + " to ";
    lead += strong(name_in(s, c.to));
  }
  return lead + ".";
}

CurveChart chart_of(const Sweep& s) {
  CurveChart chart;
  chart.title =
      capitalised(std::string(name_of(s.objective))) + " of one unit of work against the " + input_of(s);
  chart.x = {"factor on the " + s.vary, "1"};
  chart.y = {std::string(name_of(s.objective)), s.unit};
  for (const SweepCurve& c : s.curves) {
    Curve curve{c.platform_name.empty() ? c.platform_id : c.platform_name, {}};
    for (std::size_t i = 0; i < std::min(c.objective.size(), s.values.size()); ++i)
      curve.points.emplace_back(s.values[i], c.objective[i]);
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

Table values_table(const Sweep& s) {
  Table table;
  table.caption =
      capitalised(std::string(name_of(s.objective))) + " of one " + s.unit_of_work + ", as of " + s.as_of;
  table.columns = {{"Factor", Align::number}, {"Best", Align::text}};
  for (const SweepCurve& c : s.curves)
    table.columns.push_back({c.platform_name.empty() ? c.platform_id : c.platform_name, Align::number});
  for (std::size_t i = 0; i < std::min(s.values.size(), s.best.size()); ++i) {
    Row row{{quantity(s.values[i], "1"), name_in(s, s.best[i])}, Emphasis::none};
    for (const SweepCurve& c : s.curves)
      row.cells.push_back(i < c.objective.size() ? quantity(c.objective[i], s.unit) : quiet("none"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table crossover_table(const Sweep& s) {
  Table table;
  table.caption = "Where the best platform changes";
  table.columns = {{"Factor", Align::number}, {"Below", Align::text}, {"Above", Align::text}};
  for (const Crossover& c : s.crossovers)
    table.rows.push_back({{quantity(c.factor, "1"), name_in(s, c.from), name_in(s, c.to)}, Emphasis::none});
  return table;
}

}  // namespace

Result<Page> sweep_page(const Document& document) {
  return decode<Sweep>(document.body, document.schema).map([](const Sweep& s) {
    Page page;
    page.kind = "Sweep";
    page.title = "What if: " + input_of(s);
    page.lead = lead_of(s);
    Section answer{"Crossovers", {}};
    CurveChart chart = chart_of(s);
    if (chart.drawable()) {
      const std::string caption = curve_summary(chart);
      answer.blocks.emplace_back(Figure{std::move(chart), caption});
    }
    if (!s.crossovers.empty()) answer.blocks.emplace_back(crossover_table(s));
    answer.blocks.emplace_back(
        Paragraph{counted(static_cast<std::size_t>(s.compared), "platform", "platforms") +
                  " had a figure; shown are those that are best somewhere, and the next."});
    page.sections.push_back(std::move(answer));
    page.sections.push_back({"Values", {values_table(s)}, Depth::detail});
    if (!s.method.empty()) page.sections.push_back({"Method", {bullets(s.method)}, Depth::detail});
    add_provenance(page, s.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
