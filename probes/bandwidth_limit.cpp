// SPDX-License-Identifier: Apache-2.0
#include "probes/bandwidth_limit.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

constexpr double kLine = 64, kSlack = 0.05;
const char* const kClockTail = ".clock";

/// The words of cache.<level>.bandwidth.<pattern>.<n>t; empty for other keys.
struct CellName {
  std::string level, pattern;
  int threads = 0;
};

std::optional<CellName> parse(const std::string& key) {
  const auto w = split(key, '.');
  if (w.size() != 5 || w[0] != "cache" || w[2] != "bandwidth") return std::nullopt;
  const int n = std::atoi(w[4].c_str());
  return n > 0 ? std::optional(CellName{w[1], w[3], n}) : std::nullopt;
}

}  // namespace

void add_bandwidth_limits(std::size_t vector_bytes, int cores, ProbeOutcome& outcome) {
  const Facts measured = outcome.facts;
  std::string inner;  // the level whose read carries the clock
  for (const auto& [key, fact] : measured)
    if (key.ends_with(kClockTail)) inner = split(key, '.')[1];
  const auto key_of = [](const CellName& c) {
    return "cache." + c.level + ".bandwidth." + c.pattern + "." + std::to_string(c.threads) + "t";
  };
  const auto factor = [&](int threads) -> std::optional<double> {  // rate -> bytes a cycle and core
    const auto clock = number(measured, key_of({inner, "read", threads}) + kClockTail);
    if (!clock || *clock <= 0) return std::nullopt;
    return 1 / (*clock * std::min(threads, cores));
  };
  for (const auto& [key, rate] : measured) {
    const auto cell = parse(key);
    const auto f = cell ? factor(cell->threads) : std::nullopt;
    if (!f) continue;
    const Fact per_cycle = scaled_fact(rate, *f, "byte", "probe cache_bandwidth: bytes a cycle and core");
    outcome.facts[key + ".per_cycle"] = per_cycle;
    double limit = kLine;
    std::string note = "limit: a line of 64 bytes a cycle and core, at the clock of the read";
    if (cell->level == inner) {
      const auto alone = number(measured, key_of({inner, cell->pattern, 1}));
      const auto alone_factor = factor(1);
      if (!alone || !alone_factor) continue;
      const auto width = static_cast<double>(vector_bytes);
      const double accesses = std::max(1.0, std::ceil(*alone * *alone_factor / width - kSlack));
      limit = accesses * width;
      note = "limit: " + show_number(accesses) + " loads and stores of " + show_number(width) +
             " bytes a cycle at the clock of the read, inferred: the next whole number";
    }
    Fact share =
        scaled_fact(per_cycle, 1 / limit, "1", "probe cache_bandwidth: bytes a cycle over the limit");
    share.note = note;
    outcome.facts[key + ".of_limit"] = std::move(share);
  }
}

}  // namespace ridgepoint
