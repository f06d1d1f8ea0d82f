// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/axis.h"

namespace ridgepoint::report {

struct Bar {
  std::string name;
  double from = 0, to = 0;
  std::optional<double> reach = {};  ///< a thin line goes on to here: a 95 % quantile
  bool marked = false;               ///< drawn full, the others pale
};

enum class Spread { linear, logarithmic };

/// Level bars over one axis, one upon another: shares, regrets, a tornado.
struct BarChart {
  std::string title;
  Axis axis;
  Spread spread = Spread::linear;
  std::vector<Bar> bars;        ///< the first on top
  std::vector<AxisMark> marks;  ///< lines across all bars
  std::string mark_words = {};  ///< what a marked bar means: "changes the winner"

  /// At least one bar; all values finite, positive on a logarithmic axis.
  bool drawable() const;
};

/// The chart in a few sentences, for readers who do not see it.
std::string bar_summary(const BarChart& chart);

/// The drawing. Precondition: chart.drawable().
std::string svg_bars(const BarChart& chart, const std::string& id);

}  // namespace ridgepoint::report
