// SPDX-License-Identifier: Apache-2.0
// DRAM latency: a dependent chain of loads through a random cycle over cache lines.
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
constexpr std::size_t kSteps = 60000;  // about 10 ms a sample at 150 ns

struct Node {
  Node* next;
  char rest[kLine - sizeof(Node*)];
};
static_assert(sizeof(Node) == kLine);

/// One cycle through all lines in random order (Sattolo 1986), so that no prefetcher can guess the next one.
void build_cycle(Node* nodes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) nodes[i].next = &nodes[i];
  for (std::size_t i = count - 1; i > 0; --i)
    std::swap(nodes[i].next, nodes[random_below(7, i, static_cast<std::uint32_t>(i))].next);
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const double bytes = std::min(kFootprint, context.memory_limit_byte);
  const auto buffer = Buffer::make(static_cast<std::size_t>(bytes));
  if (!buffer) {
    outcome.status = ProbeStatus::unavailable;
    outcome.reason = buffer.error().what;
    outcome.fix = buffer.error().fix;
    return outcome;
  }
  const std::size_t count = static_cast<std::size_t>(bytes) / kLine;
  Team team(cpus_for(context.topology, 1));
  Node* position = buffer->as<Node>();
  team.run([&](int) { build_cycle(position, count); });
  const Cell chase{"memory.dram.latency", "s",
                   "probe dram_latency: dependent loads, random cycle over " + show_bytes(bytes) +
                       ", 1 thread, huge pages " + (buffer->huge_pages_requested() ? "asked for" : "refused"),
                   [&] {
                     const double t = team.timed_run([&](int) {
                       Node* p = position;
                       for (std::size_t i = 0; i < kSteps; ++i) p = p->next;
                       position = p;  // the next sample goes on from here: no line is met while still cached
                     });
                     return t / static_cast<double>(kSteps);
                   }};
  if (!sample_cells({chase}, rule_for(context), outcome)) return stopped(std::move(outcome));
  return outcome;
}

}  // namespace

extern const Probe dram_latency_probe;
const Probe dram_latency_probe{
    .id = "dram_latency",
    .summary = "DRAM load-to-use latency",
    .method =
        "pointer chase through one random cycle over all 64-byte lines of 256 MiB, one pinned thread, huge "
        "pages asked for (page walks are included where they are refused); 60,000 steps a sample, median of ",
    .measures = true,
    .revisit = true,
    .rank = 52,
    .seconds = {1, 3, 10},
    .run = run};

}  // namespace ridgepoint
