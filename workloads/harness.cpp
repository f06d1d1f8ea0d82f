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

Timings time_kernel(const std::string& name, const std::function<void()>& body, int samples,
                    double min_sample_s) {
  initialise_once();
  const auto begin = std::chrono::steady_clock::now();
  body();  // warm-up: caches, page tables, thread pools
  const double once = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto iterations =
      static_cast<std::int64_t>(std::clamp(std::ceil(min_sample_s / std::max(once, 1e-9)), 1.0, 1e9));

  Collector collector;
  for (int i = 0; i < samples && !Interrupt::requested(); ++i) {
    // One registration a sample, so that an interrupt is seen between samples and nothing finished is lost.
    benchmark::ClearRegisteredBenchmarks();
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&](benchmark::State& state) {
                                   for ([[maybe_unused]] auto unused : state) body();
                                 })
        ->Iterations(iterations)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
    benchmark::RunSpecifiedBenchmarks(&collector, ".*");
  }
  benchmark::ClearRegisteredBenchmarks();
  collector.timings.interrupted = Interrupt::requested();
  return collector.timings;
}

}  // namespace ridgepoint
