// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/recommendation.h"

namespace ridgepoint {

/// Sorts the estimates (ranked ones best first, the rest by standing and id) and fills choice, runner-up,
/// margin, probabilities, regret, verdict, reasons and flip points from them. `kernel` is what would be run
/// to know more. Precondition: the answer's workload fields are set.
void conclude(Answer& answer, Objective objective, const std::string& kernel);

/// Probability that a log-normal number with interval `a` is below one with interval `b`, with correlation
/// rho of the logarithms: Phi((ln b - ln a) / sqrt(sa^2 + sb^2 - 2 rho sa sb)).
double probability_below(const Interval& a, const Interval& b, double rho);

}  // namespace ridgepoint
