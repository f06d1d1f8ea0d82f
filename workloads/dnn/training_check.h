// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workloads/dnn/adjoint.h"
#include "workloads/dnn/network_check.h"

namespace ridgepoint {

/// What a training step is judged by.
struct TrainingCase {
  const net::Graph& graph;
  const NetworkValues& values;  ///< those the executor was made with
  const std::vector<Target>& targets;
  LossKind loss = LossKind::cross_entropy;
  ReferenceMode mode;
};

/// The loss of the outputs of a reference run.
double reference_loss(const TrainingCase& c, const std::vector<PlainTensor>& tensors);

/// The derivative of the loss by output `i` of the network; adds that output's part to `loss`.
std::vector<double> loss_gradient(const TrainingCase& c, std::size_t i, const PlainTensor& logits,
                                  double& loss);

/// Gradients by all parameters, number by number from the definitions of the operators. Slow: for networks of
/// some thousand weights.
Result<std::vector<std::vector<double>>> reference_gradients(const TrainingCase& c, Team& team);

/// Runs one step unit by unit. `numbers` numbers of the gradient by every tensor and every parameter are
/// recomputed in double from the tensors and the later gradients which the executor really had, so that no
/// kink and no error from elsewhere blurs the comparison. The loss counts as one more number. Holds 8 bytes a
/// number of all operators' outputs.
Result<CheckResult> check_training(const TrainingCase& c, Executor& executor, int numbers);

/// The bound of check_training: FP32 sums over the taps of a window or over the places of a tensor, whichever
/// are more.
double training_tolerance(const net::Graph& graph);

struct DifferenceCheck {
  double error = 0;     ///< |got - expected| relative to expected
  double expected = 0;  ///< by a central difference of the reference's loss
  double got = 0;       ///< from the gradients
  std::int64_t kinks =
      0;  ///< numbers whose slope (of a ReLU, of a maximum) differs between the ends: each blurs `expected`
};

/// Gradients (one list a parameter) against one central difference in double. Every weight moves by `step`,
/// half of them along their gradient and half at random; the ends are rounded to the floats that weights are.
Result<DifferenceCheck> check_difference(const TrainingCase& c,
                                         const std::vector<std::vector<double>>& gradients, double step,
                                         Team& team);

}  // namespace ridgepoint
