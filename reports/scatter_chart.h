// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/curve_chart.h"

namespace ridgepoint::report {

struct PointSet {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

/// Points over two logarithmic axes of one unit, with the line of equality and those of twice and half.
struct ScatterChart {
  std::string title;
  Axis x, y;
  std::vector<PointSet> sets;

  /// At least one point, all within what a log scale can show.
  bool drawable() const;
};

/// The chart in a sentence or two, for readers who do not see it.
std::string scatter_summary(const ScatterChart& chart);

/// The drawing. Precondition: chart.drawable().
std::string svg_scatter(const ScatterChart& chart, const std::string& id);

}  // namespace ridgepoint::report
