// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ridgepoint {

/// A first-come first-served pool, simulated event by event: Poisson arrivals, service times of mean 1 and
/// the given squared coefficient of variation (0 constant, below 1 Erlang-k mixtures, 1 exponential, above
/// two-phase exponential).
struct PoolRun {
  std::int64_t workers = 1;
  double offered_load = 0.5;
  double patience = 0;  ///< in mean service times
  double service_scv = 1;
  std::int64_t arrivals = 100000;  ///< counted, after a tenth as many that are not
  std::uint64_t seed = 1;
};

/// Share of arrivals that waited longer than the patience, with the 95 % interval of ten batches.
struct LateShare {
  double value = 0, lo = 0, hi = 0;
  double mean_wait = 0;  ///< in mean service times
};

LateShare simulate_pool(const PoolRun& run);

}  // namespace ridgepoint
