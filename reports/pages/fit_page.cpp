// SPDX-License-Identifier: Apache-2.0
#include "model/core/fit.h"

#include <algorithm>
#include <cstdlib>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text verdict_words(const FitStudy& f) {
  const std::string on = f.platform_name.empty() ? f.platform_id : f.platform_name;
  switch (f.verdict) {
    case FitVerdict::fits:
      return toned("It fits", Tone::good) + " " + on + " with margin";
    case FitVerdict::tight:
      return toned("It is tight", Tone::caution) + " on " + on +
             ": the expected total fits, the safe one does not";
    case FitVerdict::too_large:
      return toned("It does not fit", Tone::bad) + " " + on;
    case FitVerdict::unknown:
      break;
  }
  return toned("Unknown", Tone::caution) + ": no memory capacity of " + on + " is known";
}

Text lead_of(const FitStudy& f) {
  Text lead = verdict_words(f);
  lead += ". It needs " + quantity(f.footprint.expected_byte, "byte") + ", " +
          quantity(f.footprint.safe_byte, "byte") + " with margin";
  if (f.capacity_byte)
    lead += "; " + or_else(f.tier, "the largest tier") + " holds " + quantity(*f.capacity_byte, "byte");
  lead += ". What binds: " + or_else(f.binds, "unknown") + ".";
  if (f.time_s) lead += " It takes " + quantity(f.time_s->value, "s") + ".";
  if (!f.ways.empty()) {
    lead += " Fastest way out: " + f.ways.front().name;
    if (f.ways.front().time_s) lead += ", " + quantity(f.ways.front().time_s->value, "s");
    lead += ".";
  }
  return lead;
}

Table item_table(const Footprint& f) {
  Table table;
  table.caption = "What takes memory";
  table.columns = {{"Item", Align::text}, {"Size", Align::number}, {"How", Align::text}};
  for (const MemoryItem& m : f.items)
    table.rows.push_back({{m.name, quantity(m.byte, "byte"), m.how}, Emphasis::none});
  table.rows.push_back(
      {{strong("expected"), quantity(f.expected_byte, "byte"), "sum of the items"}, Emphasis::chosen});
  table.rows.push_back({{strong("safe"), quantity(f.safe_byte, "byte"), "with margin"}, Emphasis::none});
  return table;
}

Text interval_cell(const std::optional<Interval>& i, std::string_view unit) {
  return i ? quantity(i->value, unit) : quiet("unknown");
}

Table way_table(const FitStudy& f) {
  Table table;
  table.caption =
      "Ways out, here and then elsewhere, fastest first; of each, none is worse than another in time, cost "
      "and quality";
  table.columns = {{"Way", Align::text},    {"Needs", Align::number},  {"Time", Align::number},
                   {"Cost", Align::number}, {"Energy", Align::number}, {"Result", Align::text}};
  for (const WayOut& w : f.ways)
    table.rows.push_back(
        {{w.name, quantity(w.safe_byte, "byte"), interval_cell(w.time_s, "s"),
          interval_cell(w.cost_usd, "usd"), interval_cell(w.energy_j, "j"), std::string(name_of(w.quality))},
         Emphasis::none});
  table.brief = 12;
  return table;
}

Table effect_table(const FitStudy& f) {
  Table table;
  table.caption = "What each way does, and the formula behind its price";
  table.columns = {{"Way", Align::text}, {"Effect on the result", Align::text}, {"Formula", Align::text}};
  for (const WayOut& w : f.ways) {
    std::string formulas;
    for (const std::string& line : w.formulas) formulas += (formulas.empty() ? "" : "; ") + line;
    table.rows.push_back({{w.name, w.effect, formulas}, Emphasis::none});
  }
  return table;
}

/// Memory over batch or voxels, with the capacity as a level line.
void add_chart(Section& section, const std::string& title, const Axis& x,
               const std::vector<MemoryPoint>& points, const std::optional<double>& capacity, double now) {
  if (points.size() < 2) return;
  CurveChart chart{title, x, {"Memory", "byte"}, {{"expected", {}}}, {{"asked for", now}}};
  for (const MemoryPoint& p : points) chart.curves.front().points.emplace_back(p.at, p.byte);
  if (capacity)
    chart.curves.push_back({"capacity", {{points.front().at, *capacity}, {points.back().at, *capacity}}});
  Table twin;
  twin.caption = title;
  twin.columns = {{x.title, Align::number}, {"Memory", Align::number}};
  for (const MemoryPoint& p : points)
    twin.rows.push_back({{quantity(p.at, "1"), quantity(p.byte, "byte")}, Emphasis::none});
  if (chart.drawable()) section.blocks.emplace_back(Figure{chart, Text(curve_summary(chart))});
  section.blocks.emplace_back(std::move(twin));
}

double voxels_of(const std::string& input) {
  double voxels = 1;
  std::size_t axis = 0;
  for (const std::string& part : split(input, 'x'))
    if (axis++ >= 2) voxels *= std::max(1.0, std::strtod(part.c_str(), nullptr));
  return voxels;
}

}  // namespace

Result<Page> fit_page(const Document& document) {
  return decode<FitStudy>(document.body, document.schema).map([](const FitStudy& f) {
    Page page;
    page.kind = "Fit";
    page.title = "Fit: " + f.network + " " + f.input + " " + f.precision + " " +
                 std::string(name_of(f.phase)) + " on " +
                 (f.platform_name.empty() ? f.platform_id : f.platform_name);
    page.lead = lead_of(f);
    Section answer{"Memory", {item_table(f.footprint)}};
    page.sections.push_back(std::move(answer));
    if (!f.ways.empty()) {
      Section ways{"Ways out", {way_table(f)}};
      ways.blocks.emplace_back(
          Paragraph{counted(static_cast<std::size_t>(f.considered), "way was priced", "ways were priced") +
                    ": " + std::to_string(f.infeasible) + " still too large or not to be timed, " +
                    std::to_string(f.dominated) + " worse than another in everything."});
      page.sections.push_back(std::move(ways));
    }
    if (!f.sure.empty()) page.sections.push_back({"How sure", {bullets(f.sure)}});
    if (!f.changes.empty()) page.sections.push_back({"What would change it", {bullets(f.changes)}});
    Section charts{"Memory against batch and resolution", {}, Depth::detail};
    add_chart(charts, "Memory against batch", {"Batch, samples", "1"}, f.by_batch, f.capacity_byte, f.batch);
    add_chart(charts, "Memory against resolution", {"Voxels of one sample", "1"}, f.by_resolution,
              f.capacity_byte, voxels_of(f.input));
    if (!charts.blocks.empty()) page.sections.push_back(std::move(charts));
    if (!f.ways.empty()) page.sections.push_back({"Effects and formulas", {effect_table(f)}, Depth::detail});
    add_provenance(page, f.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
