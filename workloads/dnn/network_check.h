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

/// The loss of the outputs of a reference run.
double reference_loss(const net::Graph& graph, LossKind kind, const std::vector<Target>& targets,
                      const std::vector<PlainTensor>& tensors);

struct GradientCheck {
  double error = 0;     ///< |finite difference - gradient| relative to their size
  double expected = 0;  ///< by central differences of the reference, in double
  double got = 0;
};

/// The executor's gradients along a random direction in all weights (or in those of one parameter) against
/// central differences. The executor has just run a step with these values and targets.
Result<GradientCheck> check_gradient(const net::Graph& graph, const NetworkValues& values,
                                     const std::vector<Target>& targets, LossKind kind, Executor& executor,
                                     const ReferenceMode& mode, Team& team, int parameter = -1);

}  // namespace ridgepoint
