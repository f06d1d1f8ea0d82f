// SPDX-License-Identifier: Apache-2.0
// Codes of floating-point events:
//   Intel, Broadwell and later: FP_ARITH_INST_RETIRED (event C7h), one bit of the mask a width; a fused
//   multiply-add counts twice there (Intel SDM volume 3B, chapter 20).
//   AMD, family 17h and later: Retired SSE/AVX FLOPs (event 003h), counts operations (AMD PPR, 2.1.15.4.1).
// Wrong codes for a processor do no harm: an event is believed only after it has counted the known loop.
#include "probes/perf_table.h"

#include <linux/perf_event.h>

#include "model/core/text.h"
#include "probes/counters_loop.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr std::uint64_t cache(std::uint64_t level, std::uint64_t result) {
  return level | (std::uint64_t{PERF_COUNT_HW_CACHE_OP_READ} << 8) | (result << 16);
}

/// Types of the processor's own counters; two or more on a hybrid processor.
std::vector<std::uint32_t> core_types(const Host& host) {
  std::vector<std::uint32_t> types;
  for (const char* name : {"cpu_core", "cpu_atom"})
    if (const auto type = read_count(host, "sys/bus/event_source/devices/" + std::string(name) + "/type"))
      types.push_back(static_cast<std::uint32_t>(*type));
  return types;
}

/// A generic event, once for each kind of core.
WantedEvent generic(const std::string& key, const std::string& name, std::uint32_t type, std::uint64_t config,
                    double least, const std::vector<std::uint32_t>& cores) {
  WantedEvent e{.key = key, .name = name, .least = least};
  if (cores.size() < 2) {
    e.codes = {{.type = type, .config = config}};
    return e;
  }
  e.together = Together::alternating;
  for (const std::uint32_t core : cores)
    e.codes.push_back({.type = type, .config = config | (std::uint64_t{core} << 32)});
  return e;
}

WantedEvent software(const std::string& key, const std::string& unit, const std::string& name,
                     std::uint64_t config, double weight, double least) {
  return {.key = key,
          .unit = unit,
          .kind = CounterKind::software,
          .name = name,
          .codes = {{.type = PERF_TYPE_SOFTWARE, .config = config, .weight = weight}},
          .least = least};
}

PerfCode raw(std::uint64_t config, double weight) {
  return {.type = PERF_TYPE_RAW, .config = config, .weight = weight};
}

WantedEvent float_operations(const Host& host, bool hybrid) {
  WantedEvent e{.key = "events.fp_ops", .unit = "flop"};
  e.least = 0.95 * kKnownFlop;
  e.most = 1.3 * kKnownFlop;
  const std::string text = host.read("proc/cpuinfo").value_or("");
  const Cpuinfo cpu = parse_cpuinfo(text);
  const auto lines = parse_colon_lines(text, true);
  const auto field = [&](const char* key) {
    const auto it = lines.find(key);
    return it == lines.end() ? std::uint64_t{0} : parse_count(it->second).value_or(0);
  };
  if (hybrid) {
    e.absent = "a hybrid processor counts floating-point operations on one kind of core only";
  } else if (cpu.vendor == "Intel") {
    e.name = "FP_ARITH_INST_RETIRED";  // masks of equal weight together: five counters instead of eight
    e.codes = {raw(0x03C7, 1), raw(0x04C7, 2), raw(0x18C7, 4), raw(0x60C7, 8), raw(0x80C7, 16)};
  } else if (cpu.vendor == "AMD" && field("cpu family") >= 0x17) {
    const bool first_zen = field("cpu family") == 0x17 && field("model") < 0x30;
    e.name = "Retired SSE/AVX FLOPs";
    e.codes = {raw(first_zen ? 0xFF03 : 0x0F03, 1)};
  } else {
    e.absent = "no code of such an event is known for this processor";
  }
  return e;
}

}  // namespace

std::vector<WantedEvent> wanted_events(const Host& host) {
  const auto cores = core_types(host);
  const auto hardware = [&](const char* key, const char* name, std::uint64_t config, double least) {
    return generic(key, name, PERF_TYPE_HARDWARE, config, least, cores);
  };
  const auto cached = [&](const char* key, const char* name, std::uint64_t config, double least) {
    return generic(key, name, PERF_TYPE_HW_CACHE, config, least, cores);
  };
  constexpr std::uint64_t kL1 = PERF_COUNT_HW_CACHE_L1D, kLast = PERF_COUNT_HW_CACHE_LL;
  constexpr std::uint64_t kAll = PERF_COUNT_HW_CACHE_RESULT_ACCESS, kMiss = PERF_COUNT_HW_CACHE_RESULT_MISS;
  const auto loop = static_cast<double>(kKnownFlop) / 2;
  return {hardware("events.cycles", "CYCLES", PERF_COUNT_HW_CPU_CYCLES, loop),
          hardware("events.instructions", "INSTRUCTIONS", PERF_COUNT_HW_INSTRUCTIONS, loop),
          float_operations(host, cores.size() > 1),
          hardware("events.cache_misses", "CACHE-MISSES", PERF_COUNT_HW_CACHE_MISSES, 1),
          cached("events.l1d_loads", "L1-dcache-loads", cache(kL1, kAll), 1000),
          cached("events.l1d_load_misses", "L1-dcache-load-misses", cache(kL1, kMiss), 1000),
          cached("events.llc_loads", "LLC-loads", cache(kLast, kAll), 1000),
          cached("events.llc_load_misses", "LLC-load-misses", cache(kLast, kMiss), 1),
          software("events.task_clock", "s", "task-clock", PERF_COUNT_SW_TASK_CLOCK, 1e-9, 1e-4),
          software("events.page_faults", "1", "page-faults", PERF_COUNT_SW_PAGE_FAULTS, 1, 200),
          software("events.context_switches", "1", "context-switches", PERF_COUNT_SW_CONTEXT_SWITCHES, 1, 1),
          software("events.migrations", "1", "cpu-migrations", PERF_COUNT_SW_CPU_MIGRATIONS, 1, 0)};
}

}  // namespace ridgepoint
