// SPDX-License-Identifier: Apache-2.0
#include "probes/arithmetic_limit.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

constexpr double kSlack = 0.05;  // a measured 2.04 means two pipelines and an error, not three

struct Limit {
  double per_cycle;
  std::string note;
};

std::optional<Limit> limit_of(const ArithmeticLoop& loop, const Facts& facts) {
  if (loop.instruction_limit > 0)
    return Limit{loop.instruction_limit,
                 "limit: " + show_number(loop.instruction_limit) + " a cycle, by the vendor's manual"};
  const auto alone = number(facts, rate_key(loop, 1) + ".per_cycle");
  if (!alone || *alone <= 0) return std::nullopt;
  const double pipelines =
      *alone > 1 ? std::ceil(*alone - kSlack) : 1 / std::max(1.0, std::floor(1 / *alone + kSlack));
  return Limit{pipelines, "limit: " + show_number(pipelines) +
                              " a cycle, inferred: the next whole number of pipelines, or of cycles for one"};
}

/// "…4t" -> 4, for the keys of one loop; nothing for others.
std::optional<int> threads_of(const std::string& key, const ArithmeticLoop& loop) {
  const auto parts = split(key, '.');
  if (parts.size() != 4) return std::nullopt;
  const int n = std::atoi(parts[3].c_str());
  return n > 0 && key == rate_key(loop, n) ? std::optional(n) : std::nullopt;
}

}  // namespace

std::string rate_key(const ArithmeticLoop& loop, int threads) {
  return "compute." + loop.dtype + "." + loop.isa + "." + std::to_string(threads) + "t";
}

void add_limit_shares(const std::vector<ArithmeticLoop>& loops, int cores, ProbeOutcome& outcome) {
  const Facts measured = outcome.facts;
  for (const ArithmeticLoop& loop : loops) {
    const ArithmeticRun unit = loop.run(kRoundUnit);
    for (const auto& [key, rate] : measured) {
      const auto threads = threads_of(key, loop);
      const auto clock = number(measured, key + ".clock");
      if (!threads || !clock || *clock <= 0) continue;
      outcome.facts[key + ".per_cycle"] = scaled_fact(
          rate, unit.instructions / unit.operations / *clock / std::min(*threads, cores), "1",
          "probe peak_arithmetic: arithmetic instructions a cycle and core: rate over clock and cores");
    }
    const auto limit = limit_of(loop, outcome.facts);
    if (!limit) continue;
    for (const auto& [key, rate] : measured) {
      if (!threads_of(key, loop) || !outcome.facts.contains(key + ".per_cycle")) continue;
      Fact share =
          scaled_fact(outcome.facts[key + ".per_cycle"], 1 / limit->per_cycle, "1",
                      "probe peak_arithmetic: arithmetic instructions a cycle and core over their limit");
      share.note = limit->note;
      outcome.facts[key + ".of_limit"] = std::move(share);
    }
  }
}

}  // namespace ridgepoint
