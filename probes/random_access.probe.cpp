// SPDX-License-Identifier: Apache-2.0
// Random access: independent lines, parallel chains and vector gathers, from memory and from the caches.
#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

#include "model/core/format.h"
#include "model/core/simd_gather.h"
#include "model/core/units.h"
#include "probes/measure.h"
#include "probes/random_facts.h"
#include "probes/random_table.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kTable = 256 * kMebi;
constexpr std::uint64_t kLines = 200000;  ///< a thread and sample: some 2 ms
constexpr std::uint64_t kCheck = 4096;
constexpr std::size_t kMemoryGathers = 256 * kGatherStep, kCacheGathers = 2048 * kGatherStep;
constexpr int kChains[] = {1, 2, 4, 8, 16, 24, 32};
constexpr std::uint64_t kChainSteps = 60000;  ///< over all chains

/// What a gather reads: the whole table, or a part of it a thread.
struct Reach {
  std::string prefix;
  double byte = 0;
  bool shared = false;
  std::size_t gathers = 0;
};

/// Half of a cache as the firmware tells it, as a power of two; `otherwise` where it tells nothing.
double half_of(const Topology& topology, const std::string& name, double otherwise) {
  const auto it = std::ranges::find(topology.caches, name, &CacheLevel::name);
  const double byte = it == topology.caches.end() || it->size_byte <= 0 ? otherwise : it->size_byte / 2;
  return static_cast<double>(std::bit_floor(static_cast<std::uint64_t>(byte)));
}

template <class T>
struct GatherTask {
  const RandomTable& table;
  Reach reach;

  const T* part(int thread) const {
    const double at = reach.shared ? 0 : std::fmod(reach.byte * thread, table.bytes());
    return reinterpret_cast<const T*>(table.base() + static_cast<std::size_t>(at));
  }
  T mask() const { return static_cast<T>(reach.byte / sizeof(T)) - 1; }
  bool right() const {
    return gather_sum(part(0), mask(), 23, kGatherStep) == gather_sum_plain(part(0), mask(), 23, kGatherStep);
  }
  double rate(Team& team, std::vector<std::uint64_t>& sink, std::uint64_t seed) const {
    const double t = team.timed_run([&](int i) {
      const auto slot = static_cast<std::size_t>(i);
      sink[slot * 8] = gather_sum(part(i), mask(), seed + slot, reach.gathers);
    });
    return static_cast<double>(reach.gathers) * team.size() / t;
  }
};

struct Session {
  RandomTable table;
  std::vector<std::unique_ptr<Team>> teams;
  std::vector<std::uint64_t> sink;
  std::uint64_t seed = 100;  ///< a new one for every sample: the same lines would be found in the cache
};

std::string threads_words(const Team& team) {
  return std::to_string(team.size()) + (team.size() == 1 ? " thread" : " threads");
}

double line_rate(Session& s, Team& team) {
  s.seed += 1000;
  const double t = team.timed_run([&](int i) {
    const auto slot = static_cast<std::size_t>(i);
    s.sink[slot * 8] = s.table.sum(s.seed + slot, kLines);
  });
  return static_cast<double>(kLines) * team.size() / t;
}

double chain_rate(Session& s, int chains) {
  const auto k = static_cast<std::uint64_t>(chains);
  double seconds = 0;
  s.teams.front()->run([&](int) { seconds = s.table.ring().time_chains(chains, kChainSteps / k); });
  return static_cast<double>(chains) / seconds;
}

template <class T>
void add_gathers(Session& s, const Reach& reach, const std::string& type, std::vector<Cell>& cells,
                 bool& right) {
  const GatherTask<T> task{s.table, reach};
  right = right && task.right();
  for (const auto& team : s.teams)
    cells.push_back(
        {reach.prefix + ".gather." + type + "." + gather_isa() + "." + std::to_string(team->size()) + "t",
         "count/s",
         "probe random_access: gathers over " + show_bytes(reach.byte) +
             (reach.shared ? ", " : " a thread, ") + threads_words(*team),
         [task, &s, t = team.get()] { return task.rate(*t, s.sink, s.seed += 1000); }});
}

std::vector<Cell> cells_of(Session& s, const Topology& topology, bool& right) {
  std::vector<Cell> cells;
  const std::string over = " over " + show_bytes(s.table.bytes()) + ", ";
  for (const auto& team : s.teams)
    cells.push_back(
        {"memory.dram.random." + std::to_string(team->size()) + "t", "byte/s",
         "probe random_access: independent lines" + over + threads_words(*team) + ", 64 bytes a line",
         [&s, t = team.get()] { return kLineByte * line_rate(s, *t); }});
  for (const int chains : kChains)
    cells.push_back({"memory.dram.chains." + std::to_string(chains), "line/s",
                     "probe random_access: parallel chains" + over + "1 thread",
                     [&s, chains] { return chain_rate(s, chains); }, false});
  const double most = s.table.bytes();
  for (const Reach& reach :
       {Reach{"memory.dram", most, true, kMemoryGathers},
        Reach{"cache.l1d", std::min(most, half_of(topology, "l1d", 16 * kKibi)), false, kCacheGathers},
        Reach{"cache.l2", std::min(most, half_of(topology, "l2", 128 * kKibi)), false, kCacheGathers}}) {
    add_gathers<std::uint32_t>(s, reach, "u32", cells, right);
    add_gathers<std::uint64_t>(s, reach, "u64", cells, right);
  }
  return cells;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  const auto asked = [&](const char* prefix) { return any_asked_for(prefix, context); };
  if (!asked("memory.dram.random") && !asked("memory.dram.chains.") && !asked("memory.dram.gather.") &&
      !asked("cache.l1d.gather.") && !asked("cache.l2.gather."))
    return outcome;
  std::vector<std::unique_ptr<Team>> teams;
  for (const int n : thread_counts(context.topology))
    teams.push_back(std::make_unique<Team>(cpus_for(context.topology, n)));
  auto table = RandomTable::make(std::min(kTable, context.memory_limit_byte / 1.1), *teams.back());
  if (!table) return give_up(std::move(outcome), ProbeStatus::unavailable, table.error());
  const auto slots = static_cast<std::size_t>(teams.back()->size()) * 8;
  Session s{std::move(*table), std::move(teams), std::vector<std::uint64_t>(slots)};
  bool right = s.table.sum(1, kCheck) == s.table.expected_sum(1, kCheck);
  const std::vector<Cell> cells = cells_of(s, context.topology, right);
  if (!right)
    return give_up(
        std::move(outcome), ProbeStatus::failed,
        {ErrorKind::failed_check, "a sum of random words is wrong", "", "test the machine's memory"});
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  if (!s.table.ring().right()) return give_up(std::move(outcome), ProbeStatus::failed, wrong_walk());
  return outcome;
}

}  // namespace

extern const Probe random_access_probe;
const Probe random_access_probe{
    .id = "random_access",
    .summary = "random lines, memory-level parallelism and gathers",
    .method =
        "over 256 MiB of random words in huge pages: sums of one word each of independent random lines at "
        "1..n "
        "threads (64 bytes a line); 1 to 32 parallel pointer chains on one thread (memory.dram.mlp is the "
        "best "
        "line rate of one thread over that of one chain); vector gathers of 4 and 8 bytes with places made "
        "in "
        "registers, also within half of the first- and second-level cache; sums checked first; median",
    .measures = true,
    .revisit = true,
    .rank = 54,
    .seconds = {0.7, 5, 40},
    .run = run,
    .conclude = conclude_random};

}  // namespace ridgepoint
