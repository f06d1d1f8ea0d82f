// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "model/core/cost.h"

namespace ridgepoint {

/// Mann and Whitney's test of two samples, two-sided.
struct RankTest {
  double u = 0;  ///< pairs with b > a, ties counted half
  double p = 1;  ///< chance of a U at least so far from its mean when both come from one distribution
  bool exact = false;
};

/// Up to so many values in both samples together, p counts all arrangements (of the ranks seen, so ties are
/// exact too); above, the normal law with correction for ties and continuity.
inline constexpr std::size_t kExactRanks = 60;

/// Precondition: neither sample is empty.
RankTest mann_whitney(std::span<const double> a, std::span<const double> b);

/// Cliff's delta: P(b > a) - P(b < a), from U.
double cliffs_delta(const RankTest& test, std::size_t n_a, std::size_t n_b);

/// Hodges and Lehmann's estimate of b / a: the median of all pairwise ratios, with the interval that the rank
/// test does not refuse at 1 - confidence. Absent where a value is not positive. Samples of more than 1,000
/// values are thinned to evenly spaced order statistics.
std::optional<Interval> hodges_lehmann_ratio(std::span<const double> a, std::span<const double> b,
                                             double confidence);

}  // namespace ridgepoint
