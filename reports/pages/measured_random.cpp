// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "model/core/stats.h"
#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/measured_latency.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// A whole number, all of the word.
std::optional<int> whole(const std::string& word) {
  int n = 0;
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data(), end, n);
  return code == std::errc() && stop == end ? std::optional(n) : std::nullopt;
}

Text fact_or(const Facts& facts, const std::string& key, const std::string& otherwise) {
  const auto it = facts.find(key);
  return it == facts.end() ? quiet(otherwise) : fact_value(it->second);
}

/// How a figure stands among all: words carry it, so that no colour is needed.
Text warmth(double value, const std::vector<double>& all) {
  Text text = quantity(value, "s");
  const double least = *std::ranges::min_element(all);
  if (value >= 2 * least)
    for (Span& span : text.spans) span.tone = value >= 4 * least ? Tone::bad : Tone::caution;
  return text;
}

}  // namespace

Table cache_table(const Facts& facts) {
  Table table;
  table.caption = "Caches: as told, and as the latency curve shows them";
  table.columns = {{"Cache", Align::text},
                   {"As told", Align::number},
                   {"Inferred", Align::number},
                   {"Latency", Align::number}};
  for (const char* level : {"l1d", "l2", "l3", "l4"}) {
    const std::string key = std::string("cache.") + level;
    if (!facts.contains(key + ".size.inferred") && !facts.contains(key + ".latency")) continue;
    table.rows.push_back(
        {{level, fact_or(facts, key + ".capacity", "not told"),
          fact_or(facts, key + ".size.inferred", "no knee"), fact_or(facts, key + ".latency", "no plateau")},
         Emphasis::none});
  }
  return table;
}

Table random_table(const Facts& facts) {
  Table table;
  table.caption = "Random access";
  table.columns = {{"What", Align::text}, {"1 thread", Align::number}, {"All threads", Align::number}};
  const auto add = [&](const std::string& words, const std::string& key) {
    if (facts.contains(key + ".1t") || facts.contains(key))
      table.rows.push_back(
          {{words, fact_or(facts, key + ".1t", "none"), fact_or(facts, key, "none")}, Emphasis::none});
  };
  add("lines of 64 bytes from dram", "memory.dram.random");
  for (const char* area : {"cache", "memory"})
    for (const Match& m : matching(facts, std::string(area) + ".*.gather.*.*"))
      add("gathers of " + m.words[1] + " from " + m.words[0] + ", " + m.words[2],
          std::string(area) + "." + m.words[0] + ".gather." + m.words[1] + "." + m.words[2]);
  if (facts.contains("memory.dram.mlp"))
    table.rows.push_back(
        {{"lines under way at once", fact_or(facts, "memory.dram.mlp", "none"), quiet("not measured")},
         Emphasis::none});
  return table;
}

Table core_table(const Machine& machine) {
  std::map<std::pair<int, int>, double> pairs;
  std::set<int> cpus;
  std::vector<double> all;
  for (const ProbeReport& p : machine.probes)
    for (const Series& s : p.samples) {
      const auto parts = split(s.key, '.');
      if (!starts_with(s.key, "latency.core_to_core.") || parts.size() != 4 || s.values.empty()) continue;
      const auto a = whole(parts[2]), b = whole(parts[3]);
      if (!a || !b) continue;
      cpus.insert({*a, *b});
      all.push_back(quantile(s.values, 0.5));
      pairs[{std::min(*a, *b), std::max(*a, *b)}] = all.back();
    }
  Table table;
  table.caption = "From processor to processor, half a round trip of one cache line";
  table.columns = {{"Processor", Align::text}};
  for (const int cpu : cpus) table.columns.push_back({std::to_string(cpu), Align::number});
  for (const int a : cpus) {
    Row row{{std::to_string(a)}, Emphasis::none};
    for (const int b : cpus) {
      const auto it = pairs.find({std::min(a, b), std::max(a, b)});
      row.cells.push_back(a == b              ? quiet("itself")
                          : it == pairs.end() ? quiet("none")
                                              : warmth(it->second, all));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

CurveChart loaded_chart(const Facts& facts) {
  CurveChart chart{
      "Latency under load", {"Traffic of the others", "byte/s"}, {"Latency of a load", "s"}, {}, {}};
  Curve curve{"random chase", {}};
  for (const Match& m : matching(facts, "latency.loaded.*"))
    for (const Match& b : matching(facts, "latency.loaded." + m.words[0] + ".bandwidth"))
      if (b.fact->number() > 0) curve.points.emplace_back(b.fact->number(), m.fact->number());
  std::ranges::sort(curve.points);
  if (curve.points.size() >= 2) chart.curves.push_back(std::move(curve));
  return chart;
}

Table node_table(const Facts& facts) {
  Table table;
  table.caption = "Memory by node";
  table.columns = {{"Processors of node", Align::text},
                   {"Memory of node", Align::text},
                   {"Latency", Align::number},
                   {"Read", Align::number}};
  for (const Match& m : matching(facts, "memory.numa.latency.*.*"))
    table.rows.push_back({{m.words[0], m.words[1], fact_value(*m.fact),
                           fact_or(facts, "memory.numa.bandwidth." + m.words[0] + "." + m.words[1], "none")},
                          Emphasis::none});
  return table;
}

KeyValues translation_list(const Facts& facts) {
  KeyValues list;
  for (const auto& [key, words] : {std::pair("tlb.reach.l1", "First translation buffer reaches"),
                                   std::pair("tlb.reach.l2", "Second translation buffer reaches"),
                                   std::pair("tlb.walk.latency", "Beyond it a load pays more by")})
    if (const auto it = facts.find(key); it != facts.end())
      list.rows.push_back({words, fact_value(it->second)});
  return list;
}

}  // namespace ridgepoint::report
