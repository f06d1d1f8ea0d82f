// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workloads/dnn/executor.h"
#include "workloads/dnn/reference.h"

namespace ridgepoint {

struct CheckResult {
  double worst = 0;   ///< largest error, relative to the sum of the absolute terms
  std::string where;  ///< the unit it was seen in
  std::int64_t rows = 0;
};

/// Runs the forward units one by one and recomputes `rows` rows of each unit's output (its corners, then
/// random ones) in double from the inputs which that unit really had.
Result<CheckResult> check_forward(const net::Graph& graph, const NetworkValues& values, Executor& executor,
                                  const ReferenceMode& mode, int rows);

/// What check_forward holds in memory beside the executor, at most.
double check_bytes(const net::Graph& graph);

/// Error bound for one operator with its riders: rounding of FP32 sums grows like a random walk over the
/// taps; in BF16 the stored weights and results have 8 bits.
double check_tolerance(const net::Graph& graph, net::Element element);

}  // namespace ridgepoint
