// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probes/latency_knees.h"
#include "probes/probe.h"

namespace ridgepoint {

/// What a load costs with translation but without the caches' share: the first dense latency, and over it
/// what the spread chase takes more than the dense one of as many lines. Both sorted by size.
std::vector<CurvePoint> translation_curve(const std::vector<CurvePoint>& spread,
                                          const std::vector<CurvePoint>& dense);

/// From tlb.curve.* and tlb.dense.*: tlb.reach.l1, tlb.reach.l2 (byte) and tlb.walk.latency (s).
void conclude_tlb(const ProbeContext& context, ProbeOutcome& outcome);

}  // namespace ridgepoint
