// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text or_unknown_fact(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() ? quiet("unknown") : fact_value(it->second);
}

/// Every fact below a prefix as a line, with the prefix left out.
KeyValues below(const Facts& facts, const std::string& prefix) {
  KeyValues list;
  for (const auto& [key, fact] : facts)
    if (starts_with(key, prefix)) list.rows.push_back({key.substr(prefix.size()), fact_value(fact)});
  return list;
}

}  // namespace

Section storage_section(const Facts& facts) {
  Table table;
  table.caption = "Storage";
  table.columns = {{"Access", Align::text},
                   {"Depth", Align::text},
                   {"Rate", Align::number},
                   {"Median latency", Align::number},
                   {"99 % latency", Align::number}};
  for (const Match& m : matching(facts, "storage.*.*.*")) {
    if (m.words[2].empty() || m.words[2].back() != 'd') continue;  // a queue depth: "8d"
    const std::string key = "storage." + m.words[0] + "." + m.words[1] + "." + m.words[2];
    table.rows.push_back(
        {{m.words[1] + " " + m.words[0], m.words[2].substr(0, m.words[2].size() - 1), fact_value(*m.fact),
          or_unknown_fact(facts, key + ".latency.p50"), or_unknown_fact(facts, key + ".latency.p99")},
         Emphasis::none});
  }
  Section section{"Storage", {}};
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

Section accelerators_section(const Facts& facts) {
  Section section{"Accelerators", {}};
  std::map<std::string, std::string> names;  // by index
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() == 3 && parts[0] == "accelerator" && parts[2] == "name") names[parts[1]] = fact.text();
  }
  for (const auto& [index, name] : names) {
    section.blocks.emplace_back(Paragraph{strong(name)});
    section.blocks.emplace_back(below(facts, "accelerator." + index + "."));
  }
  return section;
}

Section noise_section(const Facts& facts) {
  Section section{"How quiet the machine was", {}};
  if (KeyValues list = below(facts, "noise."); !list.rows.empty())
    section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace ridgepoint::report
