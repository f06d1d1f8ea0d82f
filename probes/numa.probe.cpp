// SPDX-License-Identifier: Apache-2.0
// Latency and read bandwidth between the processors of each NUMA node and the memory of each.
#include <algorithm>
#include <cmath>
#include <memory>

#include "model/core/format.h"
#include "model/core/random.h"
#include "model/core/simd_stream.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/chase.h"
#include "probes/measure.h"
#include "probes/numa_memory.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kLargest = 128 * kMebi;
constexpr std::uint64_t kSteps = 40000;
constexpr std::size_t kGrain = 4096;  ///< doubles

/// One pair with its memory: a ring in the first half, random words in the second.
struct Bound {
  NodePair pair;
  Buffer memory;
  std::unique_ptr<Team> one, all;
  Ring ring;
  std::vector<std::uint64_t> parities;

  std::size_t doubles() const { return ring.lines() * kLineByte / sizeof(double); }
  double* words() const { return reinterpret_cast<double*>(first_line(memory)) + doubles(); }
};

double bandwidth_of(Bound& b) {
  const double t = b.all->timed_run([&](int i) {
    const Share share = share_of(b.doubles(), i, b.all->size(), kGrain);
    b.parities[static_cast<std::size_t>(i) * 8] =
        read_parity(b.words() + share.begin, share.end - share.begin);
  });
  return static_cast<double>(b.doubles() * sizeof(double)) / t;
}

bool read_right(Bound& b) {
  bandwidth_of(b);
  std::uint64_t parity = 0;
  for (const std::uint64_t part : b.parities) parity ^= part;
  return parity == plain_parity(b.words(), b.doubles());
}

Result<Bound> bind(const NodePair& pair, double bytes) {
  auto memory = ring_memory(static_cast<std::size_t>(2 * bytes));
  if (!memory) return tl::make_unexpected(memory.error());
  if (auto ok = bind_to_node(*memory, pair.memory_node); !ok) return tl::make_unexpected(ok.error());
  char* const base = first_line(*memory);
  const auto lines = static_cast<std::uint32_t>(bytes / kLineByte);
  Bound b{pair,
          std::move(*memory),
          std::make_unique<Team>(std::vector<int>{pair.cpus.front()}),
          std::make_unique<Team>(pair.cpus),
          Ring({base}, lines, 11),
          std::vector<std::uint64_t>(pair.cpus.size() * 8)};
  b.one->run([&](int) {
    b.ring.link();
    for (std::size_t k = 0; k < b.doubles(); ++k) b.words()[k] = random_unit(1, k);
  });
  const auto at = node_of(base);
  if (at && *at != pair.memory_node)
    return fail(ErrorKind::unavailable,
                "the memory asked of node " + std::to_string(pair.memory_node) + " came from node " +
                    std::to_string(*at),
                "", "free memory on that node");
  if (!read_right(b))
    return fail(ErrorKind::failed_check, "a checksum is wrong", "", "test the machine's memory");
  return b;
}

double latency_of(Bound& b) {
  double seconds = 0;
  b.one->run([&](int) { seconds = b.ring.time(kSteps / 8, kSteps); });
  return seconds;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("memory.numa.", context)) return outcome;
  const std::vector<NodePair> pairs = node_pairs(context.topology, context.host);
  if (pairs.empty()) return outcome;
  const double share = context.memory_limit_byte / 2 / static_cast<double>(pairs.size());
  const double bytes =
      std::floor(std::min(kLargest, share) / (kGrain * sizeof(double))) * kGrain * sizeof(double);
  std::vector<std::unique_ptr<Bound>> bound;
  for (const NodePair& pair : pairs) {
    auto one = bind(pair, bytes);
    if (Interrupt::requested()) return stopped(std::move(outcome));
    if (one)
      bound.push_back(std::make_unique<Bound>(std::move(*one)));
    else
      outcome =
          give_up(std::move(outcome),
                  one.error().kind == ErrorKind::failed_check ? ProbeStatus::failed : ProbeStatus::degraded,
                  one.error());
    if (outcome.status == ProbeStatus::failed) return outcome;
  }
  std::vector<Cell> cells;
  for (const auto& b : bound) {
    const std::string name = std::to_string(b->pair.cpu_node) + "." + std::to_string(b->pair.memory_node);
    const std::string source =
        "probe numa: " + show_bytes(bytes) + " bound to node " + std::to_string(b->pair.memory_node) + ", ";
    cells.push_back({"memory.numa.latency." + name, "s", source + "dependent loads, 1 thread",
                     [b = b.get()] { return latency_of(*b); }});
    cells.push_back({"memory.numa.bandwidth." + name, "byte/s",
                     source + "read by " + std::to_string(b->all->size()) + " threads",
                     [b = b.get()] { return bandwidth_of(*b); }});
  }
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  for (const auto& b : bound)
    if (!b->ring.right()) return give_up(std::move(outcome), ProbeStatus::failed, wrong_walk());
  return outcome;
}

}  // namespace

extern const Probe numa_probe;
const Probe numa_probe{
    .id = "numa",
    .summary = "latency and read bandwidth of each pair of NUMA nodes",
    .method =
        "for each node with processors and each with memory, where there is more than one node: memory bound "
        "by "
        "mbind and its place checked; memory.numa.latency.<cpu node>.<memory node> by a random pointer chase "
        "on "
        "one processor, memory.numa.bandwidth.<cpu node>.<memory node> by reading on all of the node's; "
        "median",
    .measures = true,
    .revisit = true,
    .rank = 57,
    .seconds = {0, 2, 10},
    .run = run};

}  // namespace ridgepoint
