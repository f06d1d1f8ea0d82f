// SPDX-License-Identifier: Apache-2.0
// Peak arithmetic: multiply-add chains on registers, FP64 and FP32, one thread and all of them.
#include "model/core/team.h"
#include "probes/measure.h"
#include "probes/sampler.h"
#include "probes/simd_fma.h"

namespace ridgepoint {
namespace {

constexpr double kTolerance = 1e-5;  // the FP32 chains end within a few ulp (6e-8) of the fixed point
constexpr double kSampleSeconds =
    0.012;  // long against the start of a team, short against a host's scheduler slice

/// Rounds that take about kSampleSeconds, found by doubling.
std::int64_t calibrate(FmaRun (*loop)(std::int64_t), Team& team) {
  std::int64_t rounds = 1 << 14;
  while (true) {
    const double t = team.timed_run([&](int) { loop(rounds); });
    if (t >= kSampleSeconds / 2 || rounds > (std::int64_t{1} << 40)) return rounds;
    rounds *= 2;
  }
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!any_asked_for("compute.", context)) return outcome;
  const std::string isa = fma_isa();
  const std::string source = "probe peak_flops: 12 multiply-add chains in registers, " + isa + ", ";
  const int all = thread_counts(context.topology).back();
  Team one(cpus_for(context.topology, 1)), many(cpus_for(context.topology, all));
  double worst = 0;
  std::vector<FmaRun> results(static_cast<std::size_t>(all));
  std::vector<Cell> cells;
  const auto add = [&](const std::string& dtype, FmaRun (*loop)(std::int64_t), std::int64_t rounds,
                       Team& team) {
    const int n = team.size();
    cells.push_back({"compute." + dtype + "." + isa + "." + std::to_string(n) + "t", "flop/s",
                     source + std::to_string(n) + (n == 1 ? " thread" : " threads"), [&, loop, rounds, n] {
                       const double t = team.timed_run(
                           [&](int i) { results[static_cast<std::size_t>(i)] = loop(rounds); });
                       double flop = 0;
                       for (int i = 0; i < n; ++i) {
                         flop += results[static_cast<std::size_t>(i)].flop;
                         worst = std::max(worst, results[static_cast<std::size_t>(i)].residual);
                       }
                       return flop / t;
                     }});
  };
  const std::int64_t rounds64 = calibrate(fma_fp64, one), rounds32 = calibrate(fma_fp32, one);
  for (Team* team : {&one, &many}) {
    if (team == &many && all == 1) continue;
    add("fp64", fma_fp64, rounds64, *team);
    add("fp32", fma_fp32, rounds32, *team);
  }
  if (!sample_cells(cells, rule_for(context), outcome)) return stopped(std::move(outcome));
  if (!(worst < kTolerance)) {
    outcome.status = ProbeStatus::failed;
    outcome.reason =
        "the multiply-add chains did not reach their fixed point (residual " + std::to_string(worst) + ")";
    outcome.fix = "check the machine's memory and clock; report it if it happens on two machines";
    return outcome;
  }
  if (!many.pinned()) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "threads could not be pinned, so they may have shared a processor";
    outcome.fix = "allow sched_setaffinity (container profile), or run outside the container";
  }
  return outcome;
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  machine_figures(thread_counts(context.topology).back(), outcome);
}

}  // namespace

extern const Probe peak_flops_probe;
const Probe peak_flops_probe{
    .id = "peak_flops",
    .summary = "FP64 and FP32 multiply-add peak of the best instruction set",
    .method =
        "x = x * a + b on 12 independent vector registers, no memory traffic; result verified against the "
        "fixed point; samples of 1 and n threads interleaved; median; FMA counts 2",
    .measures = true,
    .revisit = true,
    .rank = 50,
    .seconds = {1, 4, 15},
    .run = run,
    .conclude = conclude};

}  // namespace ridgepoint
