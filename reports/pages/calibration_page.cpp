// SPDX-License-Identifier: Apache-2.0
#include "model/core/calibration.h"

#include <cmath>

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

const ClassError* whole(const Calibration& c) {
  for (const ClassError& e : c.leave_platform_out)
    if (e.kernel_class == "all") return &e;
  return nullptr;
}

Text lead_of(const Calibration& c) {
  Text lead = counted(static_cast<std::size_t>(c.rows), "measured result", "measured results") + " fitted.";
  if (const ClassError* all = whole(c))
    lead += " With each platform left out in turn, its results are predicted with a median error of " +
            percent(all->median) + "; " + percent(all->coverage) +
            " of them fall inside the interval that should hold 80 %.";
  return lead;
}

Table errors_table(const Calibration& c) {
  Table t;
  t.caption = "Errors by kernel class, platforms left out";
  t.columns = {{"class", Align::text},    {"rows", Align::number},
               {"median", Align::number}, {"90th percentile", Align::number},
               {"bias", Align::number},   {"inside interval", Align::number}};
  for (const ClassError& e : c.leave_platform_out)
    t.rows.push_back({{e.kernel_class, quantity(static_cast<double>(e.rows), "1"), percent(e.median),
                       percent(e.p90), derived(std::exp(e.bias), "1") + " x", percent(e.coverage)},
                      Emphasis::none});
  return t;
}

/// Terms of classes alone; the narrower scopes are in the document.
Table efficiencies_table(const Calibration& c) {
  Table t;
  t.caption = "What a class adds to its group, on no particular platform";
  t.columns = {{"term and class", Align::text},
               {"time factor", Align::number},
               {"spread", Align::number},
               {"rows", Align::number}};
  for (const auto& [key, effect] : c.effects) {
    if (key.find('@') != std::string::npos || !c.spread.contains(key)) continue;
    t.rows.push_back({{key, derived(std::exp(effect.value), "1"), percent(effect.sd),
                       quantity(static_cast<double>(effect.rows), "1")},
                      Emphasis::none});
  }
  return t;
}

}  // namespace

Result<Page> calibration_page(const Document& document) {
  return decode<Calibration>(document.body, document.schema)
      .and_then([](const Calibration& c) -> Result<Page> {
        Page page;
        page.kind = "Calibration";
        page.title = "Calibration of the time law";
        page.lead = lead_of(c);
        Section trust{"How far to trust it", {}};
        trust.blocks.emplace_back(errors_table(c));
        trust.blocks.emplace_back(
            Paragraph{"An error of 25 % is a prediction 1.25 times too fast or too slow. Bias is the median "
                      "of predicted "
                      "over measured time."});
        page.sections.push_back(std::move(trust));
        Section fitted{"What was fitted", {}, Depth::detail};
        fitted.blocks.emplace_back(efficiencies_table(c));
        page.sections.push_back(std::move(fitted));
        if (!c.sources.empty()) page.sections.push_back({"Sources", {bullets(c.sources)}});
        page.footer = "Same inputs, same calibration: the document carries no time of its own.";
        return page;
      });
}

}  // namespace ridgepoint::report
