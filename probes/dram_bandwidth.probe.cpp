// SPDX-License-Identifier: Apache-2.0
// DRAM bandwidth over arrays far beyond the caches, 1..n threads. Keys:
// memory.dram.bandwidth.<pattern>[.<n>t] with non-temporal stores (bytes of the loop are bytes of the bus),
// .<pattern>.cached[.<n>t] with ordinary stores, .<pattern>.cached.bus with the lines these read before
// writing, .<pattern>.saturation.
#include <algorithm>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/simd_stream.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/dram_follow_up.h"
#include "probes/measure.h"
#include "probes/parse.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kGrain = 4096;  // elements; shares begin on a page and on whole vectors
constexpr std::size_t kWindow = 32 * 1024 * 1024 / sizeof(double);  // a thread's part of one sample

struct Arrays {
  Buffer a, b, c;
  std::size_t n;
};

/// Bytes of one array: four times the total last-level cache over the three of them, at least 64 MiB each,
/// within the limit.
double array_bytes(const ProbeContext& context) {
  double cache = 0;
  for (const CacheLevel& level : context.topology.caches)
    cache = std::max(cache, level.size_byte * std::max(1, level.instances));
  return std::min(std::max(64 * kMebi, cache * 4 / 3), context.memory_limit_byte / 3);
}

Result<Arrays> make_arrays(double bytes, Team& team) {
  const std::size_t n =
      std::max<std::size_t>(1, static_cast<std::size_t>(bytes) / sizeof(double) / kGrain) * kGrain;
  auto a = Buffer::make(n * sizeof(double)), b = Buffer::make(n * sizeof(double)),
       c = Buffer::make(n * sizeof(double));
  for (const auto* buffer : {&a, &b, &c})
    if (!*buffer) return tl::make_unexpected(buffer->error());
  Arrays arrays{std::move(*a), std::move(*b), std::move(*c), n};
  std::vector<double> pattern_a(kGrain),
      pattern_b(kGrain);  // random words, repeated: filling is most of the time
  for (std::size_t k = 0; k < kGrain; ++k) {
    pattern_a[k] = random_unit(1, k);
    pattern_b[k] = random_unit(2, k);
  }
  team.run([&](int i) {  // first touch by the threads that will use it
    const Share share = share_of(n, i, team.size(), kGrain);
    for (std::size_t k = share.begin; k < share.end; k += kGrain) {  // shares are whole grains
      std::copy_n(pattern_a.data(), kGrain, arrays.a.as<double>() + k);
      std::copy_n(pattern_b.data(), kGrain, arrays.b.as<double>() + k);
      std::fill_n(arrays.c.as<double>() + k, kGrain, -1.0);
    }
  });
  return arrays;
}

StreamArgs args_of(const Arrays& x, std::size_t begin, std::size_t end) {
  StreamArgs args;
  args.a = x.a.as<double>() + begin;
  args.b = x.b.as<double>() + begin;
  args.c = x.c.as<double>() + begin;
  args.n = end - begin;
  args.factor = 3;
  return args;
}

/// Each sample takes the next window of every thread's share, so that it is short however large the arrays
/// are and a line is met again only after the whole of its array has passed.
class Windows {
 public:
  Windows(const Arrays& arrays, Team& team) : arrays_(arrays), team_(team) {}

  int threads() const { return team_.size(); }

  /// Elements a second of one sample.
  double rate(void (*kernel)(StreamArgs&)) {
    std::vector<std::size_t> done(static_cast<std::size_t>(team_.size()));
    const double t = team_.timed_run([&](int i) {
      const Share share = share_of(arrays_.n, i, team_.size(), kGrain);
      const std::size_t size = share.end - share.begin;
      const std::size_t window = std::min(size, kWindow),
                        count = std::max<std::size_t>(1, size / std::max<std::size_t>(1, window));
      const std::size_t begin = share.begin + turn_ % count * window;
      StreamArgs args = args_of(arrays_, begin, begin + window);
      kernel(args);
      done[static_cast<std::size_t>(i)] = window;
    });
    ++turn_;
    double elements = 0;
    for (const std::size_t n : done) elements += static_cast<double>(n);
    return elements / t;
  }

 private:
  const Arrays& arrays_;
  Team& team_;
  std::size_t turn_ = 0;
};

/// What of this process lies in transparent huge pages now; nothing where the kernel does not tell.
std::optional<double> huge_page_bytes(const Host& host) {
  const auto text = host.read("/proc/self/smaps_rollup");
  if (!text) return std::nullopt;
  const auto entries = parse_colon_lines(*text);
  const auto line = entries.find("AnonHugePages");
  if (line == entries.end()) return std::nullopt;
  const auto parts = words(line->second);
  const auto count = parts.empty() ? std::nullopt : parse_count(parts[0]);
  return count ? std::optional(static_cast<double>(*count) * kKibi) : std::nullopt;
}

