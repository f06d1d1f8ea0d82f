// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ridgepoint {

/// Chance that all n workers are busy and an arrival is lost, at offered load a = arrivals / service rate
/// (Erlang B). The recursion B <- aB / (k + aB) stays within [0, 1] for any n.
double erlang_b(std::int64_t n, double a);

/// Chance that an arrival waits (Erlang C); 1 when a >= n, because the queue then grows without end.
double erlang_c(std::int64_t n, double a);

/// What an interactive pool must keep: P(wait > patience) <= late_share. Patience counts in mean service
/// times. `variability` is (ca^2 + cs^2) / 2: 1 is M/M/n and exact; otherwise the mean wait is scaled by it
/// (Allen, Cunneen) and so is the decay of the tail.
struct WaitTarget {
  double patience = 0;
  double late_share = 0.05;
  double variability = 1;
};

/// Mean wait in mean service times; infinite when a >= n.
double mean_wait(std::int64_t n, double a, double variability);

/// P(wait > patience).
double late_share(std::int64_t n, double a, const WaitTarget& target);

/// The largest offered load that n workers carry within the target. 0 for n = 0. A lower end, never above
/// the truth.
double capacity(std::int64_t n, const WaitTarget& target);

/// The fewest workers that carry the offered load within the target. Precondition: a >= 0, finite,
/// late_share > 0.
std::int64_t fewest_workers(double a, const WaitTarget& target);

/// A line at or below capacity(n) for every whole n >= 1: slope * n - offset. Capacity is convex in n, so
/// the tangent at n0 is one; it is exact there.
struct CapacityCut {
  double slope = 0, offset = 0;
};
CapacityCut tangent_cut(std::int64_t n0, const WaitTarget& target);

}  // namespace ridgepoint
