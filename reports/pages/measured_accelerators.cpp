// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

const std::string kPrefix = "accelerator.";

/// Every "<i>" of accelerator.<i>.*, in the order of the keys.
std::vector<std::string> device_ids(const Facts& facts) {
  std::vector<std::string> ids;
  for (auto it = facts.lower_bound(kPrefix); it != facts.end() && starts_with(it->first, kPrefix); ++it) {
    const auto parts = split(it->first, '.');
    if (parts.size() > 2 && (ids.empty() || ids.back() != parts[1])) ids.push_back(parts[1]);
  }
  return ids;
}

/// "the processors" for a CPU behind a device interface: it must not be read as a GPU.
Text kind_of(const std::string& type) {
  return type == "cpu" ? Text("cpu: the machine's own processors") : or_else(type, "unknown");
}

Text value_or_unknown(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() ? quiet("unknown") : fact_value(it->second);
}

Table devices_table(const Facts& facts, const std::vector<std::string>& ids) {
  Table table;
  table.caption = "Devices, as their drivers tell";
  table.columns = {{"Device", Align::text},  {"Name", Align::text},    {"Kind", Align::text},
                   {"Units", Align::number}, {"Clock", Align::number}, {"Memory", Align::number},
                   {"Driver", Align::text}};
  for (const std::string& id : ids) {
    const std::string key = kPrefix + id + ".";
    table.rows.push_back(
        {{id, value_or_unknown(facts, key + "name"), kind_of(text(facts, key + "type")),
          value_or_unknown(facts, key + "compute_units"), value_or_unknown(facts, key + "clock"),
          value_or_unknown(facts, key + "memory.capacity"), value_or_unknown(facts, key + "driver")},
         Emphasis::none});
  }
  return table;
}

/// What was sampled, by subject; identity has no samples.
Table figures_table(const Facts& facts, const std::string& id) {
  Table table;
  table.caption = id + ": what was measured";
  table.columns = {{"Figure", Align::text}, {"Median", Align::number}, {"10 % to 90 %", Align::number}};
  const std::string key = kPrefix + id + ".";
  for (const char* subject : {"compute.", "memory.bandwidth.", "launch.", "link."})
    for (const auto& [name, fact] : facts) {
      if (!starts_with(name, key + subject) || !fact.is_number()) continue;
      std::string words = name.substr(key.size());
      std::ranges::replace(words, '.', ' ');
      std::ranges::replace(words, '_', ' ');
      table.rows.push_back({{words, quantity(fact.number(), fact.unit),
                             fact.lo && fact.hi ? range(*fact.lo, *fact.hi, fact.unit) : quiet("unknown")},
                            Emphasis::none});
    }
  return table;
}

/// The device's own roofline: one roof a type, and its fastest pattern of memory.
RooflineChart chart_of(const Facts& facts, const std::string& id) {
  RooflineChart chart;
  for (const Match& m : matching(facts, kPrefix + id + ".compute.*"))
    if (m.fact->unit == "flop/s" && drawable_rate(m.fact->number()))
      chart.compute.push_back({m.words[0], m.fact->number()});
  for (const Match& m : matching(facts, kPrefix + id + ".memory.bandwidth.*"))
    if (drawable_rate(m.fact->number()))
      chart.bandwidth.push_back({"memory " + m.words[0], m.fact->number()});
  const auto down = [](const Roof& a, const Roof& b) { return a.rate > b.rate; };
  std::ranges::stable_sort(chart.compute, down);
  std::ranges::stable_sort(chart.bandwidth, down);
  if (chart.bandwidth.size() > 1) chart.bandwidth.resize(1);
  return chart;
}

}  // namespace

Section accelerators_section(const Facts& facts) {
  Section section{"Accelerators", {}};
  const std::vector<std::string> ids = device_ids(facts);
  if (ids.empty()) return section;
  section.blocks.emplace_back(devices_table(facts, ids));
  for (const std::string& id : ids) {
    const bool processors = text(facts, kPrefix + id + ".type") == "cpu";
    if (RooflineChart chart = chart_of(facts, id); !processors && chart.drawable())
      section.blocks.emplace_back(Figure{std::move(chart), id + ": its own roofs, as measured."});
    if (Table table = figures_table(facts, id); !table.rows.empty())
      section.blocks.emplace_back(std::move(table));
  }
  return section;
}

}  // namespace ridgepoint::report
