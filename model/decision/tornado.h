// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/decision/break_even.h"
#include "model/estimate.h"

namespace ridgepoint {

/// 10 % and 90 % value of an input, taken from its own interval where it states one, else from what its basis
/// is worth (standard deviation of ln): measured 0.04, a nominal compute roof 0.20, other nominal figures
/// 0.12, and 0.30 more for a figure nobody could source.
Interval input_interval(const std::string& key, const Fact& fact);

/// Moves each input of the two best platforms, of the class efficiencies and of the workload, one at a time,
/// through the model, whatever its law is. Inputs that change nothing are left out. Widest first, at most
/// ten. Precondition: the answer is concluded.
std::vector<TornadoBar> tornado(const Answer& answer, const Workload& workload,
                                const EstimateContext& context, const PlatformOf& platform_of);

}  // namespace ridgepoint
