// SPDX-License-Identifier: Apache-2.0
// Core to core: two pinned threads hand one cache line to and fro; half a round trip for each pair.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>

#include "model/core/stats.h"
#include "model/core/team.h"
#include "model/core/text.h"
#include "probes/core_pairs.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr std::uint32_t kTrips = 1000;
constexpr double kPatience_s = 0.05;  ///< a virtual processor may not be running at all
constexpr double kPair_s = 0.001;     ///< what one sample of a pair costs, with its threads
constexpr std::size_t kMostPairs = 64 * 63 / 2;
constexpr std::size_t kMany = 30;

struct alignas(64) Ball {
  std::atomic<std::uint32_t> turn{0};
  std::atomic<bool> given_up{false};
};

/// Waits for the line to hold `turn`. A busy wait: what is timed is the line's way, not the scheduler's.
bool await(Ball& ball, std::uint32_t turn, std::chrono::steady_clock::time_point limit) {
  for (std::uint32_t spins = 1; ball.turn.load(std::memory_order_acquire) != turn; ++spins)
    if (spins % 4096 == 0 &&
        (ball.given_up || Interrupt::requested() || std::chrono::steady_clock::now() > limit)) {
      ball.given_up = true;
      return false;
    }
  return true;
}

struct Exchange {
  double seconds = 0;
  bool pinned = true, complete = true;
};

Exchange ping_pong(int a, int b) {
  Team team({a, b});
  Ball ball;
  const auto limit =
      std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                             std::chrono::duration<double>(kPatience_s));
  const double seconds = team.timed_run([&](int i) {
    for (auto turn = static_cast<std::uint32_t>(i); turn < 2 * kTrips && await(ball, turn, limit); turn += 2)
      ball.turn.store(turn + 1, std::memory_order_release);
  });
  const std::uint32_t hops = ball.turn;
  return {seconds / std::max(1u, hops), team.pinned(), hops == 2 * kTrips};
}

std::vector<CpuPlace> places(const ProbeContext& context) {
  std::vector<CpuPlace> out;
  for (const int cpu : context.topology.allowed) out.push_back(place_of(context.host, cpu));
  return out;
}

PairPlan plan_for(const ProbeContext& context) {
  const std::size_t most = context.level == Level::smoke ? 1
                           : context.level == Level::full
                               ? kMostPairs
                               : static_cast<std::size_t>(context.budget_s / kPair_s / 4);
  return plan_pairs(places(context), most);
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!any_asked_for("latency.core_to_core.", context)) return outcome;
  if (context.topology.allowed.size() < 2)
    return give_up(
        std::move(outcome), ProbeStatus::unavailable,
        {ErrorKind::unavailable, "there is no pair of processors", "one is allowed to this process",
         "allow it more (taskset, cpuset, more virtual processors)"});
  const PairPlan plan = plan_for(context);
  bool pinned = true;
  int incomplete = 0;
  std::vector<Cell> cells;
  for (const auto& [a, b] : plan.pairs)
    cells.push_back({"latency.core_to_core." + std::to_string(a) + "." + std::to_string(b), "s",
                     "probe core_to_core: one line to and fro",
                     [&pinned, &incomplete, a = a, b = b] {
                       const Exchange r = ping_pong(a, b);
                       pinned = pinned && r.pinned;
                       incomplete += r.complete ? 0 : 1;
                       return r.seconds;
                     },
                     false});
  SamplingRule rule = rule_for(context);
  if (plan.pairs.size() > kMany) rule.min_samples = 1;
  if (!sample_cells(cells, rule, outcome) || Interrupt::requested()) return stopped(std::move(outcome));
  if (!pinned)
    return give_up(std::move(outcome), ProbeStatus::degraded,
                   {ErrorKind::unavailable, "the threads could not be pinned", "the system refused it",
                    "allow sched_setaffinity (container profile)"});
  if (incomplete > 0)
    return give_up(std::move(outcome), ProbeStatus::degraded,
                   {ErrorKind::unavailable, std::to_string(incomplete) + " exchanges did not end in time",
                    "a processor was not running", "run it again on a quieter machine"});
  return outcome;
}

/// The spread of all pairs as one fact; n counts pairs.
Fact over_pairs(const std::vector<double>& medians, double q, const std::string& note) {
  Fact f = measured(quantile(medians, q), "s", "probe core_to_core: half a round trip of one cache line");
  f.lo = quantile(medians, 0);
  f.hi = quantile(medians, 1);
  f.n = static_cast<std::int64_t>(medians.size());
  if (!note.empty()) f.note = note;
  return f;
}

std::string note_of(const PairPlan& plan) {
  if (plan.left_out.empty()) return "";
  std::vector<std::string> names;
  for (const int cpu : plan.left_out) names.push_back(std::to_string(cpu));
  return plan.rule + "; processors left out: " + join(names, ", ");
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  const std::string prefix = "latency.core_to_core.";
  std::map<std::string, double> by_key;
  for (const Samples& s : outcome.samples) by_key[s.key] = quantile(s.values, 0.5);
  const auto all = places(context);
  std::vector<double> medians;
  std::map<Nearness, std::vector<double>> by_nearness;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < all.size(); ++j) {
      const auto it = by_key.find(prefix + std::to_string(all[i].cpu) + "." + std::to_string(all[j].cpu));
      if (it == by_key.end()) continue;
      medians.push_back(it->second);
      by_nearness[nearness(all[i], all[j])].push_back(it->second);
    }
  if (medians.empty()) return;
  const std::string note = note_of(plan_for(context));
  outcome.facts[prefix + "min"] = over_pairs(medians, 0, note);
  outcome.facts[prefix + "median"] = over_pairs(medians, 0.5, note);
  outcome.facts[prefix + "max"] = over_pairs(medians, 1, note);
  for (const auto& [kind, name] :
       {std::pair(Nearness::smt_siblings, "smt_siblings"), std::pair(Nearness::same_package, "same_package"),
        std::pair(Nearness::other_package, "other_package")})
    if (by_nearness.contains(kind)) outcome.facts[prefix + name] = over_pairs(by_nearness[kind], 0.5, note);
}

}  // namespace

extern const Probe core_to_core_probe;
const Probe core_to_core_probe{.id = "core_to_core",
                               .summary = "latency of a cache line between each pair of processors",
                               .method =
                                   "two pinned threads wait for and answer each other through one atomic "
                                   "word, 1,000 round trips a sample; "
                                   "half a round trip; every pair of allowed processors, at most 64 of them "
                                   "and what the time allows (then "
                                   "one a core, one a cluster, every n-th; the note names those left out); "
                                   "busy waiting; medians of pairs",
                               .measures = true,
                               .revisit = true,
                               .rank = 55,
                               .seconds = {0.3, 2, 15},
                               .run = run,
                               .conclude = conclude};

}  // namespace ridgepoint
