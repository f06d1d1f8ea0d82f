// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "model/core/stats.h"
#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

const Fact* number_fact(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() || !it->second.is_number() ? nullptr : &it->second;
}

Text or_none(const Fact* fact) { return fact == nullptr ? quiet("unknown") : fact_value(*fact); }

/// "latency.curve.huge.65536" -> 65536 for the prefix "latency.curve.huge."; nothing for other keys.
std::optional<double> footprint_of(const std::string& key, const std::string& prefix) {
  if (!starts_with(key, prefix)) return std::nullopt;
  double bytes = 0;
  const char* end = key.data() + key.size();
  const auto [stop, code] = std::from_chars(key.data() + prefix.size(), end, bytes);
  return code == std::errc() && stop == end && bytes > 0 ? std::optional(bytes) : std::nullopt;
}

Curve curve_of(const Machine& m, const std::string& name, const std::string& prefix) {
  Curve curve{name, {}};
  for (const ProbeReport& p : m.probes)
    for (const Series& s : p.samples)
      if (const auto bytes = footprint_of(s.key, prefix); bytes && !s.values.empty())
        curve.points.emplace_back(*bytes, quantile(s.values, 0.5));
  std::ranges::sort(curve.points);
  return curve;
}

CurveChart latency_chart(const Machine& m) {
  CurveChart chart{
      "Latency over the working set", {"Working set", "byte"}, {"Latency of a load", "s"}, {}, {}};
  for (const auto& [name, prefix] :
       {std::pair("huge pages", "latency.curve.huge."), std::pair("small pages", "latency.curve.small.")})
    if (Curve curve = curve_of(m, name, prefix); curve.points.size() >= 2)
      chart.curves.push_back(std::move(curve));
  for (const Match& c : matching(m.platform.facts, "cache.*.capacity"))
    if (c.words[0] != "llc" && c.fact->number() > 0)
      chart.marks.push_back({c.words[0] + " as told", c.fact->number()});
  return chart;
}

Table latency_table(const Facts& facts) {
  Table table;
  table.caption = "Latency of a dependent load";
  table.columns = {{"Level", Align::text},
                   {"Latency", Align::number},
                   {"Size seen in the curve", Align::number},
                   {"Size the firmware tells", Align::number}};
  for (const Match& m : matching(facts, "cache.*.latency"))
    table.rows.push_back(
        {{m.words[0], fact_value(*m.fact), or_none(number_fact(facts, "cache." + m.words[0] + ".inferred")),
          or_none(number_fact(facts, "cache." + m.words[0] + ".capacity"))},
         Emphasis::none});
  for (const Match& m : matching(facts, "memory.*.latency"))
    table.rows.push_back({{m.words[0], fact_value(*m.fact), quiet("not a cache"),
                           or_none(number_fact(facts, "memory." + m.words[0] + ".capacity"))},
                          Emphasis::none});
  return table;
}

}  // namespace

Section latency_section(const Machine& m) {
  Section section{"Latency", {}};
  if (Table table = latency_table(m.platform.facts); !table.rows.empty())
    section.blocks.emplace_back(std::move(table));
  CurveChart chart = latency_chart(m);
  if (chart.drawable()) {
    const std::string caption = curve_summary(chart);
    section.blocks.emplace_back(Figure{std::move(chart), caption});
  }
  return section;
}

}  // namespace ridgepoint::report
