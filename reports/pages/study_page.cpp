// SPDX-License-Identifier: Apache-2.0
#include "model/core/study.h"

#include "model/core/format.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

std::string sizes(const FoundShare& f) {
  const std::string from = show_number(f.from_mm);
  return f.below_mm ? from + "-" + show_number(*f.below_mm) + " mm" : "from " + from + " mm";
}

Text share_cell(const FoundShare& f) {
  if (!f.share) return quiet("none there");
  return percent(f.share->value) + aside(percent(f.share->lo) + " to " + percent(f.share->hi));
}

Text interval_cell(const std::optional<Interval>& i, std::string_view unit) {
  return i ? quantity(i->value, unit) + aside(range(i->lo, i->hi, unit)) : quiet("unknown");
}

Text verdict_of(const std::optional<bool>& holds) {
  if (!holds) return toned("cannot tell", Tone::caution);
  return *holds ? toned("holds", Tone::good) : toned("does not hold", Tone::bad);
}

Table claim_table(const StudyReport& s) {
  Table table;
  table.caption = "What was expected, as fixed before the run, and what was seen";
  table.columns = {{"Claim", Align::text}, {"Verdict", Align::text}, {"Seen", Align::text}};
  for (const StudyClaim& c : s.claims)
    table.rows.push_back({{c.claim, verdict_of(c.holds), c.seen}, Emphasis::none});
  return table;
}

void add_shares_chart(Section& section, const ResolutionResult& r) {
  if (r.points.empty()) return;
  CurveChart chart{.title = "Share of nodules found against the size of voxels",
                   .x = {"Edge of a voxel, mm", "1"},
                   .y = {"Share found", "1"},
                   .curves = {},
                   .marks = {}};
  for (std::size_t i = 0; i < r.points.front().by_diameter.size(); ++i) {
    Curve curve{sizes(r.points.front().by_diameter[i]), {}};
    for (const ResolutionPoint& p : r.points)
      if (i < p.by_diameter.size() && p.by_diameter[i].share && p.by_diameter[i].share->value > 0)
        curve.points.emplace_back(p.voxel_mm, p.by_diameter[i].share->value);
    if (curve.points.size() > 1) chart.curves.push_back(std::move(curve));
  }
  if (!chart.drawable()) return;
  const Text caption = curve_summary(chart) + " A share of 0 has no place on this scale and is left out.";
  section.blocks.emplace_back(Figure{std::move(chart), caption});
}

