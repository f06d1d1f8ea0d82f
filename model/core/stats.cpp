// SPDX-License-Identifier: Apache-2.0
#include "model/core/stats.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"

namespace ridgepoint {

double quantile(std::vector<double> values, double q) {
  RIDGEPOINT_EXPECT(!values.empty() && q >= 0 && q <= 1);
  std::ranges::sort(values);
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
}

Summary summarise(std::vector<double> values) {
  RIDGEPOINT_EXPECT(!values.empty());
  Summary s;
  s.n = static_cast<std::int64_t>(values.size());
  s.median = quantile(values, 0.5);
  s.min = *std::ranges::min_element(values);
  s.max = *std::ranges::max_element(values);
  for (double& v : values) v = std::abs(v - s.median);
  s.mad = quantile(std::move(values), 0.5);
  return s;
}

}  // namespace ridgepoint
