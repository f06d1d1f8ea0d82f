// SPDX-License-Identifier: Apache-2.0
#include "reports/axis.h"

#include <cmath>

#include "model/core/format.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {

std::string on_axis(double value, const Axis& axis) {
  if (axis.unit == "share") return show_percent(value);
  if (axis.unit == "times") return show_number(value) + "x";
  return show(value, axis.unit);
}

std::vector<double> log_ticks(const LogScale& scale, const std::string& unit) {
  const double least = std::pow(10.0, scale.first), most = std::pow(10.0, scale.last);
  std::vector<double> out;
  if (unit == "byte") {
    for (double v = 1; v <= most; v *= 16)
      if (v >= least) out.push_back(v);
    return out;
  }
  const std::vector<int> decades = scale.decades();
  if (decades.size() > 2) {
    for (const int d : decades) out.push_back(std::pow(10.0, d));
    return out;
  }
  for (int d = static_cast<int>(std::floor(scale.first)); d <= scale.last; ++d)
    for (const double factor : {1.0, 2.0, 5.0})
      if (const double v = factor * std::pow(10.0, d); v >= least && v <= most) out.push_back(v);
  return out;
}

double round_step(double span) {
  const double unit = std::pow(10, std::floor(std::log10(span / 5)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (span / (unit * factor) <= 6) return unit * factor;
  return unit * 10;
}

std::string svg_grid(const LogPlot& plot, const Axis& x_axis, const Axis& y_axis) {
  const Box& frame = plot.frame;
  std::string out = "<g>\n" + svg_frame(frame);
  for (const double v : log_ticks(plot.x, x_axis.unit)) {
    const double x = plot.x.pixel(v);
    out += svg_line({x, frame.top}, {x, frame.bottom}, "rl-grid");
    out += svg_words(level_label(on_axis(v, x_axis), {x, frame.bottom + 16}, Anchor::middle), "rl-tick");
  }
  for (const double v : log_ticks(plot.y, y_axis.unit)) {
    const double y = plot.y.pixel(v);
    out += svg_line({frame.left, y}, {frame.right, y}, "rl-grid");
    out += svg_words(level_label(on_axis(v, y_axis), {frame.left - 8, y}, Anchor::end), "rl-tick");
  }
  out += svg_words(
      level_label(x_axis.title, {(frame.left + frame.right) / 2, kChartHeight - 18}, Anchor::middle),
      "rl-title");
  out += svg_words(slanted_label(y_axis.title, {16, (frame.top + frame.bottom) / 2}, 90), "rl-title");
  return out + "</g>\n";
}

}  // namespace ridgepoint::report
