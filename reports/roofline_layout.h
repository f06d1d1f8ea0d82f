// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/label_placement.h"
#include "reports/roofline_chart.h"

// The geometry of a roofline, apart from its drawing: what a test can check to the pixel.

namespace ridgepoint::report {

/// The drawing and, inside it, the plot.
inline constexpr double kChartWidth = 760, kChartHeight = 470;
inline constexpr Box kPlot{78, 16, 744, 408};

/// Powers of ten [10^first, 10^last] spread over pixels [from, to].
struct LogScale {
  double first = 0, last = 1;
  double from = 0, to = 1;

  double pixel(double value) const;
  /// The whole decades inside, thinned so that no axis has more than nine labels.
  std::vector<int> decades() const;
};

struct RoofLine {
  Pixel from, to;
  std::optional<Label> label;
};

struct PointMark {
  Pixel at;
  double top = 0, bottom = 0;  ///< ends of the error bar
  std::size_t index = 0;       ///< of the point, which decides its shape
  std::optional<Label> label;
};

struct RooflineLayout {
  LogScale x, y;  ///< flop/byte and flop/s
  std::vector<RoofLine> bandwidth, compute;
  Pixel ridge;
  std::optional<Label> ridge_label;
  std::vector<PointMark> points;
};

/// Precondition: chart.drawable().
RooflineLayout lay_out(const RooflineChart& chart);

/// "circle", "square" ...: 16 marks that differ without colour, then they repeat.
std::string_view marker_name(std::size_t index);

}  // namespace ridgepoint::report
