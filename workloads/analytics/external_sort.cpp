// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/external_sort.h"

#include <algorithm>
#include <cerrno>
#include <future>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "workloads/analytics/run_merge.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kPage = 4096, kHugePage = 2U << 20, kChunksInFlight = 8;
constexpr std::size_t kGoodBlock = 256U << 10, kMostRequests = 128;  ///< of the merge, a part

/// Roughly what a member's sort owns beside the arrays.
constexpr std::size_t kMemberByte = sizeof(SortMemory) + kBucketByte;

/// A stretch of a file that goes into or out of a buffer.
struct Flow {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::size_t bytes = 0;  ///< 0: nothing to do
};

/// Writes one run out of a buffer and reads another into it, chunk by chunk; they may differ in length.
class Exchange {
 public:
  Exchange(IoQueue& queue, std::byte* buffer, const Flow& out, const Flow& in)
      : queue_(queue), buffer_(buffer), out_(out), in_(in) {}

  std::optional<Error> run() {
    for (std::size_t i = 0; i < kChunksInFlight; ++i) start();
    std::vector<IoDone> back;
    while (queue_.in_flight() > 0) {
      back.clear();
      if (const int code = queue_.wait(back); code != 0)
        return storage_trouble("wait for the scratch files", code, kRunFolder);
      if (Interrupt::requested() && !trouble_)
        trouble_ = Error{ErrorKind::interrupted, "the sort was stopped", "", "run it again"};
      for (const IoDone& d : back) answer(d);
    }
    return trouble_;
  }

 private:
  static constexpr std::size_t kChunk = ExternalSort::kChunk;

  void send(std::size_t chunk, bool write) {
    const Flow& f = write ? out_ : in_;
    queue_.send({write, f.descriptor, buffer_ + chunk * kChunk, kChunk, f.offset + chunk * kChunk,
                 static_cast<std::uint32_t>(2 * chunk + (write ? 1U : 0U))});
  }

  void start() {
    if (trouble_ || next_ * kChunk >= std::max(out_.bytes, in_.bytes)) return;
    const std::size_t chunk = next_++;
    send(chunk, chunk * kChunk < out_.bytes);
  }

  void answer(const IoDone& d) {
    const std::size_t chunk = d.tag / 2;
    const bool wrote = d.tag % 2 == 1;
    if (d.moved != static_cast<int>(kChunk) && !trouble_)
      trouble_ = storage_trouble(wrote ? "spill a run" : "read the unsorted file",
                                 d.moved < 0 ? -d.moved : EIO, kRunFolder);
    if (!trouble_ && wrote && chunk * kChunk < in_.bytes)
      send(chunk, false);
    else
      start();
  }

  IoQueue& queue_;
  std::byte* buffer_;
  Flow out_, in_;
  std::size_t next_ = 0;
  std::optional<Error> trouble_ = {};
};

struct MergePlan {
  int parts;
  MergeBlocks blocks;
};

/// As many parts as members where their blocks are not too small, and as many blocks a run as there are of a
/// size that a device likes.
MergePlan divide(std::size_t arena_byte, std::size_t runs, int members) {
  const auto block_of = [&](int parts, const MergeBlocks& b) {
    return std::min(ExternalSort::kChunk,
                    arena_byte / (static_cast<std::size_t>(parts) * b.count(runs)) / kPage * kPage);
  };
  MergePlan plan{members, {}};
  while (plan.parts > 1 && block_of(plan.parts, plan.blocks) < ExternalSort::kLeastBlock) --plan.parts;
  plan.blocks.byte = block_of(plan.parts, plan.blocks);
  for (const std::size_t each : {std::size_t{3}, std::size_t{4}}) {
    MergeBlocks more{.byte = 0, .each = each, .out = 4 * each};
    more.byte = block_of(plan.parts, more);
    if (more.byte >= kGoodBlock && more.count(runs) <= kMostRequests) plan.blocks = more;
  }
  return plan;
}

}  // namespace

