// SPDX-License-Identifier: Apache-2.0
#include "model/core/growth.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {

std::optional<PowerFit> fit_power(const std::vector<double>& size, const std::vector<double>& time) {
  const std::size_t count = std::min(size.size(), time.size());
  if (count < 3) return std::nullopt;
  const auto n = static_cast<double>(count);
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mean_x += std::log(size[i]) / n;
    mean_y += std::log(time[i]) / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = std::log(size[i]) - mean_x, y = std::log(time[i]) - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx <= 0) return std::nullopt;
  const double exponent = xy / xx, rest = std::max(0.0, yy - exponent * xy);
  return PowerFit{exponent, std::sqrt(rest / (n - 2) / xx)};
}

}  // namespace ridgepoint
