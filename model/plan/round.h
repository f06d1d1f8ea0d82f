// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/plan/formulate.h"

namespace ridgepoint {

/// Whole servers from a solution whose integers were taken as continuous, without a search: owned ones up (or
/// down, where limits are tight), orders to match, the rest rented. Every row is checked; none if one breaks.
/// For PoolForm::fixed.
std::optional<std::vector<double>> round_servers(const PlanInstance& instance, const Formulation& formulation,
                                                 const std::vector<double>& x);

}  // namespace ridgepoint
