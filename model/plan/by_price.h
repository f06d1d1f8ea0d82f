// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "model/plan/settle.h"

namespace ridgepoint {

/// A plan without a program: server months get prices, each demand goes where that is cheapest, each place
/// buys and rents for what comes.
struct PricedPlan {
  std::optional<PlanDecision> decision;  ///< none: no plan keeps every limit this way
  double bound = 0;                      ///< no plan is cheaper
};

/// Can it plan this scenario? Not with limits that tie places or months together beyond stock, power, cooling
/// and racks (budget, carbon, vendors), nor with servers that grow too old within the plan.
bool can_plan_by_price(const PlanInstance& instance);

/// A Lagrangian relaxation. Whatever the prices of stock, rent, power, cooling and racks, the price of a
/// server month at a place is what one more server from that month on costs there, less what it costs from
/// the next month on; so no way to buy or rent makes a profit, and the sum of each demand's cheapest place,
/// less the limits at their prices, is a bound (weak duality). Subgradient steps raise it: `rounds` of them,
/// fewer where `more` says no or the user interrupts. What the choices need on average is bought, the rest is
/// rented.
PricedPlan plan_by_price(
    const PlanInstance& instance, int rounds, const std::function<bool()>& more = [] { return true; });

}  // namespace ridgepoint
