// SPDX-License-Identifier: Apache-2.0
#include "model/core/workload.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Table stages_table(const std::vector<Stage>& stages) {
  Table table;
  table.caption = "Stages of one unit of work";
  table.columns = {{"Stage", Align::text},  {"Kernel class", Align::text}, {"Precisions", Align::text},
                   {"Work", Align::number}, {"Read", Align::number},       {"Written", Align::number}};
  for (const Stage& s : stages)
    table.rows.push_back(
        {{s.id, or_else(s.kernel_class, "unknown"), or_else(listed(s.precisions), "none"),
          s.work ? fact_value(*s.work) : quiet("not counted"), fact_value(s.read), fact_value(s.written)},
         Emphasis::none});
  return table;
}

/// One key a figure, so that each one shows its source.
Facts figures_of(const Workload& w) {
  Facts facts{{"footprint", w.footprint}};
  for (const Stage& s : w.stages) {
    if (s.work) facts[s.id + ".work"] = *s.work;
    facts[s.id + ".read"] = s.read;
    facts[s.id + ".written"] = s.written;
  }
  return facts;
}

}  // namespace

Result<Page> workload_page(const Document& document) {
  return decode<Workload>(document.body, document.schema).map([](const Workload& w) {
    Page page;
    page.kind = "Workload";
    page.title = w.name.empty() ? w.id : w.name;
    page.lead = or_else(w.summary, "No summary is given.");
    KeyValues identity;
    identity.rows = {{"Id", w.id},
                     {"Family", or_else(w.family, "unknown")},
                     {"Phase", std::string(name_of(w.phase))},
                     {"Unit of work", or_else(w.unit_of_work, "unknown")},
                     {"Memory needed at once", fact_value(w.footprint)},
                     {"Calibrated by kernel", or_else(w.kernel, "none")}};
    page.sections.push_back({"Definition", {identity}});
    page.sections.push_back({"Stages", {stages_table(w.stages)}});
    if (!w.limits.empty()) page.sections.push_back({"What the definition leaves out", {bullets(w.limits)}});
    page.sections.push_back(
        {"Where the figures come from", {facts_table("Figures, with their sources", figures_of(w))}});
    page.footer = "Workload " + w.id;
    return page;
  });
}

}  // namespace ridgepoint::report