Table shares_table(const ResolutionResult& r) {
  Table table;
  table.caption = "Share found at " + show_number(r.false_per_scan) +
                  " false positives a scan, by diameter, with 95 % intervals";
  table.columns = {{"Voxel, mm", Align::number}};
  if (!r.points.empty())
    for (const FoundShare& f : r.points.front().by_diameter)
      table.columns.push_back({sizes(f) + " (" + std::to_string(f.of) + ")", Align::number});
  for (const ResolutionPoint& p : r.points) {
    Row row{{quantity(p.voxel_mm, "1")}, Emphasis::none};
    for (const FoundShare& f : p.by_diameter) row.cells.push_back(share_cell(f));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table froc_table(const ResolutionResult& r) {
  Table table;
  table.caption = "Free response: share of all nodules found against false positives a scan";
  table.columns = {{"Voxel, mm", Align::number}};
  if (!r.points.empty())
    for (const FrocPoint& f : r.points.front().froc)
      table.columns.push_back({show_number(f.false_per_scan), Align::number});
  table.columns.push_back({"Mean", Align::number});
  for (const ResolutionPoint& p : r.points) {
    Row row{{quantity(p.voxel_mm, "1")}, Emphasis::none};
    double sum = 0;
    for (const FrocPoint& f : p.froc) {
      row.cells.push_back(percent(f.sensitivity));
      sum += f.sensitivity;
    }
    row.cells.push_back(p.froc.empty() ? quiet("none")
                                       : percent(sum / static_cast<double>(p.froc.size()), Origin::derived));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table price_table(const ResolutionResult& r) {
  Table table;
  table.caption = "What each size of voxels needs: " + r.network + " on a whole chest";
  table.columns = {{"Voxel, mm", Align::number}, {"Input", Align::text}, {"Platform", Align::text},
                   {"Memory", Align::number},    {"Fits", Align::text},  {"Time", Align::number},
                   {"Cost", Align::number}};
  for (const ResolutionPoint& p : r.points)
    for (const StudyJob& j : p.jobs)
      table.rows.push_back(
          {{quantity(p.voxel_mm, "1"), p.network_input, or_else(j.platform_name, j.platform_id),
            quantity(j.expected_byte, "byte"), std::string(name_of(j.verdict)), interval_cell(j.time_s, "s"),
            interval_cell(j.cost_usd, "usd")},
           Emphasis::none});
  return table;
}

Table machine_table(const ResolutionResult& r) {
  Table table;
  table.caption = "The detector on this machine, and memory to train the network on one chest";
  table.columns = {
      {"Voxel, mm", Align::number}, {"Scan in FP32", Align::number}, {"Detection, median", Align::number},
      {"Spread", Align::number},    {"Scans", Align::number},        {"Training needs", Align::number}};
  for (const ResolutionPoint& p : r.points)
    table.rows.push_back(
        {{quantity(p.voxel_mm, "1"), quantity(p.image_byte, "byte"), quantity(p.detect_s.median, "s"),
          range(p.detect_s.min, p.detect_s.max, "s"), quantity(static_cast<double>(p.detect_s.n), "1"),
          or_unknown(p.train_byte, "byte")},
         Emphasis::none});
  return table;
}

void add_resolution(Page& page, const ResolutionResult& r) {
  Section found{"Where resolution matters", {}};
  found.blocks.emplace_back(Paragraph{
      counted(static_cast<std::size_t>(r.scans), "generated scan", "generated scans") + " with " +
      counted(static_cast<std::size_t>(r.nodules), "nodule", "nodules") + ". Detector: " + r.detector + "."});
  add_shares_chart(found, r);
  found.blocks.emplace_back(shares_table(r));
  found.blocks.emplace_back(froc_table(r));
  page.sections.push_back(std::move(found));
  page.sections.push_back({"What it costs", {machine_table(r), price_table(r)}});
}

Text ratio_words(const std::optional<Interval>& i) {
  if (!i) return quiet("unknown");
  return quantity(i->value, "1") + aside(range(i->lo, i->hi, "1"));
}

Table run_table(const BatchResult& r) {
  Table table;
  table.caption = "Trainings: " + std::to_string(r.parameters) + " parameters, " +
                  std::to_string(r.train_patches) + " patches to learn from, " +
                  std::to_string(r.test_patches) + " to test on";
  table.columns = {{"Seed", Align::number},
                   {"Batch", Align::number},
                   {"Epochs", Align::number},
                   {"Loss learned", Align::number},
                   {"Told right, learned", Align::number},
                   {"Told right, tested", Align::number},
                   {"Sharpness at " + show_number(r.epsilon_wide), Align::number},
                   {"At " + show_number(r.epsilon_narrow), Align::number}};
  for (const BatchRun& b : r.runs)
    table.rows.push_back(
        {{quantity(static_cast<double>(b.seed), "1"), quantity(static_cast<double>(b.batch), "1"),
          quantity(static_cast<double>(b.epochs), "1"), quantity(b.train_loss, "1"), percent(b.train_share),
          percent(b.test_share), quantity(b.sharpness_wide, "1"), quantity(b.sharpness_narrow, "1")},
         Emphasis::none});
  return table;
}

void add_time_chart(Section& section, const BatchResult& r) {
  CurveChart chart{.title = "Time to the target against the batch",
                   .x = {"Batch, samples", "1"},
                   .y = {"Time", "s"},
                   .curves = {},
                   .marks = {}};
  for (const BatchJob& j : r.jobs) {
    if (!j.time_s) continue;
    const std::string name = j.platform_name.empty() ? j.platform_id : j.platform_name;
    if (chart.curves.empty() || chart.curves.back().name != name) chart.curves.push_back({name, {}});
    chart.curves.back().points.emplace_back(j.batch, j.time_s->value);
  }
  std::erase_if(chart.curves, [](const Curve& c) { return c.points.size() < 2; });
  if (!chart.drawable()) return;
  const Text caption = curve_summary(chart);
  section.blocks.emplace_back(Figure{std::move(chart), caption});
}

Table target_table(const BatchResult& r) {
  Table table;
  table.caption =
      "Training to the target, on one device in FP32; less at once than the batch: gradients accumulated";
  table.columns = {{"Platform", Align::text},  {"Batch", Align::number},  {"Samples", Align::number},
                   {"At once", Align::number}, {"Memory", Align::number}, {"Time", Align::number},
                   {"Cost", Align::number}};
  for (const BatchJob& j : r.jobs)
    table.rows.push_back(
        {{or_else(j.platform_name, j.platform_id), quantity(j.batch, "1"), quantity(j.samples, "1"),
          j.at_once > 0 ? quantity(j.at_once, "1") : quiet("none fits"), quantity(j.memory_byte, "byte"),
          interval_cell(j.time_s, "s"), interval_cell(j.cost_usd, "usd")},
         Emphasis::none});
  return table;
}

void add_batch_size(Page& page, const BatchResult& r) {
  Section runs{"Small and large batches", {}};
  Text gap = quiet("unknown");
  if (r.test_gap)
    gap = percent(r.test_gap->value) + aside(percent(r.test_gap->lo) + " to " + percent(r.test_gap->hi));
  runs.blocks.emplace_back(
      KeyValues{{{"Sharpness, batch " + std::to_string(r.large_batch) + " over " +
                      std::to_string(r.small_batch) + ", at " + show_number(r.epsilon_wide),
                  ratio_words(r.ratio_wide)},
                 {"The same at " + show_number(r.epsilon_narrow), ratio_words(r.ratio_narrow)},
                 {"Share told right, small less large", gap}}});
  runs.blocks.emplace_back(run_table(r));
  page.sections.push_back(std::move(runs));
  Section target{"Time and cost to a target", {}};
  target.blocks.emplace_back(Paragraph{"Network: " + r.network + ". Samples: " + r.source +
                                       "; their standard deviation is " + percent(r.spread_lo) + " to " +
                                       percent(r.spread_hi) + " of the mean."});
  add_time_chart(target, r);
  target.blocks.emplace_back(target_table(r));
  page.sections.push_back(std::move(target));
}

Table evidence_table(const StudyReport& s) {
  Table table;
  table.caption = "What others found; some of it speaks against";
  table.columns = {{"Finding", Align::text}, {"Speaks", Align::text}, {"Source", Align::text}};
  for (const StudyEvidence& e : s.evidence)
    table.rows.push_back({{e.finding, std::string(e.agrees ? "for" : "against"), e.source}, Emphasis::none});
  return table;
}

Text lead_of(const StudyReport& s) {
  std::size_t held = 0;
  for (const StudyClaim& c : s.claims) held += c.holds.value_or(false) ? 1 : 0;
  return counted(s.claims.size(), "claim was", "claims were") +
         " tested on generated data: " + counted(held, "holds", "hold") +
         ". Generated data show a shape, not what happens to patients.";
}

}  // namespace

Result<Page> study_page(const Document& document) {
  return decode<StudyReport>(document.body, document.schema).map([](const StudyReport& s) {
    Page page;
    page.kind = "Study";
    page.title = "Study: " + s.name;
    page.lead = lead_of(s);
    page.sections.push_back({"Claims", {claim_table(s)}});
    if (s.resolution) add_resolution(page, *s.resolution);
    if (s.batch_size) add_batch_size(page, *s.batch_size);
    if (!s.evidence.empty()) page.sections.push_back({"What others found", {evidence_table(s)}});
    if (!s.limits.empty()) page.sections.push_back({"Limits", {bullets(s.limits)}});
    if (!s.fixed.empty())
      page.sections.push_back({"Decided before the run", {bullets(s.fixed)}, Depth::detail});
    add_provenance(page, s.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
