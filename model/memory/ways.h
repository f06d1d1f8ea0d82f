// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/memory/study.h"

namespace ridgepoint::memory {

/// Every combination of precision, accumulation, recomputation and division of space on the platform asked
/// for, and the job as it is on every platform that holds it. Fills ways, considered and infeasible.
Result<void> price_ways(const FitQuestion& question, const Totals& totals, FitStudy& study);

}  // namespace ridgepoint::memory
