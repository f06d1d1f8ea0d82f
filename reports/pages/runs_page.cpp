// SPDX-License-Identifier: Apache-2.0
#include "model/core/runs.h"

#include <algorithm>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text lead_of(const RunSet& set) {
  const auto wrong = static_cast<std::size_t>(
      std::ranges::count_if(set.runs, [](const KernelRun& r) { return !r.verification.passed; }));
  Text lead = counted(set.runs.size(), "kernel was", "kernels were") + " measured on " +
              or_else(set.machine_id, "an unknown machine");
  lead += wrong == 0 ? Text(set.runs.empty() ? "." : "; every answer was checked and is right.")
                     : "; " + counted(wrong, "answer is", "answers are") + " " +
                           toned("wrong, so its time does not count.", Tone::bad);
  if (!set.skipped.empty())
    lead += " " + counted(set.skipped.size(), "kernel was", "kernels were") + " skipped.";
  if (set.interrupted)
    lead += " " + toned("The run was interrupted: this is what was finished.", Tone::caution);
  return lead;
}

/// A rate of the median execution; a kernel that does none of it has no rate, rather than a rate of 0.
Text rate_of(double amount, double seconds, std::string_view unit) {
  if (amount <= 0 || seconds <= 0) return quiet("none");
  return derived(amount / seconds, unit);
}

Table times_table(const std::vector<KernelRun>& runs) {
  Table table;
  table.caption = "Measured kernels";
  table.columns = {
      {"Kernel", Align::text},        {"Median time", Align::number}, {"Lowest to highest", Align::number},
      {"Samples", Align::number},     {"Rate", Align::number},        {"Bandwidth", Align::number},
      {"Working set", Align::number}, {"Threads", Align::number},     {"Type, ISA", Align::text}};
  for (const KernelRun& r : runs)
    table.rows.push_back({{r.id, quantity(r.time_s.median, "s"), range(r.time_s.min, r.time_s.max, "s"),
                           quantity(static_cast<double>(r.time_s.n), "1"),
                           rate_of(r.cost.work_flop, r.time_s.median, "flop/s"),
                           rate_of(r.cost.read_byte + r.cost.written_byte, r.time_s.median, "byte/s"),
                           quantity(r.working_set_byte, "byte"),
                           quantity(static_cast<double>(r.threads), "1"), r.dtype + ", " + r.isa},
                          Emphasis::none});
  return table;
}

/// Each kernel against the roof that was measured in turns with it, for those that have one.
Table roofs_table(const std::vector<KernelRun>& runs) {
  Table table;
  table.caption = "Against the roof measured beside each sample";
  table.columns = {{"Kernel", Align::text},
                   {"Of its roof", Align::number},
                   {"Lowest to highest", Align::number},
                   {"Roof", Align::text},
                   {"Slowest to fastest roof", Align::number}};
  for (const KernelRun& r : runs) {
    if (!r.roof || r.roof->rates.empty()) continue;
    const auto [slowest, fastest] = std::ranges::minmax(r.roof->rates);
    const bool above =
        r.roof->share.median > 1.05;  // more than the roof allows: a counting error, or locality
    const Text share = percent(r.roof->share.median);
    table.rows.push_back({{r.id, above ? share + " " + toned("above", Tone::caution) : share,
                           between(percent(r.roof->share.min), percent(r.roof->share.max)), r.roof->name,
                           range(slowest, fastest, r.roof->unit == "B/s" ? "byte/s" : r.roof->unit)},
                          Emphasis::none});
  }
  return table;
}

Table checks_table(const std::vector<KernelRun>& runs) {
  Table table;
  table.caption = "Checks of the answers";
  table.columns = {{"Kernel", Align::text},
                   {"Answer", Align::text},
                   {"Largest error", Align::number},
                   {"Tolerance", Align::number},
                   {"Compared with", Align::text}};
  for (const KernelRun& r : runs) {
    const Verification& v = r.verification;
    table.rows.push_back(
        {{r.id, v.passed ? toned("right", Tone::good) : toned("wrong", Tone::bad), quantity(v.error, "1"),
          quantity(v.tolerance, "1"), or_else(v.reference, "unknown")},
         Emphasis::none});
  }
  return table;
}

