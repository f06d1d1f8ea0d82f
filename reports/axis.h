// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/label_placement.h"
#include "reports/log_scale.h"

namespace ridgepoint::report {

/// What an axis shows. Beside the base units of documents, "share" (1 = 100 %) and "times" (a factor).
struct Axis {
  std::string title;
  std::string unit;  ///< base unit; the axis shows prefixes
};

/// A place on the x axis worth a name: a cache's size, a knee.
struct AxisMark {
  std::string name;
  double at = 0;
};

/// A value as the axis shows it: "37.4 %", "1.06x", "12.3 GB/s".
std::string on_axis(double value, const Axis& axis);

/// Where a logarithmic axis has its grid: bytes step by sixteen, everything else by decades, by 1, 2 and 5
/// where there are few of them.
std::vector<double> log_ticks(const LogScale& scale, const std::string& unit);

/// 1, 2 or 5 times a power of ten, so that at most six steps span it. Precondition: span > 0.
double round_step(double span);

/// Two logarithmic axes and the frame between them.
struct LogPlot {
  LogScale x, y;
  Box frame;
  Pixel at(double px, double py) const { return {x.pixel(px), y.pixel(py)}; }
};

/// Frame, grid lines, ticks with their units, titles.
std::string svg_grid(const LogPlot& plot, const Axis& x, const Axis& y);

}  // namespace ridgepoint::report
