// SPDX-License-Identifier: Apache-2.0
// Latency: a dependent chain of loads through a random cycle over cache lines, over growing working sets.
#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/chase.h"
#include "probes/latency_facts.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kLargest = 256 * kMebi, kLeast = 8 * kKibi;
/// Beyond, a ring costs more time than half an octave tells.
constexpr double kHalvesBelow = 32 * kMebi, kQuickHalvesBelow = 4 * kMebi;
constexpr double kSample_s = 0.0015;
constexpr std::uint64_t kLeastSteps = 40000;
/// A ring of up to so many lines (16 MiB) is walked once before each sample: other cells have evicted it.
constexpr std::uint32_t kWarm = 1 << 18;
/// Up to so many lines (4 MiB) three times: a cache may keep what it has at first sight of something new.
constexpr std::uint32_t kWarmThrice = 1 << 16;
/// Larger ones are walked so far, for the page tables.
constexpr std::uint64_t kLeastWarm = 5000;

/// Octaves with a half-octave between them, so that a cache's size is known to half an octave; the largest.
std::vector<double> footprints(double largest, double halves_below) {
  std::vector<double> list;
  for (double bytes = kLeast; bytes < largest; bytes *= 2) {
    list.push_back(bytes);
    if (bytes * 1.5 < std::min(largest, halves_below)) list.push_back(bytes * 1.5);
  }
  list.push_back(largest);
  return list;
}

struct Walked {
  Ring ring;
  std::uint64_t steps = 0;  ///< a sample
};

struct Rings {
  Buffer memory;
  std::vector<Walked> rings;  ///< in the order of the sizes
};

/// Working sets beyond the warm ones share the memory of the largest, each with a word of the lines of its
/// own: a sample touches so few of them that they do not warm each other.
bool shares(double bytes) { return bytes > kWarm * static_cast<double>(kLineByte); }

Result<Rings> make_rings(const std::vector<double>& sizes, Team& team) {
  double total = sizes.back();
  for (const double s : sizes) total += shares(s) ? 0 : s;
  auto memory = ring_memory(static_cast<std::size_t>(total));
  if (!memory) return tl::make_unexpected(memory.error());
  char* const shared = first_line(*memory);
  char* free = shared + static_cast<std::size_t>(sizes.back());
  std::size_t word = 0;
  Rings out{std::move(*memory), {}};
  for (auto bytes = sizes.rbegin(); bytes != sizes.rend() && !Interrupt::requested(); ++bytes) {
    const auto size = static_cast<std::size_t>(*bytes);
    const bool within = shares(*bytes) || bytes == sizes.rbegin();
    char* const base = within ? shared + sizeof(Link) * word++ : free;
    if (!within) free += size;
    const auto lines = static_cast<std::uint32_t>(size / kLineByte);
    out.rings.push_back({Ring({base}, lines, size)});
    team.run([&](int) { out.rings.back().ring.link(); });
  }
  std::ranges::reverse(out.rings);
  return out;
}

double latency_of(Walked& walked, Team& team) {
  double seconds = 0;
  team.run([&](int) {
    Ring& ring = walked.ring;
    if (walked.steps == 0) walked.steps = steps_for(ring, kSample_s, kLeastSteps);
    std::uint64_t warm = kLeastWarm;
    if (ring.lines() <= kWarm) warm = ring.lines();
    // Half a sample's steps: a thread that has just woken runs slower for some hundred microseconds.
    if (ring.lines() <= kWarmThrice) warm = std::max<std::uint64_t>(3 * ring.lines(), walked.steps / 2);
    seconds = ring.time(warm, walked.steps);
  });
  return seconds;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("memory.dram.latency", context) && !any_asked_for("latency.curve.", context))
    return outcome;
  // The rings that do not share its memory are a third of it together.
  const double largest = std::floor(std::min(kLargest, context.memory_limit_byte / 1.5) / kKibi) * kKibi;
  Team team(cpus_for(context.topology, 1));
  const std::vector<double> sizes =
      footprints(largest, context.level == Level::quick ? kQuickHalvesBelow : kHalvesBelow);
  auto made = make_rings(sizes, team);
  if (!made) return give_up(std::move(outcome), ProbeStatus::unavailable, made.error());
  if (Interrupt::requested()) return stopped(std::move(outcome));
  const bool huge = made->memory.huge_pages_requested();
  const std::string source = "probe dram_latency: dependent loads, random cycle, 1 thread, huge pages " +
                             std::string(huge ? "asked for" : "refused") + ", over ";
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    cells.push_back({"latency.curve." + std::to_string(static_cast<std::int64_t>(sizes[i])), "s",
                     source + show_bytes(sizes[i]),
                     [&team, &walked = made->rings[i]] { return latency_of(walked, team); }, false});
  cells.push_back({"memory.dram.latency", "s", source + show_bytes(largest),
                   [&team, &walked = made->rings.back()] { return latency_of(walked, team); }});
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  for (const Walked& walked : made->rings)
    if (!walked.ring.right()) return give_up(std::move(outcome), ProbeStatus::failed, wrong_walk());
  return outcome;
}

}  // namespace

extern const Probe dram_latency_probe;
const Probe dram_latency_probe{
    .id = "dram_latency",
    .summary = "latency of a dependent load over growing working sets; DRAM; cache sizes",
    .method =
        "pointer chase through one random cycle over all 64-byte lines of 8 KiB to 256 MiB "
        "(memory.dram.latency), half octaves up to 32 MiB (quick: 4 MiB), then octaves; one pinned thread, "
        "huge pages asked "
        "for (page walks are included where they are refused); about 1.5 ms a sample, at least 40,000 steps; "
        "rings of up to 16 MiB walked before (once, up to 4 MiB three times); every walk must end where "
        "computed; median; cache sizes "
        "from the knees",
    .measures = true,
    .revisit = true,
    .rank = 52,
    .seconds = {1.2, 5, 15},
    .run = run,
    .conclude = conclude_latency};

}  // namespace ridgepoint
