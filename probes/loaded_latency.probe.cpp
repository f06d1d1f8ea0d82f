// SPDX-License-Identifier: Apache-2.0
// Loaded latency: a pointer chase on one processor while the others read memory ever faster.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/simd_stream.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/chase.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kRing = 128 * kMebi, kTraffic = 64 * kMebi;
constexpr std::size_t kBurst = 8192;  ///< doubles between two delays: 64 KiB
constexpr std::uint64_t kSteps = 30000;
/// Idle turns of a loop after each burst, from hardly any traffic to all there is. Step 0 has no traffic.
constexpr std::uint64_t kDelays[] = {0, 256 << 10, 64 << 10, 32 << 10, 16 << 10, 8 << 10, 4 << 10, 0};

struct alignas(64) Reader {
  double* words = nullptr;
  std::size_t count = 0;  ///< a whole number of bursts
  std::uint64_t parity = 0;
  double byte = 0, seconds = 0;
};

struct Load {
  Buffer ring_memory, traffic;
  Team team;
  Ring ring;
  std::vector<Reader> readers;
};

void idle(std::uint64_t turns) {
  for (std::uint64_t i = 0; i < turns; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
}

void read_until(const std::atomic<bool>& stop, Reader& r, std::uint64_t delay) {
  const Stopwatch watch;
  r.byte = 0;
  for (std::size_t at = 0; !stop; at = (at + kBurst) % r.count) {
    r.parity ^= read_parity(r.words + at, kBurst);
    r.byte += kBurst * sizeof(double);
    idle(delay);
  }
  r.seconds = watch.seconds();
}

struct Point {
  double latency_s = 0, bandwidth = 0;
};

Point sample(Load& load, std::size_t step) {
  std::atomic<bool> stop = false;
  std::atomic<int> reading = 0;
  Point point;
  load.team.run([&](int i) {
    if (i > 0 && step == 0) return;
    if (i > 0) {
      ++reading;
      return read_until(stop, load.readers[static_cast<std::size_t>(i)], kDelays[step]);
    }
    while (step > 0 && reading + 1 < load.team.size()) idle(100);
    point.latency_s = load.ring.time(kSteps / 8, kSteps);
    stop = true;
  });
  for (const Reader& r : load.readers)
    if (step > 0 && r.seconds > 0) point.bandwidth += r.byte / r.seconds;
  return point;
}

/// First touch of each part by the processor that uses it.
void fill(Load& load, double traffic_byte) {
  const auto part = static_cast<std::size_t>(traffic_byte) / sizeof(double);
  load.team.run([&](int i) {
    if (i == 0) return load.ring.link();
    Reader& r = load.readers[static_cast<std::size_t>(i)];
    r.words = load.traffic.as<double>() + static_cast<std::size_t>(i - 1) * part;
    r.count = part;
    for (std::size_t k = 0; k < part; ++k) r.words[k] = random_unit(static_cast<std::uint64_t>(i), k);
  });
}

bool reads_right(const Load& load) {
  return std::all_of(load.readers.begin() + 1, load.readers.end(), [](const Reader& r) {
    return read_parity(r.words, kBurst) == plain_parity(r.words, kBurst);
  });
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("latency.loaded.", context)) return outcome;
  const std::size_t cpus = context.topology.allowed.size();
  if (cpus < 2)
    return give_up(std::move(outcome), ProbeStatus::unavailable,
                   {ErrorKind::unavailable, "nobody can load the memory beside the chase",
                    "one processor is allowed to this process",
                    "allow it more (taskset, cpuset, more virtual processors)"});
  const double ring_byte = std::floor(std::min(kRing, context.memory_limit_byte / 3) / kLineByte) * kLineByte;
  const double burst_byte = kBurst * sizeof(double), readers = static_cast<double>(cpus - 1);
  const double wanted = std::min(kTraffic, context.memory_limit_byte / 2 / readers);
  const double traffic_byte = std::max(1.0, std::floor(wanted / burst_byte)) * burst_byte;
  auto memory = ring_memory(static_cast<std::size_t>(ring_byte));
  auto traffic = Buffer::make(static_cast<std::size_t>(traffic_byte * readers));
  for (const auto* buffer : {&memory, &traffic})
    if (!*buffer) return give_up(std::move(outcome), ProbeStatus::unavailable, buffer->error());
  char* const base = first_line(*memory);
  Load load{std::move(*memory), std::move(*traffic), Team(context.topology.allowed),
            Ring({base}, static_cast<std::uint32_t>(ring_byte / kLineByte), 13), std::vector<Reader>(cpus)};
  fill(load, traffic_byte);
  if (!reads_right(load))
    return give_up(std::move(outcome), ProbeStatus::failed,
                   {ErrorKind::failed_check, "a checksum is wrong", "", "test the machine's memory"});
  std::map<std::string, std::vector<double>> bandwidths;
  std::vector<Cell> cells;
  const std::string words = "probe loaded_latency: chase over " + show_bytes(ring_byte) +
                            " on 1 processor, " + std::to_string(cpus - 1) + " reading, step ";
  for (std::size_t step = 0; step < std::size(kDelays); ++step) {
    const std::string key = "latency.loaded." + std::to_string(step);
    cells.push_back({key, "s", words + std::to_string(step), [&load, &bandwidths, key, step] {
                       const Point p = sample(load, step);
                       bandwidths[key].push_back(p.bandwidth);
                       return p.latency_s;
                     }});
  }
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  if (!load.ring.right()) return give_up(std::move(outcome), ProbeStatus::failed, wrong_walk());
  std::vector<Samples> more;
  for (const Samples& s : outcome.samples) {
    if (s.key == "latency.loaded.0") continue;  // nobody reads
    std::vector<double>& b = bandwidths[s.key];
    b.erase(b.begin(), b.end() - std::ssize(s.values));  // the warm-up round
    more.push_back({s.key + ".bandwidth", "byte/s", s.source, b});
  }
  std::ranges::move(more, std::back_inserter(outcome.samples));
  return outcome;
}

}  // namespace

extern const Probe loaded_latency_probe;
const Probe loaded_latency_probe{
    .id = "loaded_latency",
    .summary = "latency of memory while the other processors read it",
    .method =
        "random pointer chase over 128 MiB on one processor while every other one reads 64 KiB at a time of "
        "its "
        "own 64 MiB with a shorter and shorter pause between (steps 1 to 7; step 0 is without traffic); "
        "latency.loaded.<step> and the readers' bandwidth in latency.loaded.<step>.bandwidth; 30,000 steps a "
        "sample; median",
    .measures = true,
    .revisit = true,
    .rank = 56,
    .seconds = {0, 6, 40},
    .run = run};

}  // namespace ridgepoint
