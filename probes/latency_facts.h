// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "probes/latency_knees.h"
#include "probes/probe.h"

namespace ridgepoint {

/// The lower quartiles of the series "<prefix><bytes>", sorted by size: neighbours only ever add latency, and
/// what a cache can hold shows when they are quiet.
std::vector<CurvePoint> curve_of(const ProbeOutcome& outcome, const std::string& prefix);

/// From `latency.curve.*`: cache.<level>.size.inferred and cache.<level>.latency; a warning
/// `cache-size-differs` where a size is more than twice or less than half of what the firmware tells.
void conclude_latency(const ProbeContext& context, ProbeOutcome& outcome);

}  // namespace ridgepoint
