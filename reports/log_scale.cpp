// SPDX-License-Identifier: Apache-2.0
#include "reports/log_scale.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint::report {

double LogScale::pixel(double value) const {
  return from + (std::log10(value) - first) / (last - first) * (to - from);
}

std::vector<int> LogScale::decades() const {
  const int begin = static_cast<int>(std::ceil(first)), end = static_cast<int>(std::floor(last));
  const int step = std::max(1, (end - begin + 7) / 8);
  std::vector<int> out;
  for (int d = begin; d <= end; d += step) out.push_back(d);
  return out;
}

LogScale log_scale(const Extent& extent, double before, double after, double span, double from, double to) {
  LogScale scale{std::log10(extent.least) - before, std::log10(extent.most) + after, from, to};
  scale.first = std::min(scale.first, scale.last - span);
  return scale;
}

}  // namespace ridgepoint::report
