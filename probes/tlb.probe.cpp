// SPDX-License-Identifier: Apache-2.0
// Address translation: a pointer chase with one line a small page, beside one through as many dense lines.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "model/core/format.h"
#include "model/core/team.h"
#include "model/core/units.h"
#include "probes/chase.h"
#include "probes/measure.h"
#include "probes/sampler.h"
#include "probes/tlb_facts.h"

namespace ridgepoint {
namespace {

constexpr std::uint32_t kLeastPages = 8;
constexpr double kQuick = 64 * kMebi, kLargest = 256 * kMebi;  ///< as pages of 4 KiB
constexpr std::uint64_t kLeastSteps = 5000;
constexpr double kSample_s = 0.0008;

std::size_t page_byte() {
  const long page = ::sysconf(_SC_PAGESIZE);
  return page > 0 ? static_cast<std::size_t>(page) : 4096;
}

struct Walked {
  Ring ring;
  std::uint64_t steps = 0;
};

/// Steps of half an octave: 8, 12, 16, 24 ... pages.
std::vector<std::uint32_t> page_counts(std::uint32_t most) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t n = kLeastPages; n <= most; n *= 2) {
    out.push_back(n);
    if (n / 2 * 3 <= most) out.push_back(n / 2 * 3);
  }
  return out;
}

double latency_of(Walked& walked, Team& team) {
  double seconds = 0;
  team.run([&](int) {
    if (walked.steps == 0) walked.steps = steps_for(walked.ring, kSample_s, kLeastSteps);
    seconds = walked.ring.time(walked.ring.lines(), walked.steps);
  });
  return seconds;
}

/// Rings of both kinds. Those of one kind share their memory: each goes through lines of its own.
struct Rings {
  std::vector<Walked> spread, dense;
};

Rings make_rings(const std::vector<std::uint32_t>& counts, char* pages, char* lines, Team& team) {
  const std::size_t page = page_byte(), spread = page / kLineByte;
  Rings out;
  std::size_t begun = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.spread.push_back({Ring({pages, page, spread, 5 * i}, counts[i], counts[i])});
    out.dense.push_back({Ring({lines + begun * kLineByte}, counts[i], counts[i] + 1u)});
    begun += counts[i];
    team.run([&](int) {
      out.spread.back().ring.link();
      out.dense.back().ring.link();
    });
  }
  return out;
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  if (!any_asked_for("tlb.", context)) return outcome;
  const std::size_t page = page_byte();
  const double wanted =
      (context.level <= Level::quick ? kQuick : kLargest) * static_cast<double>(page) / 4096;
  const double bytes = std::min(wanted, context.memory_limit_byte / 1.1);
  const auto counts = page_counts(static_cast<std::uint32_t>(bytes / static_cast<double>(page)));
  const auto pages = Buffer::make(static_cast<std::size_t>(bytes) + page);
  std::size_t lines = 0;
  for (const std::uint32_t n : counts) lines += n;
  const auto dense = ring_memory(lines * kLineByte);
  for (const auto* buffer : {&pages, &dense})
    if (!*buffer) return give_up(std::move(outcome), ProbeStatus::unavailable, buffer->error());
  if (::madvise(pages->as<void>(), pages->bytes(), MADV_NOHUGEPAGE) != 0 && errno != EINVAL)
    return give_up(std::move(outcome), ProbeStatus::unavailable,
                   {ErrorKind::unavailable, "the kernel refused to leave huge pages out",
                    std::strerror(errno), "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"});
  Team team(cpus_for(context.topology, 1));
  Rings rings = make_rings(counts, pages->as<char>(), first_line(*dense), team);
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string reach = std::to_string(counts[i] * page);
    const std::string words = show_number(counts[i]);
    cells.push_back({"tlb.curve." + reach, "s",
                     "probe tlb: chase through a line in each of " + words + " pages",
                     [&team, &r = rings.spread[i]] { return latency_of(r, team); }, false});
    cells.push_back({"tlb.dense." + reach, "s", "probe tlb: chase through " + words + " dense lines",
                     [&team, &r = rings.dense[i]] { return latency_of(r, team); }, false});
  }
  if (!sample_cells(cells, rule_within(context, watch), outcome)) return stopped(std::move(outcome));
  for (const auto* kind : {&rings.spread, &rings.dense})
    for (const Walked& w : *kind)
      if (!w.ring.right()) return give_up(std::move(outcome), ProbeStatus::failed, wrong_walk());
  return outcome;
}

}  // namespace

extern const Probe tlb_probe;
const Probe tlb_probe{.id = "tlb",
                      .summary = "reach of the address-translation buffers; cost of a page walk",
                      .method =
                          "pointer chase through one line in each of 8 to 65,536 small pages (huge pages "
                          "refused by madvise), half "
                          "octaves, each in another place of its page, beside a chase through as many dense "
                          "lines in huge pages: "
                          "the difference is translation; tlb.reach.l1 and .l2 are the knees of it, "
                          "tlb.walk.latency what a load "
                          "pays at the last plateau; rings walked once before; one pinned thread",
                      .measures = true,
                      .revisit = true,
                      .rank = 53,
                      .seconds = {0.3, 2, 15},
                      .run = run,
                      .conclude = conclude_tlb};

}  // namespace ridgepoint
