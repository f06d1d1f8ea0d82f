// SPDX-License-Identifier: Apache-2.0
#include "model/core/listing.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {

Result<Page> listing_page(const Document& document) {
  return decode<Listing>(document.body, document.schema).and_then([](const Listing& l) -> Result<Page> {
    Page page;
    page.kind = "Listing";
    page.title = capitalised(l.title.empty() ? "listing" : l.title);
    page.lead = counted(l.rows.size(), "entry", "entries") + ".";
    Table table;
    table.caption = page.title;
    for (const std::string& heading : l.columns) table.columns.push_back({heading, Align::text});
    for (const auto& cells : l.rows) {
      if (cells.size() != l.columns.size())
        return fail(
            ErrorKind::bad_input, "the listing has a row of " + std::to_string(cells.size()) + " cells",
            "it has " + std::to_string(l.columns.size()) + " columns", "give every row one cell a column");
      Row row;
      for (const std::string& cell : cells) row.cells.push_back(or_else(cell, "-"));
      table.rows.push_back(std::move(row));
    }
    Section section{"Entries", {}};
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
    if (!l.notes.empty()) section.blocks.emplace_back(bullets(l.notes));
    if (!section.blocks.empty()) page.sections.push_back(std::move(section));
    add_provenance(page, l.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
