// SPDX-License-Identifier: Apache-2.0
// Sorting a file of key-payload pairs that is larger than the memory given.
#include "workloads/analytics/external_sort.h"

#include <cmath>
#include <numeric>

#include "model/core/format.h"
#include "workloads/analytics/sort_kernel.h"

namespace ridgepoint {
namespace {

constexpr int kDepth = 8;
constexpr double kMiB = 1048576;
constexpr std::size_t kItems = ExternalSort::kChunk / sizeof(KeyPayload);

struct ExternalCase {
  ScratchFile input, spill, output;
  std::unique_ptr<ExternalSort> sort;
  std::shared_ptr<BlockIo> io;
  std::size_t blocks;
  std::optional<Error> trouble = {};

  BlockFile file(const ScratchFile& scratch, const char* name) const {
    return {scratch.descriptor(), 0, ExternalSort::kChunk, blocks, name};
  }
  void run() { trouble = sort->run(input.descriptor(), spill.descriptor(), output.descriptor()); }
};

/// What a pass over a file sees.
struct Seen {
  std::uint64_t sum = 0;  ///< of the marks of all items
  bool ordered = true;
};

/// Writes random pairs; the sum of their marks.
Result<Seen> generate(ExternalCase& c, std::uint64_t seed) {
  std::atomic<std::uint64_t> sum = 0;
  const auto done =
      c.io->write(c.file(c.input, "the unsorted file"), [&](int, std::size_t block, std::byte* data) {
        auto* items = reinterpret_cast<KeyPayload*>(data);
        std::uint64_t mine = 0;
        for (std::size_t i = 0; i < kItems; ++i) {
          items[i] = random_item(KeyPayload{}, seed, block * kItems + i);
          mine += item_mark(items[i]);
        }
        sum += mine;
      });
  if (!done) return tl::make_unexpected(done.error());
  return Seen{sum, true};
}

/// Reads the answer: each block by itself, then the seams.
Result<Seen> look_at(ExternalCase& c) {
  std::vector<std::uint64_t> first(c.blocks), last(c.blocks);
  std::atomic<std::uint64_t> sum = 0;
  std::atomic<bool> ordered = true;
  const auto done = c.io->read(c.file(c.output, "the sorted file"), 0, c.blocks,
                               [&](int, std::size_t block, std::byte* data) {
                                 const auto* items = reinterpret_cast<const KeyPayload*>(data);
                                 std::uint64_t mine = 0;
                                 for (std::size_t i = 0; i < kItems; ++i) {
                                   mine += item_mark(items[i]);
                                   if (i > 0 && items[i - 1].key > items[i].key) ordered = false;
                                 }
                                 sum += mine;
                                 first[block] = items[0].key;
                                 last[block] = items[kItems - 1].key;
                               });
  if (!done) return tl::make_unexpected(done.error());
  for (std::size_t b = 1; b < c.blocks; ++b)
    if (last[b - 1] > first[b]) ordered = false;
  return Seen{sum, ordered};
}

Result<std::shared_ptr<ExternalCase>> make_case(const KernelRequest& request,
                                                std::vector<Warning>& warnings) {
  const double mib = static_cast<double>(request.shape["mib"]);
  const double budget =
      std::min(static_cast<double>(request.shape["budget_mib"]) * kMiB, request.memory_limit_byte);
  if (mib * kMiB <= budget)
    return fail(ErrorKind::bad_input, "the data are not larger than the memory budget", "",
                "a larger mib or a smaller budget_mib");
  // Asked for all three at once, before anything is written.
  auto input = scratch_for(request, 3 * mib * kMiB, warnings);
  if (!input) return tl::make_unexpected(input.error());
  std::vector<Warning> same;
  auto spill = scratch_for(request, mib * kMiB, same), output = scratch_for(request, mib * kMiB, same);
  for (const auto* f : {&spill, &output})
    if (!*f) return tl::make_unexpected(f->error());
  auto team = std::make_shared<Team>(request.cpus);
  auto sort =
      ExternalSort::make(team, static_cast<std::size_t>(mib * kMiB), static_cast<std::size_t>(budget));
  if (!sort) return tl::make_unexpected(sort.error());
  auto io = BlockIo::make(team, ExternalSort::kChunk, kDepth);
  if (!io) return tl::make_unexpected(io.error());
  return std::shared_ptr<ExternalCase>(new ExternalCase{.input = std::move(*input),
                                                        .spill = std::move(*spill),
                                                        .output = std::move(*output),
                                                        .sort = std::move(*sort),
                                                        .io = std::move(*io),
                                                        .blocks = static_cast<std::size_t>(mib)});
}

Result<Prepared> prepare(const KernelRequest& request) {
  Prepared p;
  const auto made = make_case(request, p.warnings);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<ExternalCase>& c = *made;
  const auto before = generate(*c, request.seed);
  if (!before) return tl::make_unexpected(before.error());
  c->run();
  if (c->trouble) return tl::make_unexpected(*c->trouble);
  const auto after = look_at(*c);
  if (!after) return tl::make_unexpected(after.error());

  const bool right = after->ordered && after->sum == before->sum;
  const double bytes = static_cast<double>(c->blocks) * ExternalSort::kChunk,
               items = bytes / sizeof(KeyPayload);
  p.verification = {right,
                    "order of all items in the file, and the sum of a mark of each, exact; " +
                        std::to_string(c->sort->runs()) + " runs, " +
                        show_bytes(static_cast<double>(c->sort->memory_byte())) + " held of a budget of " +
                        std::to_string(request.shape["budget_mib"]) + " MiB",
                    right ? 0.0 : 1.0, 0};
  using Sort = ParallelSort<KeyPayload>;
  const double merge_op = 4 + 2 * std::log2(static_cast<double>(c->sort->runs()));
  p.cost = {.work_flop = 0,
            .read_byte = (Sort::kReadsEach + 1) * bytes,  // runs, merge
            .written_byte = (Sort::kWritesEach + 1) * bytes,
            .integer_op = std::round((Sort::kOpsEach + merge_op) * items),
            .storage_read_byte = 2 * bytes,
            .storage_written_byte = 2 * bytes};
  p.roof = storage_copy_roof(c->io, c->file(c->input, "the unsorted file"),
                             c->file(c->spill, "the spilled runs"), 4 * bytes);
  p.working_set_byte = bytes;
  p.dtype = "uint64 key, uint64 payload";
  p.isa = sort_isa();
  p.body = [c] { c->run(); };
  p.trouble = [c] { return c->trouble; };
  return p;
}

}  // namespace

extern const Kernel external_sort_workload;
const Kernel external_sort_workload{
    .id = "analytics/external-sort",
    .family = "analytics",
    .kernel_class = "external-sort",
    .summary = "a file of pairs, four times the memory: sorted runs, spill, merge",
    .default_shape = "mib=96 budget_mib=24",
    .prepare = prepare};

}  // namespace ridgepoint
