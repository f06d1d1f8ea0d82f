// SPDX-License-Identifier: Apache-2.0
#include "probes/tlb_facts.h"

#include <algorithm>

#include "model/core/format.h"
#include "probes/latency_facts.h"

namespace ridgepoint {
namespace {

constexpr const char* kSource = "probe tlb: knees of the translation cost";

Fact reach_fact(const Knee& knee, const Plateau& flat) {
  Fact f = measured(knee.byte, "byte", kSource);
  f.basis = Basis::derived;
  f.lo = std::min(knee.lo, knee.byte);
  f.hi = std::max(knee.hi, knee.byte);
  f.note = "small pages; plateau of " + show_seconds(flat.seconds) + " a load from " +
           show_bytes(flat.from_byte) + " to " + show_bytes(flat.to_byte);
  return f;
}

/// The knee of the second buffer. Walks of growing page tables have no plateau of their own to compare with;
/// each costs several times what a hit does.
Knee walks_begin(const std::vector<CurvePoint>& curve, const Plateau& hits) {
  constexpr double kWalks = 3;
  const double base = curve.front().seconds, limit = base + kWalks * (hits.seconds - base);
  Knee knee{hits.to_byte, hits.to_byte, 0};
  for (const CurvePoint& p : curve)
    if (p.seconds <= limit) knee.byte = knee.lo = std::max(knee.lo, p.byte);
  for (const CurvePoint& p : curve)
    if (p.byte > knee.byte && knee.hi == 0) knee.hi = p.byte;
  return knee;
}

}  // namespace

std::vector<CurvePoint> translation_curve(const std::vector<CurvePoint>& spread,
                                          const std::vector<CurvePoint>& dense) {
  std::vector<CurvePoint> out;
  for (const CurvePoint& s : spread) {
    const auto d = std::ranges::find(dense, s.byte, &CurvePoint::byte);
    if (d == dense.end()) continue;
    const double base = dense.front().seconds;
    out.push_back({s.byte, base + std::max(0.0, s.seconds - d->seconds)});
  }
  return out;
}

void conclude_tlb(const ProbeContext&, ProbeOutcome& outcome) {
  const auto curve = translation_curve(curve_of(outcome, "tlb.curve."), curve_of(outcome, "tlb.dense."));
  const Stairs stairs = find_stairs(curve);
  if (stairs.knees.empty()) return;
  outcome.facts["tlb.reach.l1"] = reach_fact(stairs.knees[0], stairs.plateaus[0]);
  if (stairs.knees.size() < 2) return;
  const Knee second = walks_begin(curve, stairs.plateaus[1]);
  if (second.hi == 0) return;
  outcome.facts["tlb.reach.l2"] = reach_fact(second, stairs.plateaus[1]);
  Fact walk = measured(curve.back().seconds - curve.front().seconds, "s", "probe tlb: beyond the last knee");
  walk.basis = Basis::derived;
  walk.note = "what a load to " + show_bytes(curve.back().byte) + " of small pages pays for translation";
  outcome.facts["tlb.walk.latency"] = walk;
}

}  // namespace ridgepoint
