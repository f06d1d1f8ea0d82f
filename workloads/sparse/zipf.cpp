// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/zipf.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

/// (e^t - 1) / t and log(1 + t) / t, both 1 at t = 0: exponents near 1 need no case of their own.
double grown(double t) { return std::abs(t) < 1e-12 ? 1 : std::expm1(t) / t; }
double shrunk(double t) { return std::abs(t) < 1e-12 ? 1 : std::log1p(t) / t; }

constexpr std::uint64_t kTriesApart = 64;  ///< numbers kept for one draw; more than 1.2 are hardly ever used

}  // namespace

ZipfRanks::ZipfRanks(std::uint64_t n, double exponent)
    : n_(static_cast<double>(n)), exponent_(exponent), first_(0), last_(0), shortcut_(0) {
  first_ = area(1.5) - 1;
  last_ = area(n_ + 0.5);
  shortcut_ = 2 - inverse(area(2.5) - density(2));
}

double ZipfRanks::area(double x) const {
  const double l = std::log(x);
  return l * grown((1 - exponent_) * l);
}

double ZipfRanks::inverse(double y) const {
  return std::exp(y * shrunk(std::max(y * (1 - exponent_), -1.0)));
}

double ZipfRanks::density(double x) const { return std::exp(-exponent_ * std::log(x)); }

std::uint64_t ZipfRanks::operator()(std::uint64_t seed, std::uint64_t index) const {
  for (std::uint64_t k = 0;; ++k) {
    const double u = last_ + random_unit(seed, index * kTriesApart + k) * (first_ - last_);
    const double x = inverse(u), rank = std::clamp(std::floor(x + 0.5), 1.0, n_);
    if (rank - x <= shortcut_ || u >= area(rank + 0.5) - density(rank))
      return static_cast<std::uint64_t>(rank) - 1;
  }
}

ScatteredIds::ScatteredIds(std::uint64_t n, std::uint64_t seed)
    : n_(n),
      mask_(std::bit_ceil(n) - 1),
      seed_(seed),
      half_(std::max(1, static_cast<int>(std::bit_width(mask_)) / 2)) {}

std::uint64_t ScatteredIds::operator()(std::uint64_t rank) const {
  do {  // each step is a bijection of the next power of two; values beyond n walk on until they are inside
    for (std::uint64_t round = 0; round < 3; ++round) {
      rank = (rank * (random_bits(seed_, 2 * round) | 1) + random_bits(seed_, 2 * round + 1)) & mask_;
      rank ^= rank >> half_;
    }
  } while (rank >= n_);
  return rank;
}

}  // namespace ridgepoint
