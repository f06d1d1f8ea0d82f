// SPDX-License-Identifier: Apache-2.0
#include "probes/counters_loop.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <thread>

#include "model/core/buffer.h"
#include "model/core/format.h"

namespace ridgepoint {
namespace {

constexpr auto kIterations =
    static_cast<std::int64_t>(kKnownFlop / 2);  // about 3 ms: one multiplication and one addition, dependent
constexpr std::size_t kPages = 256, kPage = 4096;
constexpr std::size_t kLine = 64,
                      kWalk = 32u * 1024 * 1024;  // more than most last-level caches leave one core
constexpr int kSleeps = 3;

double sink = 0;  // keeps results alive

void compute() {
  volatile double factor = 0.999999;  // unknown to the compiler, so nothing folds
  const double a = factor;
  double x = 1;
  for (std::int64_t i = 0; i < kIterations; ++i) x = x * a + 1e-6;
  sink = sink + x;
}

/// Anonymous small pages, written once each: one page fault a page.
void touch_fresh_pages() {
  void* pages = ::mmap(nullptr, kPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return;
  ::madvise(pages, kPages * kPage, MADV_NOHUGEPAGE);
  volatile char* bytes = static_cast<char*>(pages);
  for (std::size_t i = 0; i < kPages * kPage; i += kPage) bytes[i] = 1;
  ::munmap(pages, kPages * kPage);
}

void walk_memory() {
  static const auto buffer = Buffer::make(kWalk);
  if (!buffer) return;
  volatile char* bytes = buffer->as<char>();
  for (std::size_t i = 0; i < kWalk; i += kLine) bytes[i] = static_cast<char>(bytes[i] + 1);
}

struct Account {
  double cpu_s, faults, switches;
};

Account account() {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return {seconds(u.ru_utime) + seconds(u.ru_stime), static_cast<double>(u.ru_minflt + u.ru_majflt),
          static_cast<double>(u.ru_nvcsw + u.ru_nivcsw)};
}

}  // namespace

const std::vector<Wanted>& wanted_counters() {
  constexpr double kLoop = static_cast<double>(kIterations);
  constexpr auto kHard = CounterKind::hardware;
  constexpr auto kSoft = CounterKind::software;
  static const std::vector<Wanted> list = {
      {"cycles", kHard, {"PAPI_TOT_CYC", "perf::CYCLES"}, kLoop},
      {"instructions", kHard, {"PAPI_TOT_INS", "perf::INSTRUCTIONS"}, kLoop},
      {"fp_ops", kHard, {"PAPI_DP_OPS", "PAPI_FP_OPS", "PAPI_FP_INS"}, kLoop},
      {"branches", kHard, {"PAPI_BR_INS", "perf::BRANCHES"}, kLoop / 8},  // an unrolled loop has fewer
      {"l1d_misses", kHard, {"PAPI_L1_DCM", "perf::L1-DCACHE-LOAD-MISSES"}, 1000},
      {"llc_misses", kHard, {"PAPI_L3_TCM", "perf::LLC-LOAD-MISSES", "perf::CACHE-MISSES"}, 1},
      {"task_clock", kSoft, {"perf::TASK-CLOCK"}, 1e5, 1e-9},
      {"page_faults", kSoft, {"perf::PAGE-FAULTS"}, 0.9 * kPages},
      {"context_switches", kSoft, {"perf::CONTEXT-SWITCHES"}, 1}};
  return list;
}

void known_loop() {
  compute();
  touch_fresh_pages();
  walk_memory();
  for (int i = 0; i < kSleeps; ++i) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

std::vector<Counter> rusage_counters() {
  const Account before = account();
  known_loop();
  const Account after = account();
  std::vector<Counter> counters;
  for (const Wanted& w : wanted_counters()) {
    if (w.kind != CounterKind::software) continue;
    Counter c{.name = w.name, .kind = w.kind, .via = "getrusage", .reason = {}};
    if (w.name == "task_clock") c.value = after.cpu_s - before.cpu_s;
    if (w.name == "page_faults") c.value = after.faults - before.faults;
    if (w.name == "context_switches") c.value = after.switches - before.switches;
    c.truly_counts = c.value >= w.least * w.scale;
    if (!c.truly_counts)
      c.reason = "counted " + show_number(c.value) + " where at least " + show_number(w.least * w.scale) +
                 " was due";
    counters.push_back(std::move(c));
  }
  return counters;
}

}  // namespace ridgepoint
