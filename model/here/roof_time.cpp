// SPDX-License-Identifier: Apache-2.0
#include "model/here/roof_time.h"

#include <algorithm>
#include <cmath>

#include "model/roofs.h"

namespace ridgepoint {
namespace {

constexpr double kLine = 64;

struct Rate {
  std::string key;
  double value = 0;
};

/// The fact at this thread count; else the one without a count, in proportion to nothing.
std::optional<Rate> rate_at(const Facts& facts, const std::string& key, std::int64_t threads) {
  for (const std::string& k : {key + "." + std::to_string(threads) + "t", key})
    if (const auto v = number(facts, k); v && *v > 0) return Rate{k, *v};
  return std::nullopt;
}

std::string pattern_of(const KernelCost& c) {
  const double share = write_share(c.read_byte, c.written_byte);
  if (share < 1.0 / 6) return "read";
  return share < 5.0 / 12 ? "triad" : "copy";
}

struct Level {
  double capacity = 0;
  Rate rate;
};

/// Levels with a bandwidth, by capacity; DRAM last, without a limit.
std::vector<Level> levels_of(const Facts& facts, const std::string& pattern, std::int64_t threads) {
  std::vector<Level> levels;
  for (const char* name : {"l1d", "l2", "l3"}) {
    const std::string cache = std::string("cache.") + name;
    const auto capacity = number(facts, cache + ".capacity");
    const auto rate = rate_at(facts, cache + ".bandwidth." + pattern, threads);
    if (!capacity || !rate) continue;
    const bool own = std::string(name) != "l3";  // each thread its own
    levels.push_back({*capacity * (own ? static_cast<double>(threads) : 1), *rate});
  }
  if (const auto rate = rate_at(facts, "memory.dram.bandwidth." + pattern, threads))
    levels.push_back({0, *rate});
  return levels;
}

/// Between half a level's capacity and twice it, the bandwidth goes from that level's to the next one's in
/// the logarithms.
std::optional<Rate> bandwidth_at(const std::vector<Level>& levels, double bytes) {
  if (levels.empty()) return std::nullopt;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    const double at = std::log2(bytes / levels[i].capacity);
    if (at > 1) continue;
    if (at <= -1) return levels[i].rate;
    const double share = (at + 1) / 2;
    return Rate{levels[i].rate.key,
                levels[i].rate.value * std::pow(levels[i + 1].rate.value / levels[i].rate.value, share)};
  }
  return levels.back().rate;
}

void add(std::vector<HereTerm>& terms, double quantity, const std::optional<Rate>& rate) {
  if (quantity > 0 && rate) terms.push_back({rate->key, quantity / rate->value});
}

/// A kernel that mixes instruction sets says so in more words ("brgconv:avx512_core"); the fastest set that
/// its words name, else the fastest of all.
std::optional<Rate> arithmetic(const KernelRun& run, const Facts& facts) {
  for (const char* isa : {"amx", "avx512", "avx2", "sse4", "neon", "sve", "scalar"})
    if (run.isa.find(isa) != std::string::npos)
      if (auto rate = rate_at(facts, "compute." + run.dtype + "." + isa, run.threads)) return rate;
  const auto roof = compute_roof(facts, {run.dtype}, false);
  return roof ? std::optional(Rate{roof->key, roof->sustained}) : std::nullopt;
}

}  // namespace

std::vector<HereTerm> here_terms(const KernelRun& run, const Facts& facts) {
  std::vector<HereTerm> terms;
  add(terms, run.cost.work_flop, arithmetic(run, facts));
  const auto levels = levels_of(facts, pattern_of(run.cost), run.threads);
  add(terms, run.cost.read_byte + run.cost.written_byte, bandwidth_at(levels, run.working_set_byte));
  const double last = levels.size() > 1 ? levels[levels.size() - 2].capacity : 0;
  if (run.cost.random_access && run.working_set_byte > last)
    add(terms, *run.cost.random_access * kLine, rate_at(facts, "memory.dram.random", run.threads));
  if (run.cost.dependent_miss)
    if (const auto latency = number(facts, "memory.dram.latency"); latency && run.working_set_byte > last)
      terms.push_back(
          {"memory.dram.latency", *run.cost.dependent_miss * *latency / static_cast<double>(run.threads)});
  add(terms, run.cost.storage_read_byte.value_or(0), rate_at(facts, "storage.read.sequential.8d", 0));
  add(terms, run.cost.storage_written_byte.value_or(0), rate_at(facts, "storage.write.sequential.8d", 0));
  return terms;
}

double here_seconds(const std::vector<HereTerm>& terms) {
  double squares = 0;
  for (const HereTerm& t : terms) squares += t.seconds * t.seconds;
  return std::sqrt(squares);
}

}  // namespace ridgepoint
