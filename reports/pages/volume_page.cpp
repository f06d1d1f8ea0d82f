// SPDX-License-Identifier: Apache-2.0
#include "model/core/volume.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// "512 x 512 x 300".
template <class T>
Text joined(const std::vector<T>& list, std::string_view unit) {
  Text out;
  for (const T& v : list) {
    if (!out.empty()) out += " x ";
    out += quantity(static_cast<double>(v), "1");
  }
  return unit.empty() || out.empty() ? out : out + " " + std::string(unit);
}

Text axes(const std::vector<double>& direction) {
  Text out;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    if (i > 0) out += i % 3 == 0 ? "; " : " ";
    out += quantity(direction[i], "1");
  }
  return out;
}

}  // namespace

Result<Page> volume_page(const Document& document) {
  return decode<VolumeDescription>(document.body, document.schema).map([](const VolumeDescription& v) {
    Page page;
    page.kind = "Volume";
    page.title = "Volume: " + v.path;
    page.lead = v.format + ", " + joined(v.size, "") + " voxels of " + v.type + ", " +
                joined(v.spacing_mm, "mm") + " each" + (v.values ? "." : "; only the header was read.");
    KeyValues geometry;
    geometry.rows = {{"Size", joined(v.size, "voxels")},
                     {"Spacing", joined(v.spacing_mm, "mm")},
                     {"First voxel", joined(v.origin_mm, "mm")},
                     {"Directions of the axes", axes(v.direction)}};
    KeyValues voxels;
    voxels.rows = {{"Type", v.type},
                   {"Byte order", v.byte_order},
                   {"Packing", v.packing},
                   {"Files", quantity(static_cast<double>(v.files), "1")},
                   {"Value", "stored x " + quantity(v.slope, "1") + " + " + quantity(v.intercept, "1")}};
    if (v.values) {
      voxels.rows.push_back({"Values", range(v.values->lowest, v.values->highest, "1")});
      voxels.rows.push_back({"Mean", quantity(v.values->mean, "1")});
      voxels.rows.push_back({"Checksum", v.values->checksum});
    }
    page.sections.push_back({"Geometry", {geometry}});
    page.sections.push_back({"Voxels", {voxels}});
    if (!v.figures.empty()) page.sections.push_back({"Size", {facts_table("Figures", v.figures)}});
    if (!v.notes.empty()) page.sections.push_back({"Assumed", {bullets(v.notes)}});
    add_provenance(page, v.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
