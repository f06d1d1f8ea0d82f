// SPDX-License-Identifier: Apache-2.0
// Latency: a dependent chain of loads through a random cycle over cache lines, over growing working sets.
#include <cmath>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/measure.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kLine = 64;
constexpr double kFootprint = 256 * kMebi;
constexpr double kLeastFootprint = 16 * kKibi;
constexpr std::size_t kSteps = 60000;  // about 10 ms a sample at 150 ns
// A ring of up to so many lines (16 MiB) is walked once before each sample: other cells have evicted it.
constexpr std::size_t kWarm = 1 << 18;

struct Node {
  Node* next;
  char rest[kLine - sizeof(void*)];
};
static_assert(sizeof(Node) == kLine);

/// One cycle through all lines in random order (Sattolo 1986), so that no prefetcher can guess the next one.
void build_cycle(Node* nodes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) nodes[i].next = &nodes[i];
  for (std::size_t i = count - 1; i > 0; --i)
    std::swap(nodes[i].next, nodes[random_below(7, i, static_cast<std::uint32_t>(i))].next);
}

/// One cycle and where the last sample ended: the next goes on from there, so that no line of a ring beyond
/// the caches is met while it is still cached.
struct Ring {
  Node* position;
  std::size_t lines;
};

void walk(Ring& ring, std::size_t steps) {
  Node* p = ring.position;
  for (std::size_t i = 0; i < steps; ++i) p = p->next;
  ring.position = p;
}

double latency_of(Ring& ring, Team& team) {
  if (ring.lines <= kWarm) team.run([&](int) { walk(ring, ring.lines); });
  return team.timed_run([&](int) { walk(ring, kSteps); }) / static_cast<double>(kSteps);
}

/// Working sets in octaves below a quarter of the largest, then the largest.
std::vector<double> footprints(double largest) {
  std::vector<double> list;
  for (double bytes = kLeastFootprint; bytes <= largest / 4; bytes *= 2) list.push_back(bytes);
  list.push_back(largest);
  return list;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  if (!any_asked_for("memory.dram.latency", context) && !any_asked_for("latency.curve.", context))
    return outcome;
  // The rings below the largest are half as large as it together.
  const double largest = std::floor(std::min(kFootprint, context.memory_limit_byte / 1.5) / kLine) * kLine;
  const auto buffer = Buffer::make(static_cast<std::size_t>(largest * 1.5));
  if (!buffer) return give_up(std::move(outcome), ProbeStatus::unavailable, buffer.error());
  Team team(cpus_for(context.topology, 1));
  const std::vector<double> sizes = footprints(largest);
  std::vector<Ring> rings;
  Node* free = buffer->as<Node>();
  for (const double bytes : sizes) {
    rings.push_back({free, static_cast<std::size_t>(bytes) / kLine});
    team.run([&](int) { build_cycle(rings.back().position, rings.back().lines); });
    free += rings.back().lines;
    if (Interrupt::requested()) return stopped(std::move(outcome));
  }
  const std::string source = "probe dram_latency: dependent loads, random cycle, 1 thread, huge pages " +
                             std::string(buffer->huge_pages_requested() ? "asked for" : "refused") +
                             ", over ";
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < rings.size(); ++i)
    cells.push_back({"latency.curve." + std::to_string(static_cast<std::int64_t>(sizes[i])), "s",
                     source + show_bytes(sizes[i]),
                     [&team, &ring = rings[i]] { return latency_of(ring, team); }, false});
  cells.push_back({"memory.dram.latency", "s", source + show_bytes(largest),
                   [&team, &ring = rings.back()] { return latency_of(ring, team); }});
  if (!sample_cells(cells, rule_for(context), outcome)) return stopped(std::move(outcome));
  return outcome;
}

}  // namespace

extern const Probe dram_latency_probe;
const Probe dram_latency_probe{
    .id = "dram_latency",
    .summary = "latency of a dependent load over growing working sets; DRAM",
    .method =
        "pointer chase through one random cycle over all 64-byte lines of 16 KiB to 64 MiB in octaves and of "
        "256 MiB (memory.dram.latency), one pinned thread, huge pages asked for (page walks are included "
        "where they are refused); 60,000 steps a sample; rings of up to 16 MiB walked once before; median",
    .measures = true,
    .revisit = true,
    .rank = 52,
    .seconds = {2, 5, 15},
    .run = run};

}  // namespace ridgepoint
