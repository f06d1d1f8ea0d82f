// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/axis.h"

namespace ridgepoint::report {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< in the order of x
};

/// Lines over two logarithmic axes.
struct CurveChart {
  std::string title;
  Axis x, y;
  std::vector<Curve> curves;
  std::vector<AxisMark> marks;

  /// At least one curve of two points, all within what a log scale can show.
  bool drawable() const;
};

/// The chart in a few sentences, for readers who do not see it.
std::string curve_summary(const CurveChart& chart);

/// The drawing. Precondition: chart.drawable().
std::string svg_curves(const CurveChart& chart, const std::string& id);

}  // namespace ridgepoint::report