ExternalSort::ExternalSort(std::shared_ptr<Team> team, std::size_t bytes, std::size_t run_byte,
                           const MergeBlocks& blocks, int parts, Buffer arena)
    : team_(std::move(team)),
      bytes_(bytes),
      run_byte_(run_byte),
      blocks_(blocks),
      parts_(parts),
      arena_(std::move(arena)),
      sort_(team_) {}

Result<std::unique_ptr<ExternalSort>> ExternalSort::make(std::shared_ptr<Team> team, std::size_t bytes,
                                                         std::size_t budget_byte) {
  const std::size_t members = static_cast<std::size_t>(team->size()) * kMemberByte;
  const std::size_t arena_byte = budget_byte > members ? (budget_byte - members) / kHugePage * kHugePage : 0;
  const std::size_t run_byte = arena_byte / 3 / kChunk * kChunk;  // one sorts, one is its spare, one moves
  const auto too_small = [&](const std::string& why) {
    return fail(ErrorKind::unavailable, "the memory budget is too small for an external sort", why,
                "a larger budget_mib, or fewer --threads");
  };
  if (run_byte == 0)
    return too_small(show_bytes(static_cast<double>(budget_byte)) + " hold no three runs of 1 MiB");
  const std::size_t runs = (bytes + run_byte - 1) / run_byte;
  const auto [parts, blocks] = divide(arena_byte, runs, team->size());
  if (blocks.byte < kLeastBlock)
    return too_small(std::to_string(runs) + " runs leave less than " + show_bytes(kLeastBlock) +
                     " for each block of one merge");
  auto arena = Buffer::make(
      std::max(3 * run_byte, static_cast<std::size_t>(parts) * blocks.count(runs) * blocks.byte));
  if (!arena) return tl::make_unexpected(arena.error());
  return std::unique_ptr<ExternalSort>(
      new ExternalSort(std::move(team), bytes, run_byte, blocks, parts, std::move(*arena)));
}

std::size_t ExternalSort::memory_byte() const {
  return arena_.bytes() + static_cast<std::size_t>(team_->size()) * kMemberByte;
}

std::optional<Error> ExternalSort::make_runs(int input, int spill) {
  auto* memory = arena_.as<std::byte>();
  std::byte *sorting = memory, *moving = memory + run_byte_;
  auto* spare = reinterpret_cast<KeyPayload*>(memory + 2 * run_byte_);
  IoQueue queue(kChunksInFlight);
  keys_.clear();
  const auto flow = [&](int descriptor, std::size_t run) {
    return run < runs() ? Flow{descriptor, run * std::uint64_t{run_byte_}, length_of(run)} : Flow{};
  };
  if (auto trouble = Exchange(queue, sorting, {}, flow(input, 0)).run()) return trouble;
  for (std::size_t r = 0; r < runs(); ++r) {
    auto sorted = std::async(std::launch::async, [&] {
      sort_.run(reinterpret_cast<KeyPayload*>(sorting), spare, length_of(r) / sizeof(KeyPayload));
    });
    auto trouble = Exchange(queue, moving, r > 0 ? flow(spill, r - 1) : Flow{}, flow(input, r + 1)).run();
    sorted.get();
    if (trouble) return trouble;
    keys_.emplace_back();
    for (std::size_t i = 0; i < length_of(r) / sizeof(KeyPayload); i += kKeyStride)
      keys_.back().push_back(reinterpret_cast<const KeyPayload*>(sorting)[i].key);
    std::swap(sorting, moving);
  }
  return Exchange(queue, moving, flow(spill, runs() - 1), {}).run();
}

std::optional<Error> ExternalSort::run(int input, int spill, int output) {
  if (auto trouble = make_runs(input, spill)) return trouble;
  if (Interrupt::requested())
    return Error{ErrorKind::interrupted, "the sort was stopped", "", "run it again"};
  const SortedRuns sorted{spill, bytes_, run_byte_};
  const auto parts = split_merge(sorted, keys_, parts_);
  if (!parts) return parts.error();
  return merge_runs(sorted, *parts, *team_, output, arena_.as<std::byte>(), blocks_);
}

}  // namespace ridgepoint
