// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "workloads/dnn/reference.h"

// The derivative of every operator that trains, in plain loops and double, to hold fast code against.

namespace ridgepoint {

/// A sum, and what its error is relative to: the sum of its absolute terms.
struct GradientTerm {
  double value = 0, size = 0;
  void add(double v) { add(v, std::abs(v)); }
  void add(double v, double magnitude) {
    value += v;
    size += magnitude;
  }
};

/// One operator whose inputs and whose output's gradient are known. Numbers are counted in plain layouts.
class OperatorAdjoint {
 public:
  virtual ~OperatorAdjoint() = default;
  /// What the operator brings to the gradient by number `at` of its input `k`. At a kink the slope on the
  /// left; of equal maxima the first one counts.
  virtual GradientTerm input(std::size_t k, std::int64_t at) const = 0;
  /// The same for its parameter `k`.
  virtual GradientTerm parameter(std::size_t /*k*/, std::int64_t /*at*/) const { return {}; }
};

/// Refuses, by its name, an operator without a rule here. `inputs` and `gradient` must outlive it.
Result<std::unique_ptr<OperatorAdjoint>> operator_adjoint(const net::Graph& graph,
                                                          const NetworkValues& values,
                                                          const ReferenceMode& mode, int op,
                                                          std::vector<const PlainTensor*> inputs,
                                                          const PlainTensor& gradient);

}  // namespace ridgepoint
