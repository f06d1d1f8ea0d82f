// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ridgepoint::report {

/// The drawing that every chart has.
inline constexpr double kChartWidth = 760, kChartHeight = 470;

/// Powers of ten [10^first, 10^last] spread over pixels [from, to].
struct LogScale {
  double first = 0, last = 1;
  double from = 0, to = 1;

  double pixel(double value) const;
  /// The whole decades inside, thinned so that no axis has more than nine labels.
  std::vector<int> decades() const;
};

struct Extent {
  double least, most;
  void hold(double value) {
    least = value < least ? value : least;
    most = value > most ? value : most;
  }
};

/// The extent with air on both sides (in decades), at least `span` decades, so that at least that many grid
/// lines have a label.
LogScale log_scale(const Extent& extent, double before, double after, double span, double from, double to);

}  // namespace ridgepoint::report
