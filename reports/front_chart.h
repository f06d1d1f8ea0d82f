// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/axis.h"

namespace ridgepoint::report {

struct Candidate {
  std::string name;
  double x = 0, y = 0;
  bool chosen = false, this_machine = false;
};

/// Two objectives on logarithmic axes, less of both being better, and the front: the candidates that no other
/// beats in one without losing in the other.
struct FrontChart {
  std::string title;
  Axis x, y;
  std::vector<Candidate> candidates;

  /// At least two candidates, all within what a log scale can show.
  bool drawable() const;
};

/// Indices of the front, by rising x. Of equal candidates the first is on it.
std::vector<std::size_t> front_of(const std::vector<Candidate>& candidates);

/// The chart in a few sentences, for readers who do not see it.
std::string front_summary(const FrontChart& chart);

/// The drawing. Precondition: chart.drawable().
std::string svg_front(const FrontChart& chart, const std::string& id);

}  // namespace ridgepoint::report
