// SPDX-License-Identifier: Apache-2.0
#include "reports/svg_roofline.h"

#include <cmath>

#include "reports/roofline_layout.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

/// 0.001 to 100000 as they are, others as 1e7.
std::string tick_words(int decade) {
  if (decade < -4 || decade > 5) return "1e" + std::to_string(decade);
  if (decade < 0) return "0." + std::string(static_cast<std::size_t>(-decade - 1), '0') + "1";
  return "1" + std::string(static_cast<std::size_t>(decade), '0');
}

std::string grid(const RooflineLayout& layout) {
  std::string out = "<g>\n" + svg_frame(kPlot);
  for (const int d : layout.x.decades()) {
    const double x = layout.x.pixel(std::pow(10.0, d));
    out += svg_line({x, kPlot.top}, {x, kPlot.bottom}, "rl-grid");
    out += svg_words(level_label(tick_words(d), {x, kPlot.bottom + 16}, Anchor::middle), "rl-tick");
  }
  constexpr int kGiga = 9;  // the axis is in GFLOP/s, the scale in flop/s
  for (const int d : layout.y.decades()) {
    const double y = layout.y.pixel(std::pow(10.0, d));
    out += svg_line({kPlot.left, y}, {kPlot.right, y}, "rl-grid");
    out += svg_words(level_label(tick_words(d - kGiga), {kPlot.left - 8, y}, Anchor::end), "rl-tick");
  }
  out += svg_words(level_label("Arithmetic intensity (FLOP/B)",
                               {(kPlot.left + kPlot.right) / 2, kChartHeight - 18}, Anchor::middle),
                   "rl-title");
  out +=
      svg_words(slanted_label("Performance (GFLOP/s)", {16, (kPlot.top + kPlot.bottom) / 2}, 90), "rl-title");
  return out + "</g>\n";
}

std::string roofs(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const RoofLine& r : layout.bandwidth) out += svg_line(r.from, r.to, "rl-bandwidth");
  for (const RoofLine& r : layout.compute) out += svg_line(r.from, r.to, "rl-compute");
  out += svg_line(layout.ridge, {layout.ridge.x, kPlot.bottom}, "rl-ridge-line");
  out += "<circle class=\"rl-ridge\"" + svg_attribute("cx", svg_number(layout.ridge.x)) +
         svg_attribute("cy", svg_number(layout.ridge.y)) + " r=\"5\"/>\n";
  return out + "</g>\n";
}

std::string points(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const PointMark& p : layout.points) {
    if (p.bottom - p.top >= 0.1) {
      out += svg_line({p.at.x, p.top}, {p.at.x, p.bottom}, "rl-error");
      for (const double end : {p.top, p.bottom})
        out += svg_line({p.at.x - 4, end}, {p.at.x + 4, end}, "rl-error");
    }
    out += svg_marker(p.at, p.index);
  }
  return out + "</g>\n";
}

std::string labels(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const RoofLine& r : layout.bandwidth)
    if (r.label) out += svg_words(*r.label, "rl-label");
  for (const RoofLine& r : layout.compute)
    if (r.label) out += svg_words(*r.label, "rl-label");
  if (layout.ridge_label) out += svg_words(*layout.ridge_label, "rl-label");
  for (const PointMark& p : layout.points)
    if (p.label) out += svg_words(*p.label, "rl-label rl-kernel");
  return out + "</g>\n";
}

}  // namespace

std::string svg_roofline(const RooflineChart& chart, const std::string& id) {
  const RooflineLayout layout = lay_out(chart);
  return svg_open(id, kChartWidth, kChartHeight, "Roofline of this machine", roofline_summary(chart)) +
         grid(layout) + roofs(layout) + points(layout) + labels(layout) + "</svg>\n";
}

}  // namespace ridgepoint::report
