// SPDX-License-Identifier: Apache-2.0
// Peak arithmetic: multiply-add chains on registers, FP64 and FP32, one thread and all of them.
#include <functional>

#include "model/core/team.h"
#include "probes/measure.h"
#include "probes/simd_fma.h"

namespace ridgepoint {
namespace {

constexpr double kTolerance = 1e-5;  // the FP32 chains end within a few ulp (6e-8) of the fixed point
constexpr double kSampleSeconds =
    0.012;                   // long against the start of a team, short against a host's scheduler slice
constexpr int kSamples = 5;  // odd, so the median is a sample

struct Case {
  std::string dtype;
  FmaRun (*loop)(std::int64_t);
  int threads;
  std::vector<double> rates;
};

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
  const std::string isa = fma_isa();
  const std::string source = "probe peak_flops: 12 multiply-add chains in registers, " + isa;
  const int all = thread_counts(context.topology).back();
  Team one(cpus_for(context.topology, 1)), many(cpus_for(context.topology, all));
  std::vector<Case> cases = {{"fp64", fma_fp64, 1, {}}, {"fp32", fma_fp32, 1, {}}};
  if (all > 1) {
    cases.push_back({"fp64", fma_fp64, all, {}});
    cases.push_back({"fp32", fma_fp32, all, {}});
  }
  double worst = 0;
  const std::int64_t rounds64 = calibrate(fma_fp64, one), rounds32 = calibrate(fma_fp32, one);
  for (int sample = 0; sample < kSamples; ++sample) {  // A B C D A B C D: drift hits every case alike
    for (Case& c : cases) {
      if (Interrupt::requested()) return stopped(std::move(outcome));
      Team& team = c.threads == 1 ? one : many;
      std::vector<FmaRun> results(static_cast<std::size_t>(c.threads));
      const std::int64_t rounds = c.dtype == "fp64" ? rounds64 : rounds32;
      const double t = team.timed_run([&](int i) { results[static_cast<std::size_t>(i)] = c.loop(rounds); });
      double flop = 0;
      for (const FmaRun& r : results) {
        flop += r.flop;
        worst = std::max(worst, r.residual);
      }
      c.rates.push_back(flop / t);
    }
  }
  if (!(worst < kTolerance)) {
    outcome.status = ProbeStatus::failed;
    outcome.reason =
        "the multiply-add chains did not reach their fixed point (residual " + std::to_string(worst) + ")";
    outcome.fix = "check the machine's memory and clock; report it if it happens on two machines";
    return outcome;
  }
  for (const Case& c : cases) {
    const std::string key = "compute." + c.dtype + "." + isa;
    if (c.threads == 1) add_samples(outcome, key + ".1t", "flop/s", c.rates, source + ", 1 thread");
    if (c.threads == all)
      add_samples(outcome, key, "flop/s", c.rates, source + ", " + std::to_string(all) + " threads");
  }
  if (!many.pinned()) {
    outcome.status = ProbeStatus::degraded;
    outcome.reason = "threads could not be pinned, so they may have shared a processor";
    outcome.fix = "allow sched_setaffinity (container profile), or run outside the container";
  }
  return outcome;
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
    .seconds = {1, 1, 1},
    .run = run};

}  // namespace ridgepoint
