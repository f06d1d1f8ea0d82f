// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// "32d" -> 32; nothing for other words.
std::optional<int> depth_of(const std::string& word) {
  int n = 0;
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data(), end, n);
  return code == std::errc() && stop + 1 == end && *stop == 'd' ? std::optional(n) : std::nullopt;
}

Text latency(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() || !it->second.is_number() ? quiet("too few")
                                                      : quantity(it->second.number(), it->second.unit);
}

/// "probe storage: io_uring, O_DIRECT, file of ..." -> "io_uring, O_DIRECT".
std::string engine_of(const Fact& fact) {
  const std::string prefix = "probe storage: ";
  if (!starts_with(fact.source, prefix)) return {};
  auto parts = split(fact.source.substr(prefix.size()), ',');
  parts.resize(std::min<std::size_t>(parts.size(), 2));
  return join(parts, ",");
}

/// Sequential before random, reads before writes, shallow before deep.
struct Place {
  bool random = false, write = false;
  int depth = 0;
  auto operator<=>(const Place&) const = default;
};

Row row_of(const Facts& facts, const Match& m, int depth) {
  const std::string key = "storage." + m.words[0] + "." + m.words[1] + "." + m.words[2] + ".latency.";
  return {
      {m.words[1] + " " + m.words[0], derived(depth, "1"), fact_value(*m.fact), latency(facts, key + "p50"),
       latency(facts, key + "p99"), latency(facts, key + "p99.9"), or_else(engine_of(*m.fact), "not told")},
      Emphasis::none};
}

Table storage_table(const Facts& facts) {
  Table table;
  table.caption = "Storage: rate and latency by pattern and requests in flight";
  table.columns = {{"Pattern", Align::text}, {"In flight", Align::number}, {"Rate", Align::number},
                   {"p50", Align::number},   {"p99", Align::number},       {"p99.9", Align::number},
                   {"Engine", Align::text}};
  std::vector<std::pair<Place, Row>> rows;
  for (const Match& m : matching(facts, "storage.*.*.*"))
    if (const auto depth = depth_of(m.words[2]))
      rows.push_back({{m.words[1] == "random", m.words[0] == "write", *depth}, row_of(facts, m, *depth)});
  std::ranges::sort(rows, {}, &std::pair<Place, Row>::first);
  for (auto& [place, row] : rows) table.rows.push_back(std::move(row));
  return table;
}

/// What is behind the folder, and how long a small durable write takes.
KeyValues storage_words(const Facts& facts) {
  KeyValues list;
  const auto say = [&](const char* name, const char* key) {
    if (const auto it = facts.find(key); it != facts.end())
      list.rows.push_back({name, fact_value(it->second)});
  };
  say("Durable write of 4 KiB", "storage.sync.latency");
  say("File system", "storage.file_system");
  say("Disk", "storage.device");
  say("Model", "storage.device.model");
  say("Scheduler", "storage.device.scheduler");
  say("Rotates, as told", "storage.device.rotational");
  say("Virtual", "storage.device.virtual");
  say("Scratch file", "storage.file");
  say("Written in all", "storage.written");
  return list;
}

}  // namespace

Section storage_section(const Facts& facts) {
  Section section{"Storage", {}};
  if (Table table = storage_table(facts); !table.rows.empty()) section.blocks.emplace_back(std::move(table));
  if (KeyValues list = storage_words(facts); !list.rows.empty()) section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace ridgepoint::report
