// SPDX-License-Identifier: Apache-2.0
#include "reports/scatter_chart.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "reports/label_placement.h"
#include "reports/log_scale.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

constexpr Box kPlot{92, 16, 560, 408};  // the names stand to the right of it
constexpr double kNamesLeft = 580, kNamesStep = 19;

bool drawable_value(double v) { return std::isfinite(v) && v >= 1e-15 && v <= 1e15; }

/// Both axes span the same decades, so that the line of equality is the diagonal.
LogPlot plot_of(const ScatterChart& chart) {
  const double first = chart.sets.front().points.front().first;
  Extent extent{first, first};
  for (const PointSet& set : chart.sets)
    for (const auto& [x, y] : set.points) {
      extent.hold(x);
      extent.hold(y);
    }
  return {log_scale(extent, 0.15, 0.15, 1, kPlot.left, kPlot.right),
          log_scale(extent, 0.15, 0.15, 1, kPlot.bottom, kPlot.top), kPlot};
}

/// y = factor * x, cut at the frame.
std::string guide(const LogPlot& plot, double factor, std::string_view style) {
  const double shift = std::log10(factor);
  const double first = plot.x.first + std::max(0.0, -shift), last = plot.x.last - std::max(0.0, shift);
  const double from = std::pow(10.0, first), to = std::pow(10.0, last);
  return svg_line(plot.at(from, from * factor), plot.at(to, to * factor), style);
}

std::string names(const ScatterChart& chart) {
  std::string out = "<g>\n";
  for (std::size_t i = 0; i < chart.sets.size(); ++i) {
    const double y = kPlot.top + 12 + kNamesStep * static_cast<double>(i);
    if (y > kPlot.bottom) break;  // the table names the rest
    out += svg_marker({kNamesLeft, y}, i);
    out += svg_words(level_label(shortened(chart.sets[i].name, 22), {kNamesLeft + 14, y}, Anchor::start),
                     "rl-label");
  }
  return out + "</g>\n";
}

}  // namespace

bool ScatterChart::drawable() const {
  const auto fine = [](const PointSet& set) {
    return !set.points.empty() && std::ranges::all_of(set.points, [](const auto& p) {
      return drawable_value(p.first) && drawable_value(p.second);
    });
  };
  return !sets.empty() && std::ranges::all_of(sets, fine);
}

std::string scatter_summary(const ScatterChart& chart) {
  std::size_t points = 0, above = 0, within = 0;
  for (const PointSet& set : chart.sets)
    for (const auto& [x, y] : set.points) {
      ++points;
      above += y > x ? 1 : 0;
      within += y <= 2 * x && x <= 2 * y ? 1 : 0;
    }
  return std::to_string(points) + (points == 1 ? " point in " : " points in ") +
         std::to_string(chart.sets.size()) + (chart.sets.size() == 1 ? " set; " : " sets; ") +
         std::to_string(within) + " within a factor of two of equality, " + std::to_string(above) +
         " above it. Lines show equality, twice and half.";
}

std::string svg_scatter(const ScatterChart& chart, const std::string& id) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const LogPlot plot = plot_of(chart);
  std::string points = "<g>\n";
  for (std::size_t i = 0; i < chart.sets.size(); ++i)
    for (const auto& [x, y] : chart.sets[i].points) points += svg_marker(plot.at(x, y), i);
  return svg_open(id, kChartWidth, kChartHeight, chart.title, scatter_summary(chart)) +
         svg_grid(plot, chart.x, chart.y) + "<g>\n" + guide(plot, 1, "rl-bandwidth") +
         guide(plot, 2, "rl-ridge-line") + guide(plot, 0.5, "rl-ridge-line") + "</g>\n" + points + "</g>\n" +
         names(chart) + "</svg>\n";
}

}  // namespace ridgepoint::report
