// SPDX-License-Identifier: Apache-2.0
// How fast the model answers: `scripts/benchmarks`. Nothing here is timed by a test.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "model/catalogue.h"
#include "model/estimate.h"
#include "model/recommend.h"
#include "model/sweep/compiled.h"

namespace ridgepoint {
namespace {

const Question& question() {
  static const Question q = [] {
    const std::string configs = RIDGEPOINT_SOURCE_DIR "/configs";
    auto platforms = load_platforms(configs + "/platforms", configs + "/prices");
    auto workloads = load_workloads(configs + "/workloads");
    auto calibration = load_calibration(configs);
    if (!platforms || !workloads || !calibration) {
      std::cerr << "the catalogue does not load\n";
      std::exit(1);
    }
    Question out;
    out.platforms = std::move(*platforms);
    out.workloads = std::move(*workloads);
    out.calibration = **calibration;
    out.as_of = "2025-08";
    return out;
  }();
  return q;
}

/// One recommendation over the whole catalogue and all shipped workloads, the catalogue being in memory.
void whole_recommendation(benchmark::State& state) {
  const Question& q = question();
  for ([[maybe_unused]] auto unused : state) benchmark::DoNotOptimize(recommend(q));
}
BENCHMARK(whole_recommendation)->Unit(benchmark::kMillisecond);

std::vector<CompiledJob> jobs() {
  EstimateContext context;
  context.as_of = question().as_of;
  context.calibration = std::make_shared<const Calibration>(*question().calibration);
  std::vector<CompiledJob> out;
  for (const Workload& w : question().workloads)
    for (const Platform& p : question().platforms)
      if (auto job = CompiledJob::make(estimate(w, p, context), Objective::cost))
        out.push_back(std::move(*job));
  return out;
}

/// What-ifs over every compiled pair of workload and platform, all factors moving.
void what_if_sweep(benchmark::State& state) {
  static const std::vector<CompiledJob> all = jobs();
  WhatIf w;
  double sum = 0;
  for ([[maybe_unused]] auto unused : state) {
    w.price = w.price < 4 ? w.price * 1.01 : 0.25;
    w.bandwidth = w.bandwidth < 4 ? w.bandwidth * 1.013 : 0.25;
    w.work = w.work < 4 ? w.work * 1.017 : 0.25;
    for (const CompiledJob& job : all) sum += job.value(w);
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(what_if_sweep)->Threads(1)->UseRealTime();
BENCHMARK(what_if_sweep)->Threads(2)->UseRealTime();

}  // namespace
}  // namespace ridgepoint

BENCHMARK_MAIN();
