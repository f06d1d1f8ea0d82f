// SPDX-License-Identifier: Apache-2.0
#include "workloads/harness.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

#include "model/core/ports.h"

namespace ridgepoint {
namespace {

/// Keeps every repetition; prints nothing, because stdout belongs to main.
class Collector : public benchmark::BenchmarkReporter {
 public:
  Timings timings;

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const auto n = static_cast<double>(run.iterations);
      timings.wall_s.push_back(run.real_accumulated_time / n);
      timings.cpu_s.push_back(run.cpu_accumulated_time / n);
    }
  }
};

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    static char program[] = "ridgepoint";
    static char* words[] = {program, nullptr};
    int count = 1;
    benchmark::Initialize(&count, words);
  });
}

}  // namespace

Timings time_kernel(const std::string& name, const Prepared& kernel, int samples, double min_sample_s) {
  initialise_once();
  const auto reset = [&] {
    if (kernel.reset) kernel.reset();
  };
  reset();
  const auto begin = std::chrono::steady_clock::now();
  kernel.body();  // warm-up: caches, page tables, thread pools
  const double once = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto iterations =
      kernel.reset
          ? std::int64_t{1}
          : static_cast<std::int64_t>(std::clamp(std::ceil(min_sample_s / std::max(once, 1e-9)), 1.0, 1e9));

  Collector collector;
  std::vector<double> rates;
  const auto look_at_roof = [&] {
    if (kernel.roof && kernel.roof->rate) rates.push_back(kernel.roof->rate());
  };
  std::optional<Error> trouble = kernel.trouble ? kernel.trouble() : std::nullopt;
  look_at_roof();
  for (int i = 0; i < samples && !trouble && !Interrupt::requested(); ++i) {
    reset();
    // One registration a sample, so that an interrupt is seen between samples and nothing finished is lost.
    benchmark::ClearRegisteredBenchmarks();
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&](benchmark::State& state) {
                                   for ([[maybe_unused]] auto unused : state) kernel.body();
                                 })
        ->Iterations(iterations)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
    benchmark::RunSpecifiedBenchmarks(&collector, ".*");
    if (kernel.trouble) trouble = kernel.trouble();
    if (trouble) {  // the sample that met it does not count
      collector.timings.wall_s.pop_back();
      collector.timings.cpu_s.pop_back();
      if (trouble->kind == ErrorKind::interrupted) trouble.reset();  // no fault: what was finished is kept
      break;
    }
    look_at_roof();
  }
  benchmark::ClearRegisteredBenchmarks();
  collector.timings.roof_rate = std::move(rates);
  collector.timings.trouble = std::move(trouble);
  collector.timings.interrupted = Interrupt::requested();
  return collector.timings;
}

}  // namespace ridgepoint