bool every_pattern(const ProbeContext& context) {
  return context.level != Level::quick || !context.cells.empty();
}

bool in_quick(const StreamKernel& kernel) {
  return kernel.name == "read" || kernel.name == "copy" || kernel.name == "triad";
}

/// The patterns of one team: with non-temporal stores and, beyond the quick level, with ordinary ones.
void add_cells(const ProbeContext& context, Windows& windows, const std::string& source,
               std::vector<Cell>& cells) {
  const int n = windows.threads();
  const std::string how =
      source + std::to_string(n) + (n == 1 ? " thread" : " threads") + ", program bytes, ";
  const auto add = [&](const StreamKernel& kernel, const std::string& variant, void (*body)(StreamArgs&),
                       const char* stores) {
    cells.push_back({"memory.dram.bandwidth." + kernel.name + "." + variant + std::to_string(n) + "t",
                     "byte/s", how + stores, [&windows, body, per = kernel.bytes_per_element()] {
                       return per * windows.rate(body);
                     }});
  };
  for (const StreamKernel& kernel : stream_kernels()) {
    if (!every_pattern(context) && !in_quick(kernel)) continue;
    if (kernel.streamed == nullptr) {
      add(kernel, "", kernel.cached, "no stores");
      continue;
    }
    add(kernel, "", kernel.streamed, "non-temporal stores");
    if (every_pattern(context)) add(kernel, "cached.", kernel.cached, "ordinary stores");
  }
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("memory.dram.bandwidth.", context)) return outcome;
  const std::vector<int> counts = thread_counts(context.topology);
  std::vector<std::unique_ptr<Team>> teams;
  teams.reserve(counts.size());
  for (const int n : counts) teams.push_back(std::make_unique<Team>(cpus_for(context.topology, n)));
  const auto huge_before = huge_page_bytes(context.host);
  const auto arrays = make_arrays(array_bytes(context), *teams.back());
  if (!arrays) return give_up(std::move(outcome), ProbeStatus::unavailable, arrays.error());
  const double bytes = static_cast<double>(arrays->n) * sizeof(double);
  if (const auto huge = huge_page_bytes(context.host); huge && huge_before) {
    const double share = (*huge - *huge_before) / (3 * bytes);
    outcome.facts["memory.huge_pages.granted"] = measured(
        std::clamp(share, 0.0, 1.0), "1",
        "/proc/self/smaps_rollup: share of the bandwidth arrays in huge pages after their first touch");
  }
  if (const std::string wrong = wrong_stream_kernel(args_of(*arrays, 0, std::min(arrays->n, kWindow)), 997);
      !wrong.empty())
    return give_up(std::move(outcome), ProbeStatus::failed,
                   {ErrorKind::failed_check, "the pattern '" + wrong + "' gave a wrong answer", "",
                    "test the machine's memory"});

  const std::string source =
      "probe dram_bandwidth: 3 arrays of " + show_bytes(bytes) + ", " + stream_isa() + ", ";
  std::vector<std::unique_ptr<Windows>> windows;
  std::vector<Cell> cells;
  for (const auto& team : teams)
    add_cells(context, *windows.emplace_back(std::make_unique<Windows>(*arrays, *team)), source, cells);
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  if (!arrays->a.huge_pages_requested())
    outcome.warnings.push_back({"no-huge-pages", "the kernel refused huge pages for the bandwidth arrays",
                                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"});
  return outcome;
}

void conclude(const ProbeContext& context, ProbeOutcome& outcome) {
  const std::vector<int> counts = thread_counts(context.topology);
  add_bus_bytes(stream_kernels(), outcome);
  add_saturation(stream_kernels(), counts, outcome);
  machine_figures(counts.back(), outcome);
}

}  // namespace

extern const Probe dram_bandwidth_probe;
const Probe dram_bandwidth_probe{.id = "dram_bandwidth",
                                 .summary = "DRAM bandwidth of six patterns at 1..n threads",
                                 .method =
                                     "sum, write, copy, scale, add and triad of doubles over arrays of "
                                     "several times the last-level cache, "
                                     "first touched by their threads, random data, huge pages asked for; "
                                     "each sample the next 32 MiB of every "
                                     "thread's share; non-temporal stores (program bytes are bus bytes) and, "
                                     "at the standard level, ordinary "
                                     "ones, with program and bus bytes; patterns and thread counts "
                                     "interleaved; answers checked first; median",
                                 .measures = true,
                                 .revisit = true,
                                 .rank = 51,
                                 .seconds = {1.8, 16, 110},
                                 .run = run,
                                 .conclude = conclude};

}  // namespace ridgepoint
