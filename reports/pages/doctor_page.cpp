// SPDX-License-Identifier: Apache-2.0
#include "model/core/doctor.h"

#include <algorithm>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Tone tone_of(Health health) {
  return health == Health::good ? Tone::good : health == Health::limited ? Tone::caution : Tone::bad;
}

Text lead_of(const Diagnosis& d) {
  const auto count = [&](Health h) {
    return derived(static_cast<double>(std::ranges::count(d.findings, h, &Finding::health)), "1");
  };
  return "Of " + counted(d.findings.size(), "thing", "things") + " that can be measured here, " +
         count(Health::good) + " good, " + count(Health::limited) + " limited, " + count(Health::missing) +
         " missing.";
}

List fixes(const Diagnosis& d) {
  List list{ListKind::steps, {}};
  for (const Finding& f : d.findings)
    if (!f.fix.empty()) list.items.push_back(strong(f.id) + ": " + f.fix);
  return list;
}

}  // namespace

Result<Page> doctor_page(const Document& document) {
  return decode<Diagnosis>(document.body, document.schema).map([](const Diagnosis& d) {
    Page page;
    page.kind = "Doctor";
    page.title = "What can be measured here";
    page.lead = lead_of(d);
    Table table;
    table.caption = "Findings on " + (d.origin.empty() ? "an unknown origin" : d.origin);
    table.columns = {{"Subject", Align::text},
                     {"Health", Align::text},
                     {"Evidence", Align::text},
                     {"What it costs", Align::text}};
    for (const Finding& f : d.findings)
      table.rows.push_back({{f.id, toned(std::string(name_of(f.health)), tone_of(f.health)),
                             or_else(f.evidence, "none"), or_else(f.cost, "nothing")},
                            Emphasis::none});
    page.sections.push_back({"Findings", {table}});
    if (List list = fixes(d); !list.items.empty()) page.sections.push_back({"What to do next", {list}});
    add_provenance(page, d.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
