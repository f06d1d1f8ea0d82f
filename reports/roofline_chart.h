// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ridgepoint::report {

/// One limit of a machine. `rate` is in byte/s or flop/s; drawable_rate() holds.
struct Roof {
  std::string name;
  double rate = 0;
};

/// A kernel on the chart: achieved rate with its interval. drawable_intensity() and drawable_rate() hold; a
/// kernel without floating-point work has no place here.
struct RooflinePoint {
  std::string name;
  double intensity = 0;  ///< flop/byte
  double rate = 0;       ///< flop/s
  double lo = 0, hi = 0;
};

/// What a roofline shows. Drawable when it has at least one roof of each kind.
struct RooflineChart {
  std::vector<Roof> bandwidth;
  std::vector<Roof> compute;
  std::vector<RooflinePoint> points;

  bool drawable() const { return !bandwidth.empty() && !compute.empty(); }
};

/// Is the number within what a log scale can show (and a computer can be)? A hostile document must not make
/// an axis of six hundred decades.
constexpr bool drawable_rate(double per_second) { return per_second >= 1 && per_second <= 1e24; }
constexpr bool drawable_intensity(double flop_per_byte) {
  return flop_per_byte >= 1e-9 && flop_per_byte <= 1e9;
}

/// Where the slowest memory meets the fastest arithmetic: work of lower intensity is bound by that memory.
struct Ridge {
  double intensity = 0;  ///< flop/byte
  double rate = 0;       ///< flop/s
  std::string bandwidth, compute;
};

/// Precondition: chart.drawable().
Ridge ridge_of(const RooflineChart& chart);

/// The chart in one or two sentences, for readers who do not see it.
std::string roofline_summary(const RooflineChart& chart);

}  // namespace ridgepoint::report
