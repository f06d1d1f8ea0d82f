// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/roofs.h"

#include <algorithm>
#include <tuple>

#include "model/core/text.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

enum class RoofKind { bandwidth, compute };

struct FoundRoof {
  RoofKind kind = RoofKind::compute;
  std::string group;  ///< the data type or the tier; one roof of a group is drawn
  Roof roof;
  const Fact* fact = nullptr;
};

/// "1t", "16t": a figure of so many threads, not of the whole machine.
bool is_thread_count(std::string_view part) {
  return part.size() > 1 && part.back() == 't' && part.find_first_not_of("0123456789") == part.size() - 1;
}

std::optional<FoundRoof> roof_of(const std::string& key, const Fact& fact) {
  if (!fact.is_number() || !drawable_rate(fact.number())) return std::nullopt;
  const std::vector<std::string> parts = split(key, '.');
  if (is_thread_count(parts.back())) return std::nullopt;
  const bool compute = parts.front() == "compute" && parts.size() == 3 && fact.unit == "flop/s";
  const bool memory =
      parts.front() == "memory" && parts.size() == 4 && parts[2] == "bandwidth" && fact.unit == "byte/s";
  if (!compute && !memory) return std::nullopt;
  return FoundRoof{compute ? RoofKind::compute : RoofKind::bandwidth, parts[1],
                   Roof{parts[1] + " " + parts.back(), fact.number()}, &fact};
}

/// Bandwidths first, each kind from the highest to the lowest, ties by name.
std::vector<FoundRoof> all_roofs(const Facts& facts) {
  std::vector<FoundRoof> found;
  for (const auto& [key, fact] : facts)
    if (auto roof = roof_of(key, fact)) found.push_back(std::move(*roof));
  std::ranges::sort(found, {},
                    [](const FoundRoof& f) { return std::tuple(f.kind, -f.roof.rate, f.roof.name); });
  return found;
}

/// The first of each group in the order of all_roofs is its highest.
std::vector<FoundRoof> drawn_roofs(const std::vector<FoundRoof>& all) {
  std::vector<FoundRoof> drawn;
  for (const FoundRoof& f : all) {
    const auto same = [&](const FoundRoof& d) { return d.kind == f.kind && d.group == f.group; };
    if (std::ranges::none_of(drawn, same)) drawn.push_back(f);
  }
  return drawn;
}

}  // namespace

RooflineChart roofs_of(const Facts& facts) {
  RooflineChart chart;
  for (const FoundRoof& f : drawn_roofs(all_roofs(facts)))
    (f.kind == RoofKind::compute ? chart.compute : chart.bandwidth).push_back(f.roof);
  return chart;
}

Table roofs_table(const Facts& facts) {
  Table table;
  table.caption = "Roofs of this machine";
  table.columns = {{"Roof", Align::text},
                   {"Rate", Align::number},
                   {"On the chart", Align::text},
                   {"Basis", Align::text},
                   {"Source", Align::text}};
  const std::vector<FoundRoof> all = all_roofs(facts);
  const std::vector<FoundRoof> drawn = drawn_roofs(all);
  for (const FoundRoof& f : all) {
    const bool on_chart = std::ranges::any_of(drawn, [&](const FoundRoof& d) { return d.fact == f.fact; });
    table.rows.push_back({{f.roof.name, fact_value(*f.fact), on_chart ? Text("yes") : quiet("no"),
                           std::string(name_of(f.fact->basis)), or_else(f.fact->source, "unknown")},
                          Emphasis::none});
  }
  return table;
}

}  // namespace ridgepoint::report
