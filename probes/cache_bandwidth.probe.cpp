// SPDX-License-Identifier: Apache-2.0
// Bandwidth of each cache level, each thread in arrays of its own. Keys:
// cache.<level>.bandwidth.<pattern>[.<n>t], and behind .<n>t: .clock (read only), .per_cycle, .of_limit.
#include <algorithm>
#include <deque>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/cycle_chain.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/simd_stream.h"
#include "model/core/team.h"
#include "probes/bandwidth_limit.h"
#include "probes/cache_sets.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kSampleSeconds = 0.004;

/// The threads of one count, each with memory of its own, first touched by it and filled with random numbers.
struct Crew {
  Crew(const std::vector<int>& cpus, std::vector<CacheSet> levels) : team(cpus), sets(std::move(levels)) {}
  Team team;
  std::vector<CacheSet> sets;
  std::vector<Buffer> memory = {};
};

Result<void> give_memory(Crew& crew, double limit_byte) {
  double largest = 0;
  for (CacheSet& set : crew.sets) {
    set.byte = std::min(set.byte, limit_byte / crew.team.size() / 2);
    largest = std::max(largest, set.byte);
  }
  for (int i = 0; i < crew.team.size(); ++i) {
    auto buffer = Buffer::make(placed_bytes(largest));
    if (!buffer) return tl::make_unexpected(buffer.error());
    crew.memory.push_back(std::move(*buffer));
  }
  crew.team.run([&](int i) {
    const Buffer& mine = crew.memory[static_cast<std::size_t>(i)];
    for (std::size_t k = 0; k < mine.bytes() / sizeof(double); ++k)
      mine.as<double>()[k] = random_unit(static_cast<std::uint32_t>(i), k);
  });
  return {};
}

/// One pattern on one level by one crew.
struct Bench {
  Crew& crew;
  void (*kernel)(StreamArgs&);
  std::vector<StreamArgs> args = {};

  double seconds() {
    return crew.team.timed_run([this](int i) { kernel(args[static_cast<std::size_t>(i)]); },
                               [this](int i) {
                                 StreamArgs lead = args[static_cast<std::size_t>(i)];
                                 lead.passes = std::max<std::int64_t>(1, lead.passes / 4);
                                 kernel(lead);
                               });
  }
  double elements() const {
    return static_cast<double>(args.size()) * static_cast<double>(args[0].n) *
           static_cast<double>(args[0].passes);
  }
  void passes(std::int64_t count) {
    for (StreamArgs& a : args) a.passes = count;
  }
};

Bench make_bench(Crew& crew, const CacheSet& set, int arrays, void (*kernel)(StreamArgs&)) {
  Bench bench{crew, kernel};
  for (const Buffer& memory : crew.memory)
    bench.args.push_back(place_arrays(memory.as<double>(), set.byte, arrays));
  double t = 0;
  std::int64_t count = 1;
  for (; count < (std::int64_t{1} << 40); count *= 2) {
    bench.passes(count);
    t = bench.seconds();
    if (t >= kSampleSeconds / 4) break;
  }
  bench.passes(
      std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(count) * kSampleSeconds / t)));
  return bench;
}

std::string source_of(const Crew& crew, const CacheSet& set) {
  const int n = crew.team.size();
  return "probe cache_bandwidth: " + show_bytes(set.byte) + " a thread, " + stream_isa() +
         ", ordinary stores, program bytes, " + std::to_string(n) + (n == 1 ? " thread" : " threads");
}

/// The read of the innermost level again, with additions that outlast its loads: the clock under that load.
Cell clock_cell(const std::string& key, const std::string& source, const Bench& read) {
  const double blocks = read.elements() / static_cast<double>(read.args.size()) * sizeof(double) /
                        static_cast<double>(stream_vector_bytes()) / kStreamClockLoads;
  const StreamClock& chosen = bound_loop(stream_clocks(), [&](const StreamClock& clock) {
    Bench trial = read;
    trial.kernel = clock.read;
    return trial.seconds();
  });
  return {key + ".clock", "hz",
          source + ", " + std::to_string(chosen.adds) + " dependent additions beside 8 loads",
          [trial = Bench{read.crew, chosen.read, read.args}, blocks, adds = chosen.adds]() mutable {
            return adds * blocks / trial.seconds();
          }};
}

