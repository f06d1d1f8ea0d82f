// SPDX-License-Identifier: Apache-2.0
#include "model/core/machine.h"

#include <algorithm>

#include "reports/pages/answer.h"
#include "reports/pages/measured.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"
#include "reports/pages/roofs.h"

namespace ridgepoint::report {
namespace {

Tone tone_of(ProbeStatus status) {
  switch (status) {
    case ProbeStatus::ok:
      return Tone::good;
    case ProbeStatus::failed:
      return Tone::bad;
    default:
      return Tone::caution;
  }
}

Text lead_of(const Machine& m) {
  const RooflineChart chart = roofs_of(m.platform.facts);
  Text lead = strong(m.platform.name.empty() ? m.platform.id : m.platform.name);
  if (chart.drawable()) {
    const Ridge ridge = ridge_of(chart);
    lead += " reaches " + quantity(chart.compute.front().rate, "flop/s") + " (" + chart.compute.front().name +
            ") and " + quantity(chart.bandwidth.back().rate, "byte/s") + " from its slowest memory (" +
            chart.bandwidth.back().name + "): work below " + intensity(ridge.intensity, Origin::derived) +
            " is bound by memory.";
  } else {
    lead +=
        ": " + counted(m.platform.facts.size(), "fact was", "facts were") + " found; it has no roofline yet.";
  }
  if (m.interrupted)
    lead += " " + toned("The run was interrupted: this is what was finished.", Tone::caution);
  return lead;
}

Table probes_table(const std::vector<ProbeReport>& probes) {
  Table table;
  table.caption = "Probes";
  table.columns = {{"Probe", Align::text},
                   {"Outcome", Align::text},
                   {"Took", Align::number},
                   {"Method", Align::text},
                   {"Why, and what to do", Align::text}};
  for (const ProbeReport& p : probes) {
    Text why = p.reason.empty() && p.fix.empty() ? quiet("nothing to do") : Text(p.reason);
    if (!p.fix.empty()) why += (p.reason.empty() ? "" : "; ") + Text(p.fix);
    table.rows.push_back({{p.id, toned(std::string(name_of(p.status)), tone_of(p.status)),
                           quantity(p.elapsed_s, "s"), or_else(p.method, "not given"), why},
                          Emphasis::none});
  }
  return table;
}

/// The raw samples stay in the JSON; here is enough to see whether they agree.
Table samples_table(const std::vector<ProbeReport>& probes) {
  Table table;
  table.caption = "Samples behind the facts";
  table.columns = {{"Series", Align::text},
                   {"Samples", Align::number},
                   {"Lowest", Align::number},
                   {"Highest", Align::number}};
  for (const ProbeReport& p : probes)
    for (const Series& s : p.samples) {
      if (s.values.empty()) continue;
      const auto [lo, hi] = std::ranges::minmax(s.values);
      table.rows.push_back({{s.key, derived(static_cast<double>(s.values.size()), "1"), quantity(lo, s.unit),
                             quantity(hi, s.unit)},
                            Emphasis::none});
    }
  return table;
}

}  // namespace

Result<Page> machine_page(const Document& document) {
  return decode<Machine>(document.body, document.schema).map([](const Machine& m) {
    Page page;
    page.kind = "Machine";
    page.title = "Machine: " + (m.platform.name.empty() ? m.platform.id : m.platform.name);
    page.lead = lead_of(m);
    page.sections.push_back(machine_section(m.platform, {}));
    const Facts& facts = m.platform.facts;
    for (Section& section :
         std::vector<Section>{arithmetic_section(facts), bandwidth_section(facts), latency_section(m),
                              storage_section(facts), accelerators_section(facts), noise_section(facts)})
      if (!section.blocks.empty()) page.sections.push_back(std::move(section));
    add_warnings(page.sections, m.warnings);
    page.sections.push_back(
        {"What was found", {facts_table("Facts, with their sources", facts)}, Depth::detail});
    Section probes{"How the probes went",
                   {Paragraph{"Origin: " + or_else(m.origin, "unknown") + "."}, probes_table(m.probes)}};
    if (Table samples = samples_table(m.probes); !samples.rows.empty())
      probes.blocks.emplace_back(std::move(samples));
    page.sections.push_back(std::move(probes));
    add_provenance(page, m.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
