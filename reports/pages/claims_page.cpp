// SPDX-License-Identifier: Apache-2.0
#include "model/core/claims.h"

#include <algorithm>

#include "model/core/format.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text verdict_of(Judgement j) {
  const std::string words(name_of(j));
  if (j == Judgement::holds) return toned(words, Tone::good);
  return toned(words, j == Judgement::does_not_hold ? Tone::bad : Tone::caution);
}

Text lead_of(const ClaimSheet& s) {
  if (s.findings.empty()) return "No claim was tested.";
  const auto count = [&](Judgement j) {
    return static_cast<std::size_t>(std::ranges::count(s.findings, j, &ClaimFinding::judgement));
  };
  return "Of " + counted(s.findings.size(), "test", "tests") + " " +
         counted(count(Judgement::holds), "holds", "hold") + " and " +
         counted(count(Judgement::does_not_hold), "does not", "do not") + "; nobody can tell of " +
         std::to_string(count(Judgement::cannot_tell)) + ".";
}

Text figure_of(const ClaimFinding& f) {
  if (!f.expected_wins) return quiet("unknown");
  if (f.since && f.expected_wins_since)
    return quantity(*f.expected_wins_since, "1") + " workloads won in " + *f.since + ", " +
           quantity(*f.expected_wins, "1") + " in " + f.as_of;
  return quantity(*f.expected_wins, "1") + " of " + counted(f.results.size(), "workload", "workloads") +
         " expected to be won";
}

Table summary_table(const ClaimSheet& s) {
  Table table;
  table.caption = "Claims and their verdicts";
  table.columns = {{"Claim", Align::text},   {"As of", Align::text},  {"By", Align::text},
                   {"Verdict", Align::text}, {"Figure", Align::text}, {"Statement", Align::text}};
  for (const ClaimFinding& f : s.findings)
    table.rows.push_back(
        {{f.id, f.as_of, std::string(name_of(f.objective)), verdict_of(f.judgement), figure_of(f), f.text},
         Emphasis::none});
  return table;
}

Text flip_of(const ClaimResult& r) {
  if (!r.ratio) return r.reason;
  if (*r.ratio > 1) return "if the set's best were " + derived(*r.ratio, "1") + " times better";
  return "if another's best were " + derived(1 / *r.ratio, "1") + " times better";
}

Table result_table(const ClaimFinding& f) {
  Table table;
  table.caption = f.id + " as of " + f.as_of + ", by " + std::string(name_of(f.objective));
  table.columns = {{"Workload", Align::text},   {"Verdict", Align::text},
                   {"Chance", Align::number},   {"Best of the set", Align::text},
                   {"Best other", Align::text}, {"What would flip it", Align::text}};
  for (const ClaimResult& r : f.results)
    table.rows.push_back({{r.workload_id, verdict_of(r.judgement),
                           r.probability ? percent(*r.probability) : quiet("none given"),
                           or_else(r.best_claimed, "none"), or_else(r.best_other, "none"), flip_of(r)},
                          Emphasis::none});
  return table;
}

}  // namespace

Result<Page> claims_page(const Document& document) {
  return decode<ClaimSheet>(document.body, document.schema).map([](const ClaimSheet& s) {
    Page page;
    page.kind = "Claims";
    page.title = "Claims about platforms";
    page.lead = lead_of(s);
    page.sections.push_back({"Verdicts", {summary_table(s)}});
    Section details{"By workload", {}, Depth::detail};
    for (const ClaimFinding& f : s.findings) details.blocks.emplace_back(result_table(f));
    page.sections.push_back(std::move(details));
    if (!s.method.empty()) page.sections.push_back({"Method", {bullets(s.method)}, Depth::detail});
    add_provenance(page, s.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