bool wanted_here(const StreamKernel& kernel, const ProbeContext& context) {
  return context.level != Level::quick || kernel.name == "read" || kernel.name == "copy" ||
         kernel.name == "triad" || !context.cells.empty();
}

/// What a visit samples. Deques, because the cells refer to their elements.
struct Plan {
  std::deque<Crew> crews;
  std::deque<Bench> benches;
  std::vector<Cell> cells;
};

/// The cells of one level; with the clock beside the read of the innermost.
Result<void> add_level(const ProbeContext& context, Crew& crew, const CacheSet& set, bool innermost,
                       Plan& plan) {
  const StreamArgs arrays = place_arrays(crew.memory[0].as<double>(), set.byte, 3);
  if (const std::string wrong = wrong_stream_kernel(arrays, 1); !wrong.empty())
    return fail(ErrorKind::failed_check, "the pattern '" + wrong + "' gave a wrong answer in " + set.level,
                "", "test the machine's memory");
  const std::string source = source_of(crew, set), threads = std::to_string(crew.team.size()) + "t";
  for (const StreamKernel& kernel : stream_kernels()) {
    const std::string key = "cache." + set.level + ".bandwidth." + kernel.name + "." + threads;
    const bool with_clock = innermost && kernel.stores == 0;
    if (!wanted_here(kernel, context) || !(any_asked_for(key, context) || with_clock)) continue;
    Bench& bench =
        plan.benches.emplace_back(make_bench(crew, set, kernel.loads + kernel.stores, kernel.cached));
    const double bytes = bench.elements() * kernel.bytes_per_element();
    plan.cells.push_back({key, "byte/s", source, [&bench, bytes] { return bytes / bench.seconds(); }});
    if (with_clock) plan.cells.push_back(clock_cell(key, source, bench));
  }
  return {};
}

Result<void> add_crew(const ProbeContext& context, int threads, double limit_byte, Plan& plan) {
  Crew& crew =
      plan.crews.emplace_back(cpus_for(context.topology, threads), cache_sets(context.topology, threads));
  if (crew.sets.empty())
    return fail(ErrorKind::unavailable, "the sizes of the caches are not known",
                "neither sysfs nor hwloc tells them",
                "see the latency curve of dram_latency for what the caches are");
  if (auto given = give_memory(crew, limit_byte); !given) return given;
  bool innermost = true;
  for (const CacheSet& set : crew.sets) {
    if (Interrupt::requested()) return {};
    if (auto added = add_level(context, crew, set, innermost, plan); !added) return added;
    innermost = false;
  }
  return {};
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("cache.", context)) return outcome;
  std::vector<int> counts = thread_counts(context.topology);
  if (context.level != Level::full && counts.size() > 2) counts = {counts.front(), counts.back()};
  Plan plan;
  for (const int n : counts)
    if (const auto added =
            add_crew(context, n, context.memory_limit_byte / static_cast<double>(counts.size()), plan);
        !added)
      return give_up(
          std::move(outcome),
          added.error().kind == ErrorKind::failed_check ? ProbeStatus::failed : ProbeStatus::unavailable,
          added.error());
  if (Interrupt::requested()) return stopped(std::move(outcome));
  if (!sample_cells(plan.cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  return outcome;
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  add_bandwidth_limits(stream_vector_bytes(), std::max(1, context.topology.allowed_cores), outcome);
  machine_figures(thread_counts(context.topology).back(), outcome);
}

}  // namespace

extern const Probe cache_bandwidth_probe;
const Probe cache_bandwidth_probe{
    .id = "cache_bandwidth",
    .summary = "read, write, copy, scale, add and triad bandwidth of each cache level",
    .method =
        "the stream patterns again and again over arrays of each thread's own: half of L1; further out four "
        "times the level before, at most three quarters of a thread's share; random data, ordinary stores, "
        "arrays apart by no multiple of 4 KiB; bytes of the loop; answers checked first; levels, patterns "
        "and "
        "thread counts interleaved; median",
    .measures = true,
    .revisit = true,
    .rank = 51,
    .seconds = {1, 8, 60},
    .run = run,
    .conclude = conclude};

}  // namespace ridgepoint
