// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/core/text.h"
#include "reports/pages/answer.h"
#include "reports/pages/parts.h"
#include "reports/pages/roofs.h"
#include "reports/roofline_layout.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

Text rate_or_none(double flop_per_s) {
  return flop_per_s > 0 ? quantity(flop_per_s, "flop/s") : quiet("no FLOP");
}

bool on_chart(const KernelPoint& k) {
  return drawable_intensity(k.intensity_flop_per_byte) && drawable_rate(k.rate_flop_per_s);
}

/// The kernels with floating-point work become points, in the document's order.
void add_points(RooflineChart& chart, const std::vector<KernelPoint>& kernels) {
  for (const KernelPoint& k : kernels) {
    if (!on_chart(k)) continue;
    RooflinePoint point{k.id, k.intensity_flop_per_byte, k.rate_flop_per_s, k.rate_flop_per_s,
                        k.rate_flop_per_s};
    // Utilisation is the achieved rate over the roof, so its interval is the rate's interval on another
    // scale.
    const Interval& u = k.utilisation;
    const double lo = k.rate_flop_per_s * u.lo / u.value, hi = k.rate_flop_per_s * u.hi / u.value;
    if (u.value > 0 && drawable_rate(lo) && drawable_rate(hi)) {
      point.lo = std::min(lo, point.rate);
      point.hi = std::max(hi, point.rate);
    }
    chart.points.push_back(point);
  }
}

Table kernels_table(const std::vector<KernelPoint>& kernels, bool drawn) {
  Table table;
  table.caption = "Kernels measured on this machine";
  table.columns = {{"Kernel", Align::text},        {"Mark", Align::text},     {"Type", Align::text},
                   {"Intensity", Align::number},   {"Rate", Align::number},   {"Bandwidth", Align::number},
                   {"Of the roof", Align::number}, {"Bound by", Align::text}, {"Samples", Align::number}};
  std::size_t point = 0;
  for (const KernelPoint& k : kernels) {
    const bool marked = drawn && on_chart(k);
    const Text share =
        percent(k.utilisation.value) + aside(between(percent(k.utilisation.lo), percent(k.utilisation.hi)));
    table.rows.push_back(
        {{k.id, marked ? Text(std::string(marker_name(point))) : quiet("not drawn"),
          or_else(k.dtype, "unknown"),
          k.intensity_flop_per_byte > 0 ? intensity(k.intensity_flop_per_byte) : quiet("no FLOP"),
          rate_or_none(k.rate_flop_per_s), quantity(k.bandwidth_byte_per_s, "byte/s"), share,
          or_else(k.bound_by, "unknown"), quantity(static_cast<double>(k.samples), "1")},
         Emphasis::none});
    if (marked) ++point;
  }
  return table;
}

Text figure_caption(const RooflineChart& chart) {
  const Ridge ridge = ridge_of(chart);
  return "Work below " + intensity(ridge.intensity, Origin::derived) + " is bound by memory (" +
         ridge.bandwidth + "), work above it can reach " + quantity(ridge.rate, "flop/s") + " (" +
         ridge.compute + "). The bars are the 10 % to 90 % range.";
}

}  // namespace

Section machine_section(const Platform& machine, const std::vector<KernelPoint>& kernels) {
  Section section{"This machine: " + (machine.name.empty() ? machine.id : machine.name), {}};
  RooflineChart chart = roofs_of(machine.facts);
  add_points(chart, kernels);
  if (chart.drawable())
    section.blocks.emplace_back(Figure{chart, figure_caption(chart)});
  else
    section.blocks.emplace_back(
        Paragraph{"No roofline is drawn: it needs a compute rate and a memory bandwidth."});
  if (!kernels.empty()) section.blocks.emplace_back(kernels_table(kernels, chart.drawable()));
  if (Table roofs = roofs_table(machine.facts); !roofs.rows.empty())
    section.blocks.emplace_back(std::move(roofs));
  return section;
}

}  // namespace ridgepoint::report
