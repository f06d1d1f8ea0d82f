// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/core/sweep.h"
#include "model/estimate.h"
#include "model/sweep/compiled.h"

namespace ridgepoint {

struct SweepQuestion {
  std::string vary = "price";
  double from = 0.25, to = 4;
  int points = 33;      ///< evenly spaced in the logarithm
  std::string on = {};  ///< a platform id; empty: of all platforms
};

/// The words that `vary` may have.
const std::vector<std::string>& sweep_factors();

/// The factor put on its input. Precondition: `vary` is one of sweep_factors().
WhatIf what_if(const std::string& vary, double factor);

/// Best platform and objective along one factor. Refused: no platform has a figure; `on` is not among those
/// that have one.
Result<Sweep> sweep(const SweepQuestion& question, const Workload& workload,
                    const std::vector<Platform>& platforms, const EstimateContext& context);

}  // namespace ridgepoint
