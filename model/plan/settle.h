// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/plan.h"
#include "model/plan/formulate.h"

namespace ridgepoint {

template <class T>
using PlanCube = std::vector<std::vector<std::vector<T>>>;

/// What was decided: whole servers, and the share of each demand at each place.
struct PlanDecision {
  PlanCube<std::int64_t> orders, owned, rented;  ///< [p][s][t]
  std::vector<PlanCube<double>> share;           ///< [w][p][s][t]
  std::vector<PlanCube<std::int64_t>> workers;   ///< [w][p][s][t], interactive
  std::vector<std::vector<double>> unmet;        ///< [w][t]
};

/// A solution as a decision; pools are sized anew by Erlang C for their shares.
PlanDecision decide(const PlanInstance& instance, const Formulation& formulation,
                    const std::vector<double>& x, const FixedPools* fixed);

/// Pools for the shares of a solution: slivers are joined to the larger pools of their demand and month.
FixedPools pools_of(const PlanInstance& instance, const Formulation& formulation,
                    const std::vector<double>& x, double least_share);

/// Fleet, work, shortfall and sums of a decision.
void settle(const PlanInstance& instance, const PlanDecision& decision, Plan& plan);

/// What the decision breaks, checked from the document's own figures; empty when nothing is.
std::vector<std::string> broken_promises(const PlanInstance& instance, const Plan& plan);

}  // namespace ridgepoint
