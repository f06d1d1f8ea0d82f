// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/measured.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "model/core/text.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// "16t" -> 16; nothing for other words.
std::optional<int> thread_count(const std::string& word) {
  int n = 0;
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data(), end, n);
  return code == std::errc() && stop + 1 == end && *stop == 't' ? std::optional(n) : std::nullopt;
}

const Fact* find(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() || !it->second.is_number() ? nullptr : &it->second;
}

/// The headline without its range: tables that compare stay narrow.
Text brief(const Fact* fact) {
  return fact == nullptr ? quiet("none") : quantity(fact->number(), fact->unit);
}

/// Levels from the core outwards.
int distance_of(const std::string& level) {
  static const std::vector<std::string> kOrder = {"l1d", "l2", "l3", "l4", "mcdram", "hbm", "dram"};
  return static_cast<int>(std::ranges::find(kOrder, level) - kOrder.begin());
}

}  // namespace

std::vector<Match> matching(const Facts& facts, const std::string& pattern) {
  const auto wanted = split(pattern, '.');
  std::vector<Match> out;
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() != wanted.size() || !fact.is_number()) continue;
    Match m{{}, &fact};
    bool fits = true;
    for (std::size_t i = 0; i < parts.size() && fits; ++i) {
      if (wanted[i] == "*")
        m.words.push_back(parts[i]);
      else
        fits = parts[i] == wanted[i];
    }
    if (fits) out.push_back(std::move(m));
  }
  return out;
}

Section arithmetic_section(const Facts& facts) {
  Table table;
  table.caption = "Peak arithmetic";
  table.columns = {{"Type", Align::text},
                   {"Instructions", Align::text},
                   {"1 thread", Align::number},
                   {"All threads", Align::number}};
  const bool shares = !matching(facts, "compute.*.*.1t.of_limit").empty();
  if (shares) {
    table.columns.push_back({"Clock, 1 thread", Align::number});
    table.columns.push_back({"Of the limit", Align::number});
  }
  for (const Match& m : matching(facts, "compute.*.*")) {
    if (m.fact->basis != Basis::measured) continue;
    const std::string key = "compute." + m.words[0] + "." + m.words[1];
    Row row{{m.words[0], m.words[1], brief(find(facts, key + ".1t")), brief(m.fact)}, Emphasis::none};
    if (shares) {
      const Fact* share = find(facts, key + ".1t.of_limit");
      row.cells.push_back(brief(find(facts, key + ".1t.clock")));
      row.cells.push_back(share == nullptr ? quiet("none") : percent(share->number()));
    }
    table.rows.push_back(std::move(row));
  }

  Section section{"Arithmetic", {}};
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  if (shares)
    section.blocks.emplace_back(
        Paragraph{"The limit is what the arithmetic units can do at the clock sustained in the same loop by "
                  "one thread."});
  return section;
}

Section bandwidth_section(const Facts& facts) {
  const std::vector<std::string> patterns = {"read", "write", "copy", "scale", "add", "triad"};
  std::map<std::tuple<int, std::string, int>, std::map<std::string, const Fact*>> rows;
  for (const char* area : {"cache", "memory"})
    for (const Match& m : matching(facts, std::string(area) + ".*.bandwidth.*.*"))
      if (const auto n = thread_count(m.words[2]))
        rows[{distance_of(m.words[0]), m.words[0], *n}][m.words[1]] = m.fact;
  Table table;
  table.caption = "Bandwidth by level, bytes of the program";
  table.columns = {{"Level", Align::text}, {"Threads", Align::number}};
  std::vector<std::string> shown;
  for (const std::string& p : patterns)
    if (std::ranges::any_of(rows, [&](const auto& row) { return row.second.contains(p); })) {
      shown.push_back(p);
      table.columns.push_back({capitalised(p), Align::number});
    }
  for (const auto& [key, cells] : rows) {
    Row row{{std::get<1>(key), derived(std::get<2>(key), "1")}, Emphasis::none};
    for (const std::string& p : shown) {
      const auto it = cells.find(p);
      row.cells.push_back(brief(it == cells.end() ? nullptr : it->second));
    }
    table.rows.push_back(std::move(row));
  }
  Section section{"Bandwidth", {}};
  if (!table.rows.empty() && !shown.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace ridgepoint::report
