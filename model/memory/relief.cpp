// SPDX-License-Identifier: Apache-2.0
#include "model/memory/relief.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"

namespace ridgepoint::memory {
namespace {

constexpr std::int64_t kMany = std::int64_t{1} << 60;

/// n over k, at most kMany.
std::int64_t choose(std::int64_t n, std::int64_t k) {
  if (k < 0 || k > n) return 0;
  k = std::min(k, n - k);
  long double value = 1;
  for (std::int64_t i = 1; i <= k; ++i) {
    value = value * static_cast<long double>(n - k + i) / static_cast<long double>(i);
    if (value > static_cast<long double>(kMany)) return kMany;
  }
  return std::llround(value);
}

}  // namespace

std::int64_t exact_halo(int levels) {
  RIDGEPOINT_EXPECT(levels >= 0 && levels < 40);
  return 6 * (std::int64_t{1} << levels) - 4;
}

std::int64_t aligned_halo(int levels) {
  const std::int64_t step = std::int64_t{1} << levels;
  const std::int64_t reach = exact_halo(levels) + (levels > 1 ? 2 : 0);
  return (reach + step - 1) / step * step;
}

double tile_work(double tile, double halo, int axes) { return std::pow((tile + 2 * halo) / tile, axes); }

std::int64_t windows(std::int64_t length, std::int64_t window, double overlap) {
  if (length <= window) return 1;
  const double stride = std::max(1.0, std::floor(static_cast<double>(window) * (1 - overlap)));
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(length - window) / stride)) + 1;
}

double overlap_work(double overlap, int axes) { return std::pow(1 / (1 - overlap), axes); }

double checkpoint_share(std::int64_t layers) {
  return layers < 1 ? 1 : std::min(1.0, 2 / std::sqrt(static_cast<double>(layers)));
}

std::int64_t revolve_repetition(std::int64_t layers, std::int64_t slots) {
  RIDGEPOINT_EXPECT(layers >= 1 && slots >= 1);
  std::int64_t r = 0;
  while (choose(slots + r, slots) < layers) ++r;
  return r;
}

std::int64_t revolve_steps(std::int64_t layers, std::int64_t slots) {
  const std::int64_t r = revolve_repetition(layers, slots);
  return r * layers - choose(slots + r, slots + 1);
}

double exchange_seconds(double byte, double byte_per_second, double messages, double latency_s) {
  return messages * latency_s + byte / byte_per_second;
}

double offload_seconds(double compute_s, double byte, double byte_per_second, bool prefetched) {
  const double transfer = 2 * byte / byte_per_second;
  return prefetched ? std::max(compute_s, transfer) : compute_s + transfer;
}

}  // namespace ridgepoint::memory