/// Declared beside counted, for the kernels that were counted.
Table counted_table(const std::vector<KernelRun>& runs) {
  Table table;
  table.caption = "Declared and counted, per execution";
  table.columns = {{"Kernel", Align::text},
                   {"FLOP declared", Align::number},
                   {"FLOP counted", Align::number},
                   {"Bytes declared", Align::number},
                   {"DRAM bytes counted", Align::number},
                   {"Cycles", Align::number},
                   {"Instructions", Align::number}};
  for (const KernelRun& r : runs) {
    if (!r.counted) continue;
    const auto figure = [&](const char* key, const char* unit) {
      return or_unknown(number(*r.counted, key), unit);
    };
    const auto read = number(*r.counted, "traffic.dram.read"),
               written = number(*r.counted, "traffic.dram.written");
    table.rows.push_back({{r.id, quantity(r.cost.work_flop, "flop"), figure("events.fp_ops", "flop"),
                           derived(r.cost.read_byte + r.cost.written_byte, "byte"),
                           read && written ? derived(*read + *written, "byte") : quiet("unknown"),
                           figure("events.cycles", "1"), figure("events.instructions", "1")},
                          Emphasis::none});
  }
  return table;
}

Table cases_table(const std::vector<KernelRun>& runs) {
  Table table;
  table.caption = "Cases, and how to repeat each";
  table.columns = {{"Kernel", Align::text}, {"Shape", Align::text}, {"Repeat with", Align::text}};
  for (const KernelRun& r : runs)
    table.rows.push_back({{r.id, or_else(r.shape, "unknown"), or_else(r.repro, "unknown")}, Emphasis::none});
  return table;
}

Table skipped_table(const std::vector<SkippedRun>& skipped) {
  Table table;
  table.caption = "Kernels that did not run";
  table.columns = {{"Kernel", Align::text}, {"Reason", Align::text}, {"What to do", Align::text}};
  for (const SkippedRun& s : skipped)
    table.rows.push_back(
        {{s.id, or_else(s.reason, "unknown"), or_else(s.fix, "nothing to do")}, Emphasis::none});
  return table;
}

/// The set's warnings, then each kernel's, which say whose they are.
std::vector<Warning> all_warnings(const RunSet& set) {
  std::vector<Warning> all = set.warnings;
  for (const KernelRun& r : set.runs)
    for (const Warning& w : r.warnings) all.push_back({w.code, r.id + ": " + w.what, w.fix});
  return all;
}

/// Time against size, with the exponent that the logarithms give.
Section growth_section(const SizeGrowth& g) {
  Section section{"Growth", {}};
  Text words = "Time of " + strong(g.kernel) + " against " + g.key;
  if (g.exponent && g.standard_error)
    words += ": it grows with the power " + quantity(*g.exponent, "1") + " (standard error " +
             quantity(*g.standard_error, "1") + ", " + counted(g.size.size(), "size", "sizes") + ").";
  else
    words += ": too few sizes for an exponent.";
  section.blocks.emplace_back(Paragraph{words});
  CurveChart chart{"Time against " + g.key, {g.key, "1"}, {"median time", "s"}, {{g.kernel, {}}}, {}};
  Table table;
  table.caption = "Time by size";
  table.columns = {{g.key, Align::number}, {"Median time", Align::number}, {"Time of one", Align::number}};
  for (std::size_t i = 0; i < std::min(g.size.size(), g.time_s.size()); ++i) {
    chart.curves.front().points.emplace_back(g.size[i], g.time_s[i]);
    table.rows.push_back(
        {{quantity(g.size[i], "1"), quantity(g.time_s[i], "s"), derived(g.time_s[i] / g.size[i], "s")},
         Emphasis::none});
  }
  if (chart.drawable()) {
    const std::string caption = curve_summary(chart);
    section.blocks.emplace_back(Figure{std::move(chart), caption});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

Result<Page> runs_page(const Document& document) {
  return decode<RunSet>(document.body, document.schema).map([](const RunSet& set) {
    Page page;
    page.kind = "Runs";
    page.title = "Kernel measurements";
    page.lead = lead_of(set);
    if (set.growth) page.sections.push_back(growth_section(*set.growth));
    if (!set.runs.empty()) {
      page.sections.push_back({"Measurements", {times_table(set.runs), checks_table(set.runs)}});
      if (Table roofs = roofs_table(set.runs); !roofs.rows.empty())
        page.sections.push_back({"Roofs", {roofs}});
      if (Table counted = counted_table(set.runs); !counted.rows.empty())
        page.sections.push_back({"Counted", {counted}});
      page.sections.push_back({"Cases", {cases_table(set.runs)}});
    }
    if (!set.skipped.empty()) page.sections.push_back({"Skipped", {skipped_table(set.skipped)}});
    if (!set.missing.empty()) page.sections.push_back({"Not counted", {missing_table(set.missing)}});
    add_warnings(page.sections, all_warnings(set));
    add_provenance(page, set.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
