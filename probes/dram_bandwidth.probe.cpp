// SPDX-License-Identifier: Apache-2.0
// DRAM bandwidth: read, copy and triad over arrays far beyond the caches, 1..n threads.
#include <cmath>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/measure.h"
#include "probes/sampler.h"
#include "probes/simd_stream.h"

namespace ridgepoint {
namespace {

constexpr double kScale = 3.0;
constexpr std::size_t kGrain = 4096;  // elements; shares begin on a page and on whole vectors

struct Arrays {
  Buffer a, b, c;
  std::size_t n;
};

/// Bytes of one array: 4x the total last-level cache over the three of them, at least 64 MiB each, within the
/// limit.
double array_bytes(const ProbeContext& context) {
  double cache = 0;
  for (const CacheLevel& level : context.topology.caches)
    cache = std::max(cache, level.size_byte * std::max(1, level.instances));
  const double wanted = std::max(64 * kMebi, cache * 4 / 3 * 2);
  return std::min(wanted, context.memory_limit_byte / 3);
}

Result<Arrays> make_arrays(double bytes, Team& team) {
  const std::size_t n = static_cast<std::size_t>(bytes) / sizeof(double) / kGrain * kGrain;
  auto a = Buffer::make(n * sizeof(double)), b = Buffer::make(n * sizeof(double)),
       c = Buffer::make(n * sizeof(double));
  for (const auto* buffer : {&a, &b, &c})
    if (!*buffer) return tl::make_unexpected(buffer->error());
  Arrays arrays{std::move(*a), std::move(*b), std::move(*c), n};
  team.run([&](int i) {  // first touch by the threads that will use it, random data
    const Share share = share_of(n, i, team.size(), kGrain);
    for (std::size_t k = share.begin; k < share.end; ++k) {
      arrays.a.as<double>()[k] = random_unit(1, k);
      arrays.b.as<double>()[k] = random_unit(2, k);
      arrays.c.as<double>()[k] = -1;
    }
  });
  return arrays;
}

struct Pattern {
  std::string name;
  double bytes_per_element;
  void (*body)(const Arrays&, Share, double&);
};

const Pattern kPatterns[] = {{"read", 8,
                              [](const Arrays& x, Share s, double& sink) {
                                sink = stream_read(x.a.as<double>() + s.begin, s.end - s.begin);
                              }},
                             {"copy", 16,
                              [](const Arrays& x, Share s, double&) {
                                stream_copy(x.a.as<double>() + s.begin, x.c.as<double>() + s.begin,
                                            s.end - s.begin);
                              }},
                             {"triad", 24, [](const Arrays& x, Share s, double&) {
                                stream_triad(x.a.as<double>() + s.begin, x.b.as<double>() + s.begin, kScale,
                                             x.c.as<double>() + s.begin, s.end - s.begin);
                              }}};

/// Is c = a + factor * b, in every 997th element, exactly (one rounding with FMA, two without)?
bool holds(const Arrays& x, double factor) {
  for (std::size_t k = 0; k < x.n; k += 997) {
    const double want = x.a.as<double>()[k] + factor * x.b.as<double>()[k];
    if (std::abs(x.c.as<double>()[k] - want) > 4e-16 * want) return false;
  }
  return true;
}

/// Runs each pattern once and checks its answer, before its time counts. The sum is compared with one of
/// another order, so to the rounding of n terms.
bool answers_right(const Arrays& x, Team& team) {
  std::vector<double> sums(static_cast<std::size_t>(team.size()));
  const auto once = [&](const Pattern& pattern) {
    team.run([&](int i) {
      pattern.body(x, share_of(x.n, i, team.size(), kGrain), sums[static_cast<std::size_t>(i)]);
    });
  };
  once(kPatterns[0]);
  double sum = 0, plain = 0;
  for (const double part : sums) sum += part;
  for (std::size_t k = 0; k < x.n; ++k) plain += x.a.as<double>()[k];
  if (std::abs(sum - plain) > 1e-16 * static_cast<double>(x.n) * plain) return false;
  once(kPatterns[1]);
  if (!holds(x, 0)) return false;
  once(kPatterns[2]);
  return holds(x, kScale);
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!any_asked_for("memory.dram.bandwidth.", context)) return outcome;
  const std::vector<int> counts = thread_counts(context.topology);
  std::vector<std::unique_ptr<Team>> teams;
  teams.reserve(counts.size());
  for (const int n : counts) teams.push_back(std::make_unique<Team>(cpus_for(context.topology, n)));
  const auto arrays = make_arrays(array_bytes(context), *teams.back());
  if (!arrays) return give_up(std::move(outcome), ProbeStatus::unavailable, arrays.error());
  const auto elements = static_cast<double>(arrays->n);
  if (!answers_right(*arrays, *teams.back()))
    return give_up(
        std::move(outcome), ProbeStatus::failed,
        {ErrorKind::failed_check, "a sum, copy or triad is wrong", "", "test the machine's memory"});

  std::vector<double> sink(static_cast<std::size_t>(counts.back()) * 8);
  const std::string source = "probe dram_bandwidth: 3 arrays of " + show_bytes(elements * 8) + ", " +
                             stream_isa() + ", non-temporal stores, program bytes, ";
  std::vector<Cell> cells;
  for (const auto& team : teams)
    for (const Pattern& pattern : kPatterns) {
      const int n = team->size();
      cells.push_back({"memory.dram.bandwidth." + pattern.name + "." + std::to_string(n) + "t", "byte/s",
                       source + std::to_string(n) + (n == 1 ? " thread" : " threads"),
                       [&, pass = team.get()] {
                         const double t = pass->timed_run([&](int i) {
                           pattern.body(*arrays, share_of(arrays->n, i, pass->size(), kGrain),
                                        sink[static_cast<std::size_t>(i) * 8]);
                         });
                         return pattern.bytes_per_element * elements / t;
                       }});
    }
  if (!sample_cells(cells, rule_for(context), outcome)) return stopped(std::move(outcome));
  if (!arrays->a.huge_pages_requested())
    outcome.warnings.push_back({"no-huge-pages", "the kernel refused huge pages for the bandwidth arrays",
                                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"});
  return outcome;
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  machine_figures(thread_counts(context.topology).back(), outcome);
}

}  // namespace

extern const Probe dram_bandwidth_probe;
const Probe dram_bandwidth_probe{
    .id = "dram_bandwidth",
    .summary = "DRAM read, copy and triad bandwidth at 1..n threads",
    .method =
        "sum, copy and triad of doubles over arrays of several times the last-level cache, first touched by "
        "their threads, random data, huge pages asked for, non-temporal stores; bytes are those of the loop "
        "(read 8, copy 16, triad 24 per element; no write-allocate occurs); patterns and thread counts "
        "interleaved; answers checked first; median",
    .measures = true,
    .revisit = true,
    .rank = 51,
    .seconds = {3, 10, 40},
    .run = run,
    .conclude = conclude};

}  // namespace ridgepoint
