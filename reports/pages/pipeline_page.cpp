// SPDX-License-Identifier: Apache-2.0
#include "model/core/pipeline.h"

#include <algorithm>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text joined(const std::vector<std::int64_t>& list) {
  Text out;
  for (const std::int64_t v : list) {
    if (!out.empty()) out += " x ";
    out += quantity(static_cast<double>(v), "1");
  }
  return out;
}

/// A bar of at most 40 signs: the picture that a terminal can show.
std::string bar(double share) {
  return std::string(static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * 40 + 0.5), '#');
}

Table stage_table(const PipelineRun& p) {
  double total = 0;
  for (const PipelineStage& s : p.stages) total += s.time_s.median;
  Table table;
  table.caption = "Stages, medians of " + std::to_string(p.total_s.n) + (p.total_s.n == 1 ? " run" : " runs");
  table.columns = {{"Stage", Align::text},  {"Time", Align::number},   {"Share", Align::number},
                   {"", Align::text},       {"Read", Align::number},   {"Written", Align::number},
                   {"Rate", Align::number}, {"Compute", Align::number}};
  for (const PipelineStage& s : p.stages) {
    const double t = s.time_s.median, share = total > 0 ? t / total : 0;
    const bool timed = t > 0;
    table.rows.push_back({{s.name, quantity(t, "s"), percent(share, Origin::derived), bar(share),
                           quantity(s.read_byte, "byte"), quantity(s.written_byte, "byte"),
                           timed ? derived((s.read_byte + s.written_byte) / t, "byte/s") : quiet("-"),
                           timed && s.work_flop > 0 ? derived(s.work_flop / t, "flop/s") : quiet("-")},
                          s.name == p.binds ? Emphasis::chosen : Emphasis::none});
  }
  return table;
}

Table finding_table(const std::vector<PipelineFinding>& findings) {
  Table table;
  table.caption = "Findings, strongest first";
  table.columns = {{"Score", Align::number}, {"Diameter, mm", Align::number}, {"Centre, mm", Align::text}};
  table.brief = 10;
  for (const PipelineFinding& f : findings) {
    Text centre;
    for (const double v : f.centre_mm) {
      if (!centre.empty()) centre += ", ";
      centre += quantity(v, "1");
    }
    table.rows.push_back({{quantity(f.score, "1"), quantity(f.diameter_mm, "1"), centre}, Emphasis::none});
  }
  return table;
}

}  // namespace

Result<Page> pipeline_page(const Document& document) {
  return decode<PipelineRun>(document.body, document.schema).map([](const PipelineRun& p) {
    Page page;
    page.kind = "Pipeline";
    page.title = "Pipeline: " + p.path;
    page.lead = "From file to findings in " + quantity(p.total_s.median, "s") + "; the stage '" + p.binds +
                "' takes longest. " + counted(p.findings.size(), "finding", "findings") + ".";
    KeyValues use;
    use.rows = {{"Study", joined(p.size) + " voxels"},
                {"Network", p.network},
                {"Its grid", joined(p.grid_size) + " voxels of " + quantity(p.grid_mm, "1") + " mm"},
                {"Windows", quantity(static_cast<double>(p.windows), "1") + " of " +
                                quantity(static_cast<double>(p.window_edge), "1") + " voxels an edge"},
                {"Threads", quantity(static_cast<double>(p.threads), "1")},
                {"Memory announced", quantity(p.announced_byte, "byte")},
                {"Memory at most", or_unknown(p.peak_byte, "byte")}};
    page.sections.push_back({"Run", {use}});
    page.sections.push_back({"Stages", {stage_table(p)}});
    if (!p.findings.empty()) page.sections.push_back({"Findings", {finding_table(p.findings)}});
    add_warnings(page.sections, p.warnings);
    add_provenance(page, p.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
