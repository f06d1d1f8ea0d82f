// SPDX-License-Identifier: Apache-2.0
// Peak arithmetic of each data type and instruction set, the clock sustained meanwhile, and from both the
// share of the limit. Keys: compute.<dtype>.<isa>[.<n>t], and behind .<n>t: .clock, .per_cycle, .of_limit.
#include <algorithm>
#include <deque>
#include <map>
#include <memory>

#include "model/core/cycle_chain.h"
#include "model/core/team.h"
#include "probes/arithmetic.h"
#include "probes/arithmetic_limit.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

// Long against the start of a team, short against a host's scheduler slice.
constexpr double kQuickSample = 0.006, kSample = 0.012;

/// Rounds that take `seconds` on one thread; found by doubling, then in proportion.
std::int64_t calibrate(ArithmeticRun (*loop)(std::int64_t), Team& team, double seconds) {
  for (std::int64_t rounds = 1 << 10;; rounds *= 2) {
    const double t = team.timed_run([&](int) { loop(rounds); });
    if (t < seconds / 8 && rounds < (std::int64_t{1} << 40)) continue;
    return static_cast<std::int64_t>(static_cast<double>(rounds) * seconds / t) / kRoundUnit * kRoundUnit +
           kRoundUnit;
  }
}

/// Rounds that wake the core up before a sample.
std::int64_t lead_of(std::int64_t rounds) {
  return std::max<std::int64_t>(kRoundUnit, rounds / 4 / kRoundUnit * kRoundUnit);
}

/// At the quick level the widest set of each data type stands for all.
std::vector<ArithmeticLoop> loops_for(const ProbeContext& context) {
  std::vector<ArithmeticLoop> loops = arithmetic_loops();
  if (context.level != Level::quick) return loops;
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < loops.size(); ++i) last[loops[i].dtype] = i;
  std::vector<ArithmeticLoop> few;
  for (std::size_t i = 0; i < loops.size(); ++i)
    if (last.at(loops[i].dtype) == i || !context.cells.empty()) few.push_back(loops[i]);
  return few;
}

/// One loop on one team.
struct Bench {
  const ArithmeticLoop& loop;
  Team& team;
  std::int64_t rounds;
  double worst = 0;
  std::vector<ArithmeticRun> runs = std::vector<ArithmeticRun>(static_cast<std::size_t>(team.size()));

  double rate() {
    const double t = team.timed_run([&](int i) { runs[static_cast<std::size_t>(i)] = loop.run(rounds); },
                                    [&](int) { loop.run(lead_of(rounds)); });
    double operations = 0;
    for (const ArithmeticRun& r : runs) {
      operations += r.operations;
      worst = std::max(worst, r.residual);
    }
    return operations / t;
  }
};

/// The rate, and the clock beside it.
void add_cells(Bench& bench, std::vector<Cell>& cells) {
  const ArithmeticLoop& loop = bench.loop;
  const int n = bench.team.size();
  const std::string key = rate_key(loop, n), source = "probe peak_arithmetic: ";
  const std::string how = ", " + loop.isa + ", " + std::to_string(n) + (n == 1 ? " thread" : " threads");
  cells.push_back({key, loop.unit, source + loop.method + how, [&bench] { return bench.rate(); }});
  const std::int64_t few = std::max<std::int64_t>(kRoundUnit, bench.rounds / 64 / kRoundUnit * kRoundUnit);
  const ClockLoop clock = bound_loop(
      loop.clocks, [&](const ClockLoop& c) { return bench.team.timed_run([&](int) { c.run(few); }); });
  cells.push_back(
      {key + ".clock", "hz",
       source + std::to_string(clock.adds) + " dependent additions a round of the same loop" + how,
       [&bench, clock] {
         const double t = bench.team.timed_run([&](int) { clock.run(bench.rounds); },
                                               [&](int) { clock.run(lead_of(bench.rounds)); });
         return clock.adds * static_cast<double>(bench.rounds) / t;
       }});
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("compute.", context)) return outcome;
  const double seconds = context.level == Level::quick ? kQuickSample : kSample;
  std::vector<int> counts = thread_counts(context.topology);
  if (context.level != Level::full && counts.size() > 2) counts = {counts.front(), counts.back()};
  std::vector<std::unique_ptr<Team>> teams;
  teams.reserve(counts.size());
  for (const int n : counts) teams.push_back(std::make_unique<Team>(cpus_for(context.topology, n)));

  const std::vector<ArithmeticLoop> loops = loops_for(context);
  std::deque<Bench> benches;
  std::vector<Cell> cells;
  for (const ArithmeticLoop& loop : loops) {
    if (!any_asked_for("compute." + loop.dtype + "." + loop.isa, context)) continue;
    const std::int64_t rounds = calibrate(loop.run, *teams.front(), seconds);
    for (const auto& team : teams) add_cells(benches.emplace_back(Bench{loop, *team, rounds}), cells);
  }
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  for (const Bench& b : benches)
    if (b.worst > b.loop.tolerance)
      return give_up(
          std::move(outcome), ProbeStatus::failed,
          {ErrorKind::failed_check, "the " + b.loop.dtype + " loop of " + b.loop.isa + " gave a wrong answer",
           "off by " + std::to_string(b.worst),
           "check the machine's memory and clock; report it if it happens on two machines"});
  if (!teams.back()->pinned()) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "threads could not be pinned, so they may have shared a processor";
    outcome.fix = "allow sched_setaffinity (container profile), or run outside the container";
  }
  return outcome;
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  add_limit_shares(arithmetic_loops(), std::max(1, context.topology.allowed_cores), outcome);
  machine_figures(thread_counts(context.topology).back(), outcome);
}

}  // namespace

extern const Probe peak_arithmetic_probe;
const Probe peak_arithmetic_probe{
    .id = "peak_arithmetic",
    .summary = "peak of each data type and instruction set, and the clock meanwhile",
    .method =
        "twelve independent multiply-add or dot-product chains in registers (AMX: four tiles), no memory "
        "traffic, answers verified; multiply and add count one each; the clock is the rate of dependent "
        "one-cycle additions in the same loop, where they outlast it; thread counts and loops interleaved; "
        "median",
    .measures = true,
    .revisit = true,
    .rank = 50,
    .seconds = {1.2, 12, 60},
    .run = run,
    .conclude = conclude};

}  // namespace ridgepoint
