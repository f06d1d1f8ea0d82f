// SPDX-License-Identifier: Apache-2.0
#include "model/plan/queueing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/core/contract.h"

namespace ridgepoint {
namespace {

double real(std::int64_t n) { return static_cast<double>(n); }

}  // namespace

double erlang_b(std::int64_t n, double a) {
  double b = 1;
  for (std::int64_t k = 1; k <= n; ++k) b = a * b / (real(k) + a * b);
  return b;
}

double erlang_c(std::int64_t n, double a) {
  if (a <= 0) return n > 0 ? 0 : 1;
  if (a >= real(n)) return 1;
  const double b = erlang_b(n, a);
  return b / (1 - a / real(n) * (1 - b));
}

double mean_wait(std::int64_t n, double a, double variability) {
  if (a >= real(n)) return std::numeric_limits<double>::infinity();
  return erlang_c(n, a) / (real(n) - a) * variability;
}

double late_share(std::int64_t n, double a, const WaitTarget& target) {
  if (a <= 0 && n > 0) return 0;
  if (a >= real(n)) return 1;
  const double rate = (real(n) - a) / std::max(target.variability, 1e-9);
  return erlang_c(n, a) * std::exp(-rate * target.patience);
}

double capacity(std::int64_t n, const WaitTarget& target) {
  if (n <= 0) return 0;
  double low = 0, high = real(n);
  for (int i = 0; i < 60 && high - low > 1e-12 * real(n); ++i) {
    const double middle = (low + high) / 2;
    (late_share(n, middle, target) <= target.late_share ? low : high) = middle;
  }
  return low;
}

std::int64_t fewest_workers(double a, const WaitTarget& target) {
  RIDGEPOINT_EXPECT(a >= 0 && std::isfinite(a) && target.late_share > 0);
  if (a <= 0) return 0;
  const auto enough = [&](std::int64_t n) { return late_share(n, a, target) <= target.late_share; };
  std::int64_t low = static_cast<std::int64_t>(std::floor(a)), step = 1;
  while (!enough(low + step)) step *= 2;
  std::int64_t high = low + step;
  low += step / 2;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

CapacityCut tangent_cut(std::int64_t n0, const WaitTarget& target) {
  const double here = capacity(n0, target), slope = capacity(n0 + 1, target) - here;
  return {slope, slope * real(n0) - here};
}

}  // namespace ridgepoint
