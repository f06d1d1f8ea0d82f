// SPDX-License-Identifier: Apache-2.0
#include "model/core/validation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

constexpr std::size_t kBriefRows = 12;

Text share_or(const std::optional<double>& value) { return value ? percent(*value) : quiet("none"); }
Text count(std::int64_t n) { return quantity(static_cast<double>(n), "1"); }
Text of(std::int64_t part, std::int64_t whole) { return count(part) + " of " + count(whole); }

/// The median ratio as what it means: 20 % of the time missing, or too much.
Text bias(const std::optional<double>& logarithm) {
  return logarithm ? percent(std::exp(*logarithm) - 1, Origin::derived) : quiet("none");
}

Table error_table(const std::string& caption, const std::string& heading) {
  Table t;
  t.caption = caption;
  t.columns = {{heading, Align::text},    {"Rows", Align::number},  {"Median", Align::number},
               {"90 %", Align::number},   {"Worst", Align::number}, {"Bias", Align::number},
               {"Inside", Align::number}, {"hi/lo", Align::number}};
  return t;
}

Row error_row(const std::string& name, const ErrorScore& s) {
  return {
      {name, of(s.predicted, s.rows), share_or(s.median_error), share_or(s.p90_error), share_or(s.max_error),
       bias(s.bias_ln), share_or(s.coverage), s.width ? quantity(*s.width, "1") : quiet("none")},
      Emphasis::none};
}

Table parts_table(const std::string& caption, const std::string& heading,
                  const std::vector<ErrorScore>& scores) {
  Table t = error_table(caption, heading);
  for (const ErrorScore& s : scores) t.rows.push_back(error_row(s.name, s));
  return t;
}

Row rank_row(const std::string& name, const RankScore& r) {
  return {{name, share_or(r.pairs.share), share_or(r.pairs_same_size.share), share_or(r.time.share),
           share_or(r.time.mean_regret), share_or(r.cost.share), share_or(r.cost.mean_regret),
           share_or(r.cost.p95_regret)},
          Emphasis::none};
}

Section summary_section(const Validation& v) {
  Table errors =
      error_table("Error of the predicted times, and how many values lie inside the interval", "Predictor");
  errors.rows.push_back(error_row("this model", v.summary.overall));
  Table ranks;
  ranks.caption = "Pairs in the right order, fastest and cheapest chosen, mean and 95 % cost regret";
  ranks.columns = {{"Predictor", Align::text}, {"Pairs", Align::number},  {"Same size", Align::number},
                   {"Fastest", Align::number}, {"Regret", Align::number}, {"Cheapest", Align::number},
                   {"Regret", Align::number},  {"95 %", Align::number}};
  ranks.rows.push_back(rank_row("this model", v.ranking));
  for (const BaselineScore& b : v.baselines) {
    errors.rows.push_back(error_row(b.errors.name, b.errors));
    ranks.rows.push_back(rank_row(b.errors.name, b.ranking));
  }
  errors.rows.front().emphasis = ranks.rows.front().emphasis = Emphasis::chosen;
  const Paragraph groups{count(v.ranking.pairs.pairs) + " pairs in " + count(v.ranking.time.groups) +
                         " groups; groups with prices: " + count(v.ranking.cost.groups) + "."};
  return {"Summary", {errors, ranks, groups}};
}

Text interval(const ValidationRow& r) {
  if (!r.predicted) return quiet("refused");
  Text t = quantity(*r.predicted, r.unit.value_or("1"));
  if (r.lo && r.hi) t += aside(range(*r.lo, *r.hi, r.unit.value_or("1")));
  return t;
}

Table rows_table(const std::string& caption) {
  Table t;
  t.caption = caption;
  t.columns = {{"Row", Align::text},         {"Workload", Align::text},    {"Platform", Align::text},
               {"Measured", Align::number},  {"Predicted", Align::number}, {"Time ratio", Align::number},
               {"Class, tier", Align::text}, {"Refused", Align::text}};
  return t;
}

Row row_of(const ValidationRow& r) {
  const Text ground = or_else(r.kernel_class.value_or(""), "-") +
                      (r.tier ? Text(", " + std::string(name_of(*r.tier))) : Text());
  return {{or_else(r.id, "no id"), or_else(r.workload_id, "-"), or_else(r.platform_id, "-"),
           or_unknown(r.measured, r.unit.value_or("1")), interval(r),
           r.ratio ? quantity(*r.ratio, "1") : quiet("none"), ground, or_else(r.refused.value_or(""), "no")},
          Emphasis::none};
}

Section worst_section(const Validation& v) {
  std::vector<const ValidationRow*> order;
  for (const ValidationRow& r : v.rows)
    if (r.error) order.push_back(&r);
  std::ranges::stable_sort(order, std::greater{}, [](const ValidationRow* r) { return *r->error; });
  const auto n = static_cast<std::size_t>(std::clamp<std::int64_t>(v.worst, 0, 1000000));
  if (order.size() > n) order.resize(n);
  Section section{"Worst rows", {}};
  if (order.empty()) return section;
  Table t;
  t.caption = "The largest errors";
  t.columns = {{"Row", Align::text},
               {"Measured", Align::number},
               {"Predicted", Align::number},
               {"Time ratio", Align::number},
               {"Class", Align::text}};
  for (const ValidationRow* r : order)
    t.rows.push_back(
        {{or_else(r->id, "no id"), or_unknown(r->measured, r->unit.value_or("1")),
          r->predicted ? quantity(*r->predicted, r->unit.value_or("1")) : quiet("none"),
          r->ratio ? quantity(*r->ratio, "1") : quiet("none"), or_else(r->kernel_class.value_or(""), "-")},
         Emphasis::none});
  section.blocks.emplace_back(std::move(t));
  return section;
}

