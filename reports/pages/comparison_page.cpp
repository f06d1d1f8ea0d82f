// SPDX-License-Identifier: Apache-2.0
#include "model/core/comparison.h"

#include <algorithm>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text verdict_words(const ComparedSeries& s) {
  switch (s.verdict) {
    case ChangeVerdict::better:
      return toned("better", Tone::good);
    case ChangeVerdict::worse:
      return toned("worse", Tone::bad);
    case ChangeVerdict::negligible:
      return "too small to matter";
    case ChangeVerdict::not_seen:
      return "no difference seen";
    case ChangeVerdict::too_few:
      return toned("too few repetitions", Tone::caution);
    case ChangeVerdict::not_comparable:
      return toned("not comparable", Tone::caution);
  }
  return "";
}

Text lead_of(const Comparison& c) {
  const auto count = [&](ChangeVerdict v) {
    return derived(static_cast<double>(std::ranges::count(c.series, v, &ComparedSeries::verdict)), "1");
  };
  if (c.series.empty()) return "Nothing stands in both documents, so there is nothing to compare.";
  Text lead = "Of " + counted(c.series.size(), "series", "series") + ", " + count(ChangeVerdict::worse) +
              " became worse and " + count(ChangeVerdict::better) + " better from A to B; " +
              count(ChangeVerdict::not_seen) + " show no difference, " + count(ChangeVerdict::negligible) +
              " one too small to matter.";
  const auto silent = std::ranges::count_if(c.series, [](const ComparedSeries& s) { return !s.p; });
  if (silent > 0)
    lead += " " + toned("About " + std::to_string(silent) + " nothing can be claimed.", Tone::caution);
  return lead;
}

Text ratio_of(const ComparedSeries& s) {
  if (!s.ratio) return quiet("no claim");
  return quantity(s.ratio->value, "1") + aside(range(s.ratio->lo, s.ratio->hi, "1"));
}

Table series_table(const Comparison& c) {
  Table table;
  table.caption = "A and B, series by series";
  table.columns = {{"Series", Align::text},         {"ChangeVerdict", Align::text},
                   {"Median A", Align::number},     {"Median B", Align::number},
                   {"B / A (95 %)", Align::number}, {"Cliff's delta", Align::number},
                   {"p adjusted", Align::number},   {"Values", Align::number}};
  for (const ComparedSeries& s : c.series)
    table.rows.push_back(
        {{s.subject, verdict_words(s), or_unknown(s.median_a, s.unit), or_unknown(s.median_b, s.unit),
          ratio_of(s), s.delta ? quantity(*s.delta, "1") : quiet("no claim"),
          s.p_adjusted ? quantity(*s.p_adjusted, "1") : quiet("no claim"),
          quantity(static_cast<double>(s.n_a), "1") + " and " + quantity(static_cast<double>(s.n_b), "1")},
         Emphasis::none});
  return table;
}

Table environment_table(const Comparison& c) {
  Table table;
  table.caption = "What differs about the surroundings";
  table.columns = {{"What", Align::text}, {"A", Align::text}, {"B", Align::text}};
  for (const EnvironmentDifference& d : c.environment)
    table.rows.push_back({{d.what, or_else(d.a, "not there"), or_else(d.b, "not there")}, Emphasis::none});
  return table;
}

KeyValues sides(const Comparison& c) {
  KeyValues list;
  for (const auto& [key, side] : {std::pair{"A", &c.a}, std::pair{"B", &c.b}})
    list.rows.push_back({key, side->name + ", " + or_else(side->created, "no date") + ", on " +
                                  or_else(side->machine, "an unknown machine")});
  return list;
}

List notes(const Comparison& c) {
  List list;
  for (const ComparedSeries& s : c.series)
    if (!s.note.empty()) list.items.push_back(strong(s.subject) + ": " + s.note);
  for (const std::string& s : c.only_a) list.items.push_back(strong(s) + ": only in A");
  for (const std::string& s : c.only_b) list.items.push_back(strong(s) + ": only in B");
  return list;
}

}  // namespace

Result<Page> comparison_page(const Document& document) {
  return decode<Comparison>(document.body, document.schema).map([](const Comparison& c) {
    Page page;
    page.kind = "Comparison";
    page.title = "Two measurements compared";
    page.lead = lead_of(c);
    page.sections.push_back({"The two sides", {sides(c)}});
    if (!c.series.empty()) page.sections.push_back({"Differences", {series_table(c)}});
    if (List list = notes(c); !list.items.empty()) page.sections.push_back({"Without a claim", {list}});
    if (!c.environment.empty()) page.sections.push_back({"Surroundings", {environment_table(c)}});
    add_warnings(page.sections, c.warnings);
    page.sections.push_back({"Method", {bullets(c.method)}, Depth::detail});
    add_provenance(page, c.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
