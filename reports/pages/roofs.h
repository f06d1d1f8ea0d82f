// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/fact.h"
#include "reports/page.h"

namespace ridgepoint::report {

/// The roofs among a platform's facts: `compute.<dtype>.<isa>` in flop/s and
/// `memory.<tier>.bandwidth.<pattern>` in byte/s, whole-machine figures only (no thread count such as
/// ".1t" behind them). The chart gets the
/// highest instruction set of each data type and the highest pattern of each tier: a machine has some twenty
/// such facts, and lines an eye cannot tell apart say nothing.
RooflineChart roofs_of(const Facts& facts);

/// Every roof, also those that are not drawn.
Table roofs_table(const Facts& facts);

}  // namespace ridgepoint::report
