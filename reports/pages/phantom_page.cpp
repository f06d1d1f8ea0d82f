// SPDX-License-Identifier: Apache-2.0
#include "model/core/phantom.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

template <class T>
Text joined(const std::vector<T>& list, const std::string& between_them) {
  Text out;
  for (const T& v : list) {
    if (!out.empty()) out += between_them;
    out += quantity(static_cast<double>(v), "1");
  }
  return out;
}

}  // namespace

Result<Page> phantom_page(const Document& document) {
  return decode<PhantomTruth>(document.body, document.schema).map([](const PhantomTruth& p) {
    Page page;
    page.kind = "Phantom";
    page.title = "Synthetic chest CT, seed " + std::to_string(p.seed);
    page.lead = joined(p.size, " x ") + " voxels of " + joined(p.spacing_mm, " x ") + " mm with " +
                counted(p.nodules.size(), "nodule", "nodules") + " among " +
                quantity(static_cast<double>(p.vessels), "1") + " vessels.";
    KeyValues scan;
    scan.rows = {{"Image", or_else(p.path.value_or(""), "none written")},
                 {"Checksum", p.checksum},
                 {"Noise", quantity(p.noise_hu, "1") + " HU"},
                 {"Blur in plane", quantity(p.blur_mm, "1") + " mm"},
                 {"Relative dose", quantity(p.dose, "1")}};
    Table table;
    table.caption = "Nodules: the truth";
    table.columns = {{"Diameter, mm", Align::number},
                     {"Centre, mm", Align::text},
                     {"HU", Align::number},
                     {"Kind", Align::text},
                     {"Place", Align::text}};
    for (const TrueNodule& n : p.nodules)
      table.rows.push_back({{quantity(n.diameter_mm, "1"), joined(n.centre_mm, ", "),
                             quantity(n.value_hu, "1"), n.kind, n.place},
                            Emphasis::none});
    page.sections.push_back({"Scan", {scan}});
    page.sections.push_back({"Nodules", {table}});
    add_provenance(page, p.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
