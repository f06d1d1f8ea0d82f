// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ridgepoint::report {

struct Layer {
  std::string name;
  std::vector<double> values;  ///< one for each column, not negative
};

/// Layers upon one another, a column each month.
struct StackChart {
  std::string title, y_title;
  std::vector<std::string> columns;
  std::vector<Layer> layers;

  /// At least one column and layer, equal lengths, something to show.
  bool drawable() const;
};

/// The chart in a few sentences, for readers who do not see it.
std::string stack_summary(const StackChart& chart);

/// The drawing. Precondition: chart.drawable().
std::string svg_stack(const StackChart& chart, const std::string& id);

}  // namespace ridgepoint::report
