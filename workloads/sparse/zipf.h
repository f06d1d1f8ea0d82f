// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ridgepoint {

/// Ranks 0 .. n - 1, the probability of rank r proportional to (r + 1)^-exponent, by rejection-inversion
/// (Hörmann, Derflinger 1996): no table, right for every n and every exponent > 0.
class ZipfRanks {
 public:
  /// Precondition: 0 < n < 2^52, exponent > 0.
  ZipfRanks(std::uint64_t n, double exponent);
  /// The value depends on (seed, index) only.
  std::uint64_t operator()(std::uint64_t seed, std::uint64_t index) const;

 private:
  double area(double x) const;     ///< integral of the density from 1 to x
  double inverse(double y) const;  ///< of `area`
  double density(double x) const;
  double n_, exponent_, first_, last_, shortcut_;
};

/// A bijection of [0, n): popular ranks would lie side by side and share lines and pages, ids do not.
class ScatteredIds {
 public:
  /// Precondition: 0 < n < 2^62.
  ScatteredIds(std::uint64_t n, std::uint64_t seed);
  std::uint64_t operator()(std::uint64_t rank) const;

 private:
  std::uint64_t n_, mask_, seed_;
  int half_;
};

}  // namespace ridgepoint
