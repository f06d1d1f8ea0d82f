// SPDX-License-Identifier: Apache-2.0
#include "model/core/profile.h"

#include <algorithm>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"
#include "reports/pages/roofs.h"

namespace ridgepoint::report {
namespace {

struct Shown {
  const char* key;
  const char* words;
};

// The figures everybody asks for, in the order in which they are asked; all others stand in the facts table.
constexpr Shown kShown[] = {{"time.wall", "Wall time"},
                            {"time.user", "User time"},
                            {"time.system", "System time"},
                            {"cpu.used", "Processors kept busy"},
                            {"cpu.utilisation", "Share of the allowed processors"},
                            {"memory.resident.peak", "Largest process"},
                            {"threads.peak", "Threads at once"},
                            {"faults.minor", "Page faults without I/O"},
                            {"faults.major", "Page faults with I/O"},
                            {"switches.voluntary", "Gave the processor up"},
                            {"switches.involuntary", "Lost the processor"},
                            {"io.device.read", "Read from devices"},
                            {"io.device.written", "Written to devices"},
                            {"io.calls.read", "Read by calls"},
                            {"io.calls.written", "Written by calls"},
                            {"events.cycles", "Cycles"},
                            {"events.instructions", "Instructions"},
                            {"events.fp_ops", "Floating-point operations"},
                            {"events.llc_load_misses", "Loads that missed all caches"},
                            {"traffic.dram.read", "DRAM read, whole machine"},
                            {"traffic.dram.written", "DRAM written, whole machine"},
                            {"energy.package.0", "Energy, package 0"},
                            {"power.package.0", "Power, package 0"}};

std::string command_of(const Profile& p) {
  std::string line;
  for (const std::string& word : p.words) line += (line.empty() ? "" : " ") + word;
  return line.empty() ? "unknown command" : line;
}

Text ending(const Profile& p) {
  if (p.signal) return toned("was ended by signal " + std::to_string(*p.signal), Tone::caution);
  if (!p.exit_code) return toned("ended in an unknown way", Tone::caution);
  return *p.exit_code == 0 ? Text("ended well")
                           : toned("ended with exit code " + std::to_string(*p.exit_code), Tone::caution);
}

/// What the bound means, in words that promise no more than the evidence.
std::string verdict_words(Bound bound) {
  switch (bound) {
    case Bound::processor:
      return "As far as the evidence goes, it was bound by the processor (memory stalls included).";
    case Bound::memory:
      return "As far as the evidence goes, it was bound by memory.";
    case Bound::storage:
      return "As far as the evidence goes, it was bound by I/O.";
    case Bound::waiting:
      return "As far as the evidence goes, it mostly waited: for a sleep, a lock, a network or another "
             "program.";
    case Bound::throttled:
      return "As far as the evidence goes, a CPU quota held it back.";
    case Bound::mixed:
      return "The evidence names no single bound.";
    case Bound::unknown:
      return "There is not enough evidence to name a bound.";
  }
  return {};
}

Text lead_of(const Profile& p) {
  Text lead = strong(command_of(p)) + " " + ending(p);
  if (const auto wall = number(p.facts, "time.wall")) lead += " after " + quantity(*wall, "s");
  return lead + ". " + verdict_words(p.bound);
}

Table used_table(const Facts& facts) {
  Table table;
  table.caption = "What it used";
  table.columns = {{"Figure", Align::text}, {"Value", Align::number}, {"Note", Align::text}};
  for (const Shown& s : kShown)
    if (const auto it = facts.find(s.key); it != facts.end())
      table.rows.push_back({{s.words,
                             it->second.is_number() && std::string_view(s.key) == "cpu.utilisation"
                                 ? percent(it->second.number())
                                 : fact_value(it->second),
                             it->second.note ? Text(*it->second.note) : Text()},
                            Emphasis::none});
  const bool noted = std::ranges::any_of(table.rows, [](const Row& r) { return !r.cells[2].empty(); });
  if (!noted) {
    table.columns.pop_back();
    for (Row& row : table.rows) row.cells.pop_back();
  }
  return table;
}

List evidence_list(const std::vector<Evidence>& evidence) {
  List list;
  for (const Evidence& e : evidence) list.items.push_back(strong(capitalised(e.subject)) + ": " + e.seen);
  return list;
}

Section roofline_section(const RooflinePlace& p, const std::string& name) {
  Section section{"Place on the roofline", {}};
  section.blocks.emplace_back(Paragraph{"Work " + fact_value(p.work) + " (" + p.work.source + "), traffic " +
                                        fact_value(p.traffic) + " (" + p.traffic.source +
                                        "): " + intensity(p.intensity_flop_byte) + ", " +
                                        quantity(p.reached_flop_s, "flop/s") + " reached on " +
                                        or_else(p.machine_id, "an unknown machine") + "."});
  RooflineChart chart = roofs_of(p.roofs);
  if (chart.drawable() && drawable_intensity(p.intensity_flop_byte) && drawable_rate(p.reached_flop_s)) {
    chart.points.push_back(
        {name, p.intensity_flop_byte, p.reached_flop_s, p.reached_flop_s, p.reached_flop_s});
    section.blocks.emplace_back(Figure{chart, Text(roofline_summary(chart))});
  }
  Table table;
  table.caption = "Below each pair of roofs";
  table.columns = {{"Arithmetic", Align::text},
                   {"Memory", Align::text},
                   {"Attainable", Align::number},
                   {"Reached", Align::number},
                   {"Lower roof", Align::text}};
  for (const RoofShare& r : p.shares)
    table.rows.push_back(
        {{r.compute, r.memory, quantity(r.attainable_flop_s, "flop/s"), percent(r.share), r.bound},
         Emphasis::none});
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

Result<Page> profile_page(const Document& document) {
  return decode<Profile>(document.body, document.schema).map([](const Profile& p) {
    Page page;
    page.kind = "Profile";
    page.title = "Profile: " + command_of(p);
    page.lead = lead_of(p);
    if (!p.evidence.empty()) page.sections.push_back({"Evidence", {evidence_list(p.evidence)}});
    if (Table used = used_table(p.facts); !used.rows.empty()) page.sections.push_back({"Use", {used}});
    if (p.roofline)
      page.sections.push_back(roofline_section(*p.roofline, p.words.empty() ? "command" : p.words.front()));
    if (!p.missing.empty()) page.sections.push_back({"Missing", {missing_table(p.missing)}});
    add_warnings(page.sections, p.warnings);
    page.sections.push_back(
        {"All figures", {facts_table("Facts, with their sources", p.facts)}, Depth::detail});
    add_provenance(page, p.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
