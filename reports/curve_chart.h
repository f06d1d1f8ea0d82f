// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ridgepoint::report {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< in the order of x
};

/// A place on the x axis worth a name: a cache's size, a knee.
struct AxisMark {
  std::string name;
  double at = 0;
};

struct Axis {
  std::string title;
  std::string unit;  ///< base unit; the axis shows prefixes
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
