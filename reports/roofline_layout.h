// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/label_placement.h"
#include "reports/log_scale.h"
#include "reports/roofline_chart.h"

// The geometry of a roofline, apart from its drawing: what a test can check to the pixel.

namespace ridgepoint::report {

/// The plot inside the drawing.
inline constexpr Box kPlot{78, 16, 744, 408};

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

}  // namespace ridgepoint::report
