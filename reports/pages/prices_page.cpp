// SPDX-License-Identifier: Apache-2.0
#include "model/core/prices.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {

Result<Page> prices_page(const Document& document) {
  return decode<PriceFile>(document.body, document.schema).map([](const PriceFile& p) {
    Page page;
    page.kind = "Prices";
    page.title = p.title.empty() ? p.id : p.title;
    page.lead = counted(p.offers.size(), "price", "prices") + " of " +
                or_else(p.provider, "an unknown provider") + " in " +
                or_else(p.region.value_or(""), "no stated region") + ", in " + p.currency + ".";
    Table table;
    table.caption = "Offers";
    table.columns = {{"Platform", Align::text},  {"Offer", Align::text},   {"Terms", Align::text},
                     {"Devices", Align::number}, {"Price", Align::number}, {"Seen", Align::text},
                     {"Source", Align::text}};
    for (const PriceRow& r : p.offers) {
      const Offer& o = r.offer;
      const Text seen = o.from && o.to ? Text(*o.from + " to " + *o.to) : quiet("undated");
      table.rows.push_back({{r.platform, or_else(o.name.value_or(""), "purchase"), o.terms,
                             or_unknown(o.devices, "1"), fact_value(o.price), seen, o.price.source},
                            Emphasis::none});
    }
    page.sections.push_back({"Offers", {table}});
    if (!p.notes.empty()) page.sections.push_back({"Notes", {bullets(p.notes)}});
    page.footer = "Prices " + p.id;
    return page;
  });
}

Result<Page> assumptions_page(const Document& document) {
  return decode<Assumptions>(document.body, document.schema).map([](const Assumptions& a) {
    Page page;
    page.kind = "Assumptions";
    page.title = a.title.empty() ? a.id : a.title;
    page.lead = counted(a.facts.size(), "assumption", "assumptions") + ", each with its basis and source.";
    page.sections.push_back({"Assumptions", {facts_table("What a cost depends on beside prices", a.facts)}});
    page.footer = "Assumptions " + a.id;
    return page;
  });
}

}  // namespace ridgepoint::report
