// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "model/core/stats.h"
#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/measured_latency.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// "latency.curve.65536" -> 65536 for the prefix "latency.curve."; nothing for other keys.
std::optional<double> footprint_of(const std::string& key, const std::string& prefix) {
  if (!starts_with(key, prefix)) return std::nullopt;
  double bytes = 0;
  const char* end = key.data() + key.size();
  const auto [stop, code] = std::from_chars(key.data() + prefix.size(), end, bytes);
  return code == std::errc() && stop == end && bytes > 0 ? std::optional(bytes) : std::nullopt;
}

CurveChart latency_chart(const Machine& m) {
  CurveChart chart{
      "Latency over the working set", {"Working set", "byte"}, {"Latency of a load", "s"}, {}, {}};
  if (Curve curve = curve_of(m, "random chase", "latency.curve."); curve.points.size() >= 2)
    chart.curves.push_back(std::move(curve));
  for (const Match& c : matching(m.platform.facts, "cache.*.capacity"))
    if (c.words[0] != "llc" && c.fact->number() > 0)
      chart.marks.push_back({c.words[0] + " as told", c.fact->number()});
  return chart;
}

Table latency_table(const Facts& facts) {
  Table table;
  table.caption = "Latency of a dependent load";
  table.columns = {{"Memory", Align::text}, {"Latency", Align::number}, {"Capacity", Align::number}};
  for (const Match& m : matching(facts, "memory.*.latency")) {
    const auto capacity = matching(facts, "memory." + m.words[0] + ".capacity");
    table.rows.push_back({{m.words[0], fact_value(*m.fact),
                           capacity.empty() ? quiet("unknown") : fact_value(*capacity.front().fact)},
                          Emphasis::none});
  }
  return table;
}

void add_figure(Section& section, CurveChart chart) {
  if (!chart.drawable()) return;
  const std::string caption = curve_summary(chart);
  section.blocks.emplace_back(Figure{std::move(chart), caption});
}

}  // namespace

Curve curve_of(const Machine& m, const std::string& name, const std::string& prefix) {
  Curve curve{name, {}};
  for (const ProbeReport& p : m.probes)
    for (const Series& s : p.samples)
      if (const auto bytes = footprint_of(s.key, prefix); bytes && !s.values.empty())
        curve.points.emplace_back(*bytes, quantile(s.values, 0.5));
  std::ranges::sort(curve.points);
  return curve;
}

Section latency_section(const Machine& m) {
  Section section{"Latency", {}};
  if (Table table = latency_table(m.platform.facts); !table.rows.empty())
    section.blocks.emplace_back(std::move(table));
  const Facts& facts = m.platform.facts;
  if (Table table = cache_table(facts); !table.rows.empty()) section.blocks.emplace_back(std::move(table));
  add_figure(section, latency_chart(m));
  for (Table& table : std::vector<Table>{random_table(facts), node_table(facts), core_table(m)})
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  add_figure(section, loaded_chart(facts));
  if (KeyValues list = translation_list(facts); !list.rows.empty())
    section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace ridgepoint::report
