// SPDX-License-Identifier: Apache-2.0
#include "reports/curve_chart.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "model/core/text.h"
#include "reports/label_placement.h"
#include "reports/log_scale.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

constexpr Box kPlot{92, 16, 744, 408};

bool drawable_value(double v) { return std::isfinite(v) && v >= 1e-15 && v <= 1e24; }

Extent extent_of(const CurveChart& chart, bool horizontal) {
  const auto& first = chart.curves.front().points.front();
  Extent extent{horizontal ? first.first : first.second, horizontal ? first.first : first.second};
  for (const Curve& c : chart.curves)
    for (const auto& [x, y] : c.points) extent.hold(horizontal ? x : y);
  return extent;
}

Pixel at_point(const LogPlot& plot, const std::pair<double, double>& point) {
  return plot.at(point.first, point.second);
}

std::string path_of(const Curve& curve, const LogPlot& plot) {
  std::string path;
  for (const auto& point : curve.points) {
    const Pixel p = at_point(plot, point);
    path += (path.empty() ? "M" : "L") + svg_number(p.x) + " " + svg_number(p.y);
  }
  return path;
}

std::string lines(const CurveChart& chart, const LogPlot& plot, LabelPlacer& placer) {
  std::string out = "<g>\n";
  for (const AxisMark& mark : chart.marks) {
    const double x = plot.x.pixel(mark.at);
    if (x < kPlot.left || x > kPlot.right) continue;
    out += svg_line({x, kPlot.top}, {x, kPlot.bottom}, "rl-ridge-line");
    std::vector<Label> places;
    for (double y = kPlot.top + 12; y < kPlot.bottom; y += 18) {
      places.push_back(level_label(shortened(mark.name, 24), {x + 6, y}, Anchor::start));
      places.push_back(level_label(shortened(mark.name, 24), {x - 6, y}, Anchor::end));
    }
    if (const auto label = placer.place(places)) out += svg_words(*label, "rl-label");
  }
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const Curve& c = chart.curves[i];
    out += "<path class=\"rl-curve\"" + svg_attribute("d", path_of(c, plot)) + "/>\n";
    for (const auto& point : c.points) out += svg_marker(at_point(plot, point), i);
  }
  return out + "</g>\n";
}

std::string names(const CurveChart& chart, const LogPlot& plot, LabelPlacer& placer) {
  std::string out = "<g>\n";
  for (const Curve& c : chart.curves) {
    std::vector<Label> places;
    for (auto point = c.points.rbegin(); point != c.points.rend(); ++point)
      for (const double off : {-14.0, 14.0, -28.0, 28.0})
        for (const Anchor anchor : {Anchor::end, Anchor::middle, Anchor::start})
          places.push_back(level_label(shortened(c.name, 32),
                                       {at_point(plot, *point).x, at_point(plot, *point).y + off}, anchor));
    if (const auto label = placer.place(places)) out += svg_words(*label, "rl-label rl-kernel");
  }
  return out + "</g>\n";
}

}  // namespace

bool CurveChart::drawable() const {
  const auto fine = [](const Curve& c) {
    return c.points.size() >= 2 && std::ranges::all_of(c.points, [](const auto& p) {
             return drawable_value(p.first) && drawable_value(p.second);
           });
  };
  return !curves.empty() && std::ranges::all_of(curves, fine) &&
         std::ranges::all_of(marks, [](const AxisMark& m) { return drawable_value(m.at); });
}

std::string curve_summary(const CurveChart& chart) {
  std::vector<std::string> sentences;
  sentences.reserve(chart.curves.size());
  for (const Curve& c : chart.curves) {
    const auto &first = c.points.front(), &last = c.points.back();
    sentences.push_back(c.name + ": " + on_axis(first.second, chart.y) + " at " +
                        on_axis(first.first, chart.x) + ", " + on_axis(last.second, chart.y) + " at " +
                        on_axis(last.first, chart.x) + ".");
  }
  return join(sentences, " ");
}

std::string svg_curves(const CurveChart& chart, const std::string& id) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const LogPlot plot{log_scale(extent_of(chart, true), 0.1, 0.1, 1, kPlot.left, kPlot.right),
                     log_scale(extent_of(chart, false), 0.2, 0.2, 1, kPlot.bottom, kPlot.top), kPlot};
  LabelPlacer placer(kPlot);
  for (const Curve& c : chart.curves)
    for (std::size_t i = 0; i < c.points.size(); ++i) {
      placer.keep_clear({box_around(at_point(plot, c.points[i]), 6)});
      if (i > 0) placer.avoid(boxes_along(at_point(plot, c.points[i - 1]), at_point(plot, c.points[i]), 4));
    }
  const std::string drawn = lines(chart, plot, placer);
  return svg_open(id, kChartWidth, kChartHeight, chart.title, curve_summary(chart)) +
         svg_grid(plot, chart.x, chart.y) + drawn + names(chart, plot, placer) + "</svg>\n";
}

}  // namespace ridgepoint::report