Section refusal_section(const Validation& v) {
  Section section{"Refused", {}};
  if (v.summary.refusals.empty()) return section;
  Table t;
  t.caption = "Rows without a prediction, by reason";
  t.columns = {{"Reason", Align::text}, {"Rows", Align::number}, {"Share", Align::number}};
  for (const RefusalCount& r : v.summary.refusals)
    t.rows.push_back({{or_else(r.reason, "no reason"), count(r.rows), percent(r.share)}, Emphasis::none});
  section.blocks.emplace_back(std::move(t));
  if (v.summary.refused_known)
    section.blocks.emplace_back(Paragraph{"Of the readable rows whose platform and workload are known, " +
                                          percent(*v.summary.refused_known) + " are refused."});
  return section;
}

Section parts_section(const Validation& v) {
  Section section{"By part", {}};
  if (!v.summary.families.empty())
    section.blocks.emplace_back(parts_table("By family of workloads", "Family", v.summary.families));
  if (!v.summary.classes.empty())
    section.blocks.emplace_back(parts_table("By kernel class", "Class", v.summary.classes));
  if (!v.summary.tiers.empty())
    section.blocks.emplace_back(parts_table("By tier of evidence", "Tier", v.summary.tiers));
  return section;
}

Section groups_section(const Validation& v) {
  Section section{"Choices", {}, Depth::detail};
  if (v.groups.empty()) return section;
  Table t;
  t.caption = "Every group of comparable systems";
  t.columns = {{"Group", Align::text},          {"Systems", Align::number},    {"Pairs right", Align::number},
               {"Fastest", Align::text},        {"Chosen", Align::text},       {"Regret", Align::number},
               {"Chosen by cost", Align::text}, {"Cost regret", Align::number}};
  for (const RankedGroup& g : v.groups)
    t.rows.push_back({{or_else(g.name, "-"), count(g.systems), of(g.pairs_right, g.pairs),
                       or_else(g.fastest, "-"), or_else(g.chosen, "-"), percent(g.regret),
                       or_else(g.chosen_by_cost.value_or(""), "no prices"), share_or(g.cost_regret)},
                      Emphasis::none});
  section.blocks.emplace_back(std::move(t));
  return section;
}

ScatterChart chart_of(const Validation& v) {
  std::map<std::string, PointSet> sets;
  for (const ValidationRow& r : v.rows) {
    if (!r.measured_s || !r.predicted_s) continue;
    const std::string family = r.workload_id.substr(0, r.workload_id.find('/'));
    sets[family].name = family;
    sets[family].points.emplace_back(*r.measured_s, *r.predicted_s);
  }
  ScatterChart chart{"Predicted against measured time",
                     {"Measured time, a rate as time per unit", "s"},
                     {"Predicted time", "s"},
                     {}};
  for (auto& [name, set] : sets) chart.sets.push_back(std::move(set));
  return chart;
}

Section rows_section(const Validation& v) {
  Section section{"Predicted against measured", {}, Depth::detail};
  if (ScatterChart chart = chart_of(v); chart.drawable()) {
    Text caption = Text(scatter_summary(chart));
    section.blocks.emplace_back(Figure{std::move(chart), std::move(caption)});
  }
  if (v.rows.empty()) return section;
  Table t = rows_table("Every row, in the order of the input");
  t.brief = kBriefRows;
  for (const ValidationRow& r : v.rows) t.rows.push_back(row_of(r));
  section.blocks.emplace_back(std::move(t));
  return section;
}

Text lead_of(const Validation& v) {
  const ErrorScore& s = v.summary.overall;
  const std::string what = v.leave_out == LeaveOut::run ? " run" : " published row";
  Text t = "Of " + count(s.rows) + (s.rows == 1 ? what + " " : what + "s ") + count(s.predicted) +
           (s.predicted == 1 ? " is" : " are") + " predicted and " + count(s.refused) + " refused.";
  if (s.median_error && s.p90_error)
    t += " Half of the predicted times are within " + percent(*s.median_error) + ", nine of ten within " +
         percent(*s.p90_error) + ".";
  if (v.leave_out == LeaveOut::run) return t + " No prediction has seen its own run.";
  t += v.leave_out == LeaveOut::none
           ? Text(" Calibration: as shipped or given.")
           : Text(" No prediction has seen a row of its own " + std::string(name_of(v.leave_out)) + ".");
  return t;
}

Section inputs_section(const Validation& v) {
  Section section{"Input", {}, Depth::detail};
  if (!v.inputs.empty()) {
    Table t;
    t.caption = "Files";
    t.columns = {{"File", Align::text},
                 {"Rows", Align::number},
                 {"Unreadable", Align::number},
                 {"Ids seen before", Align::number}};
    for (const ValidationInput& i : v.inputs)
      t.rows.push_back(
          {{or_else(i.file, "-"), count(i.rows), count(i.unreadable), count(i.duplicates)}, Emphasis::none});
    section.blocks.emplace_back(std::move(t));
  }
  if (!v.method.empty()) section.blocks.emplace_back(bullets(v.method));
  return section;
}

}  // namespace

Result<Page> validation_page(const Document& document) {
  return decode<Validation>(document.body, document.schema).map([](const Validation& v) {
    Page page;
    page.kind = "Validation";
    page.title = v.leave_out == LeaveOut::run ? "Predictions of this machine's own kernels"
                                              : "Predictions against published results";
    page.lead = lead_of(v);
    for (Section& s :
         std::vector<Section>{summary_section(v), worst_section(v), refusal_section(v), parts_section(v),
                              groups_section(v), rows_section(v), inputs_section(v)})
      if (!s.blocks.empty()) page.sections.push_back(std::move(s));
    add_warnings(page.sections, v.warnings);
    add_provenance(page, v.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
