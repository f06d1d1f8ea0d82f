// SPDX-License-Identifier: Apache-2.0
#include "probes/latency_facts.h"

#include <algorithm>
#include <charconv>

#include "model/core/format.h"
#include "model/core/stats.h"

namespace ridgepoint {
namespace {

constexpr const char* kSource = "probe dram_latency: knees of the latency curve";

Fact derived_fact(double value, double lo, double hi, const std::string& unit, const std::string& note) {
  Fact f = measured(value, unit, kSource);
  f.basis = Basis::derived;
  f.lo = std::min(lo, value);
  f.hi = std::max(hi, value);
  f.note = note;
  return f;
}

std::string span_words(const Plateau& p) {
  return (p.shoulder ? "shoulder of the curve from " : "plateau from ") + show_bytes(p.from_byte) + " to " +
         show_bytes(p.to_byte);
}

void compare(const ToldCache& told, const Knee& knee, ProbeOutcome& outcome) {
  if (knee.byte <= 2 * told.byte && knee.byte >= told.byte / 2) return;
  const bool smaller = knee.byte < told.byte;
  outcome.warnings.push_back(
      {"cache-size-differs",
       "the latency curve shows " + show_bytes(knee.byte) + " of " + told.name + ", the firmware tells " +
           show_bytes(told.byte),
       smaller ? "others may share it (a virtual machine gets a part): plan with the inferred size"
               : "the hypervisor may tell a smaller one: plan with the inferred size"});
}

/// The caches that cores address; a memory-side cache has no knee of its own kind.
std::vector<ToldCache> told_caches(const Topology& topology) {
  std::vector<ToldCache> told;
  for (const CacheLevel& c : topology.caches)
    if (c.size_byte > 0 && c.name != "memory_side") told.push_back({c.name, c.size_byte});
  return told;
}

}  // namespace

std::vector<CurvePoint> curve_of(const ProbeOutcome& outcome, const std::string& prefix) {
  std::vector<CurvePoint> curve;
  for (const Samples& s : outcome.samples) {
    double bytes = 0;
    const char* end = s.key.data() + s.key.size();
    if (!s.key.starts_with(prefix)) continue;
    const auto [stop, code] = std::from_chars(s.key.data() + prefix.size(), end, bytes);
    if (code == std::errc() && stop == end && bytes > 0) curve.push_back({bytes, quantile(s.values, 0.25)});
  }
  std::ranges::sort(curve, {}, &CurvePoint::byte);
  return curve;
}

void conclude_latency(const ProbeContext& context, ProbeOutcome& outcome) {
  const Stairs stairs = find_stairs(curve_of(outcome, "latency.curve."));
  const std::vector<ToldCache> told = told_caches(context.topology);
  const std::vector<std::string> names = name_knees(stairs.knees, told);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    const Knee& knee = stairs.knees[i];
    const Plateau& flat = stairs.plateaus[i];
    outcome.facts["cache." + names[i] + ".size.inferred"] =
        derived_fact(knee.byte, knee.lo, knee.hi, "byte", span_words(flat));
    if (!flat.shoulder)  // where the curve still rises there is no latency to name
      outcome.facts["cache." + names[i] + ".latency"] =
          derived_fact(flat.seconds, flat.lo, flat.hi, "s", span_words(flat));
    const auto it = std::ranges::find(told, names[i], &ToldCache::name);
    if (it != told.end()) compare(*it, knee, outcome);
  }
}

}  // namespace ridgepoint
