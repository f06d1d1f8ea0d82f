// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/fit.h"
#include "model/estimate.h"
#include "model/memory/footprint.h"
#include "model/networks/library.h"

namespace ridgepoint::memory {

/// Everything the answer depends on.
struct FitQuestion {
  const NetworkEntry* network = nullptr;
  net::Shape input;  ///< batch first
  Setting setting;
  Platform platform;
  std::vector<Platform> catalogue;  ///< for "run it elsewhere"
  EstimateContext context;
};

/// The job as a workload document, so that estimate() can time it: work and traffic of the network at
/// `input`, footprint the safe total.
Result<Workload> workload_of(const FitQuestion& question, const net::Shape& input, const Setting& setting);

/// The provenance is left to the caller.
Result<FitStudy> study(const FitQuestion& question);

/// Drops the ways that another one beats or equals in time, cost and quality; returns how many.
std::int64_t keep_pareto(std::vector<WayOut>& ways);

}  // namespace ridgepoint::memory
