// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/run_merge.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "model/core/ports.h"
#include "workloads/analytics/loser_tree.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kPage = 4096;

constexpr std::size_t kSlots = MergeBlocks::kMostEach;

/// One run as the merge sees it: the block it reads from and those that follow, under way or here.
struct Source {
  const KeyPayload *at = nullptr, *end = nullptr;
  std::byte* block[kSlots] = {};
  bool here[kSlots] = {};
  std::size_t length[kSlots] = {};
  std::size_t current = 0;
  std::uint64_t next = 0, last = 0;  ///< bytes not yet asked for, in whole pages
  std::uint64_t skip = 0, left = 0;  ///< items of the first page that are not ours; items not yet seen
};

class Merge {
 public:
  Merge(const SortedRuns& runs, const MergePart& part, int output, std::byte* memory,
        const MergeBlocks& blocks)
      : runs_(runs),
        output_(output),
        block_(blocks.byte),
        each_(blocks.each),
        queue_(static_cast<int>(blocks.count(runs.count()))),
        out_(blocks.out) {
    source_.resize(runs.count());
    for (std::size_t r = 0; r < source_.size(); ++r) {
      Source& s = source_[r];
      for (std::size_t i = 0; i < each_; ++i) s.block[i] = memory + (r * each_ + i) * block_;
      s.current = each_ - 1;  // the first one is the next to be used
      s.left = part.end[r] - part.begin[r];
      left_ += s.left;
      if (s.left == 0) continue;
      s.skip = part.begin[r] % kPageItems;
      s.next = (part.begin[r] - s.skip) * sizeof(KeyPayload);
      s.last = (part.end[r] + kPageItems - 1) / kPageItems * kPageItems * sizeof(KeyPayload);
    }
    for (std::size_t i = 0; i < out_.size(); ++i)
      out_[i].data = memory + (each_ * source_.size() + i) * block_;
    head_from_ = part.first % kPageItems;
    written_ = (part.first - head_from_) * sizeof(KeyPayload);
  }

  std::optional<Error> run(SharedPage& head, SharedPage& tail) {
    head_ = &head;
    for (std::size_t i = 0; i < each_; ++i)
      for (std::size_t r = 0; r < source_.size(); ++r) ask(r, i);
    std::vector<std::uint64_t> keys(source_.size());
    for (std::size_t r = 0; r < source_.size(); ++r)
      keys[r] = advance(r) ? source_[r].at->key : LoserTree::kLargest;
    if (!trouble_) merge(LoserTree(keys));
    if (!trouble_) finish(tail);
    while (queue_.in_flight() > 0) {  // in trouble too: the memory is the kernel's until then
      back_.clear();
      if (queue_.wait(back_) != 0) break;
      for (const IoDone& d : back_) answer(d);
    }
    return trouble_;
  }

 private:
  struct Out {
    std::byte* data = nullptr;
    bool busy = false;
    std::size_t bytes = 0;
  };

  void merge(LoserTree tree) {
    auto *start = reinterpret_cast<KeyPayload*>(out_[0].data), *full = start + block_ / sizeof(KeyPayload);
    KeyPayload* to = start + head_from_;
    for (std::uint64_t left = left_; left > 0; --left) {
      std::size_t r = tree.top();
      if (source_[r].at == source_[r].end) r = any_left();  // only the largest key is left
      Source& s = source_[r];
      *to++ = *s.at++;
      if (to == full) {
        if (!hand_over()) return;
        to = reinterpret_cast<KeyPayload*>(out_[filling_].data);
        full = to + block_ / sizeof(KeyPayload);
      }
      if (s.at == s.end && !advance(r) && trouble_) return;
      if (r == tree.top()) tree.replace(s.at == s.end ? LoserTree::kLargest : s.at->key);
    }
    filled_ = static_cast<std::size_t>(to - reinterpret_cast<KeyPayload*>(out_[filling_].data)) *
              sizeof(KeyPayload);
  }

  std::size_t any_left() const {
    const auto it = std::ranges::find_if(source_, [](const Source& s) { return s.at != s.end; });
    return static_cast<std::size_t>(it - source_.begin());
  }

  void ask(std::size_t run, std::size_t slot) {
    Source& s = source_[run];
    s.here[slot] = false;
    s.length[slot] = static_cast<std::size_t>(std::min<std::uint64_t>(block_, s.last - s.next));
    if (s.length[slot] == 0) return;
    queue_.send({false, runs_.descriptor, s.block[slot], s.length[slot], s.next,
                 static_cast<std::uint32_t>(kSlots * run + slot)});
    s.next += s.length[slot];
  }

  /// To the next block of a run; the one that is done is asked for anew. False at the end, or in trouble.
  bool advance(std::size_t run) {
    Source& s = source_[run];
    if (s.at != nullptr) ask(run, s.current);
    s.current = (s.current + 1) % each_;
    if (s.length[s.current] == 0) return false;
    while (!s.here[s.current])
      if (!settle()) return false;
    const std::uint64_t items = s.length[s.current] / sizeof(KeyPayload) - s.skip;
    s.at = reinterpret_cast<const KeyPayload*>(s.block[s.current]) + s.skip;
    s.end = s.at + std::min(items, s.left);
    s.left -= std::min(items, s.left);
    s.skip = 0;
    return true;
  }

  /// Sends the output block that is full and waits until the next one is free.
  bool hand_over() {
    write(block_);
    filling_ = (filling_ + 1) % out_.size();
    while (out_[filling_].busy && settle()) {
    }
    return !trouble_;
  }

  /// The last block: whole pages go out, the rest is the tail.
  void finish(SharedPage& tail) {
    const std::size_t rest = filled_ % kPage;
    const auto* page = reinterpret_cast<const KeyPayload*>(out_[filling_].data + (filled_ - rest));
    tail.to = rest / sizeof(KeyPayload);
    std::copy(page, page + tail.to, tail.items.begin());
    if (filled_ > rest) write(filled_ - rest);
  }

  /// A block from its start; of the very first one the page that begins before this part is the head.
  void write(std::size_t bytes) {
    Out& out = out_[filling_];
    std::byte* data = out.data;
    if (head_from_ > 0) {
      const auto* page = reinterpret_cast<const KeyPayload*>(data);
      std::copy(page + head_from_, page + kPageItems,
                head_->items.begin() + static_cast<std::ptrdiff_t>(head_from_));
      head_->from = head_from_;
      head_->to = kPageItems;
      head_from_ = 0;
      data += kPage;
      bytes -= kPage;
      written_ += kPage;
    }
    if (bytes == 0) return;
    out.busy = true;
    out.bytes = bytes;
    queue_.send({true, output_, data, bytes, written_,
                 static_cast<std::uint32_t>(kSlots * source_.size() + filling_)});
    written_ += bytes;
  }

  /// Waits for answers; false in trouble.
  bool settle() {
    back_.clear();
    if (Interrupt::requested() && !trouble_)
      trouble_ = Error{ErrorKind::interrupted, "the merge was stopped", "", "run it again"};
    if (const int code = queue_.wait(back_); code != 0) {
      trouble_ = storage_trouble("wait for the scratch files", code, kRunFolder);
      return false;
    }
    for (const IoDone& d : back_) answer(d);
    return !trouble_;
  }

  void answer(const IoDone& d) {
    const std::size_t reads = kSlots * source_.size();
    const bool wrote = d.tag >= reads;
    std::size_t expected = 0;
    if (wrote) {
      Out& out = out_[d.tag - reads];
      out.busy = false;
      expected = out.bytes;
    } else {
      Source& s = source_[d.tag / kSlots];
      s.here[d.tag % kSlots] = true;
      expected = s.length[d.tag % kSlots];
    }
    if (d.moved == static_cast<int>(expected) || trouble_) return;
    trouble_ = storage_trouble(wrote ? "write the sorted file" : "read the spilled runs",
                               d.moved < 0 ? -d.moved : EIO, kRunFolder);
  }

  const SortedRuns& runs_;
  int output_;
  std::size_t block_, each_;
  IoQueue queue_;
  std::vector<Source> source_;
  std::vector<Out> out_;
  std::size_t filling_ = 0, filled_ = 0;
  std::uint64_t written_ = 0, left_ = 0;
  std::size_t head_from_ = 0;  ///< place of the first item in its page, while that page is not done
  SharedPage* head_ = nullptr;
  std::vector<IoDone> back_;
  std::optional<Error> trouble_;
};

/// How many items of a run lie below `key`, counted from the start of the run.
Result<std::uint64_t> items_below(const SortedRuns& runs, std::size_t run,
                                  const std::vector<std::uint64_t>& keys, std::uint64_t key,
                                  const Buffer& stretch) {
  const auto it = std::ranges::lower_bound(keys, key);
  if (it == keys.begin()) return std::uint64_t{0};
  const auto before = static_cast<std::uint64_t>(it - keys.begin() - 1) * kKeyStride;
  const std::uint64_t begin = run * std::uint64_t{runs.run_byte}, from = begin + before * sizeof(KeyPayload);
  const std::uint64_t end = std::min<std::uint64_t>(begin + runs.run_byte, runs.bytes);
  const auto bytes =
      static_cast<std::size_t>(std::min<std::uint64_t>(end - from, kKeyStride * sizeof(KeyPayload)));
  const int got = transfer({false, runs.descriptor, stretch.as<std::byte>(), bytes, from, 0});
  if (got != static_cast<int>(bytes))
    return tl::make_unexpected(storage_trouble("read the spilled runs", got < 0 ? -got : EIO, kRunFolder));
  const auto* items = stretch.as<KeyPayload>();
  const auto* found = std::lower_bound(items, items + bytes / sizeof(KeyPayload), key,
                                       [](const KeyPayload& i, std::uint64_t k) { return i.key < k; });
  return before + static_cast<std::uint64_t>(found - items);
}

MergePart whole(const SortedRuns& runs) {
  MergePart part;
  for (std::size_t r = 0; r < runs.count(); ++r) {
    part.begin.push_back(r * runs.run_byte / sizeof(KeyPayload));
    part.end.push_back(std::min((r + 1) * runs.run_byte, runs.bytes) / sizeof(KeyPayload));
  }
  return part;
}

std::optional<Error> write_shared(const SharedPage& left, const SharedPage& right, std::uint64_t first,
                                  int output, const Buffer& page) {
  const std::uint64_t in_page = first % kPageItems;
  if (in_page == 0) return std::nullopt;
  auto* items = page.as<KeyPayload>();
  std::copy_n(left.items.begin(), in_page, items);
  std::copy(right.items.begin() + static_cast<std::ptrdiff_t>(in_page), right.items.end(), items + in_page);
  const int moved =
      transfer({true, output, page.as<std::byte>(), kPage, (first - in_page) * sizeof(KeyPayload), 0});
  if (moved == static_cast<int>(kPage)) return std::nullopt;
  return storage_trouble("write the sorted file", moved < 0 ? -moved : EIO, kRunFolder);
}

}  // namespace

Result<std::vector<MergePart>> split_merge(const SortedRuns& runs,
                                           const std::vector<std::vector<std::uint64_t>>& keys, int parts) {
  constexpr std::uint64_t kLeast = 4 * kPageItems;  // parts that share a page share it with one other
  std::vector<std::uint64_t> sample;
  for (const auto& k : keys) sample.insert(sample.end(), k.begin(), k.end());
  std::ranges::sort(sample);
  const auto stretch = Buffer::make(kKeyStride * sizeof(KeyPayload), Pages::ordinary);
  if (!stretch) return tl::make_unexpected(stretch.error());
  std::vector<MergePart> list = {whole(runs)};
  for (int cut = 1; cut < parts; ++cut) {
    const std::uint64_t key =
        sample[sample.size() * static_cast<std::size_t>(cut) / static_cast<std::size_t>(parts)];
    MergePart next = list.back();
    std::uint64_t before = 0, behind = 0;
    for (std::size_t r = 0; r < runs.count(); ++r) {
      const auto below = items_below(runs, r, keys[r], key, *stretch);
      if (!below) return tl::make_unexpected(below.error());
      next.begin[r] = std::max(list.back().begin[r], r * runs.run_byte / sizeof(KeyPayload) + *below);
      before += next.begin[r] - list.back().begin[r];
      behind += next.end[r] - next.begin[r];
    }
    if (before < kLeast || behind < kLeast) continue;
    next.first = list.back().first + before;
    list.back().end = next.begin;
    list.push_back(std::move(next));
  }
  return list;
}

std::optional<Error> merge_part(const SortedRuns& runs, const MergePart& part, int output, std::byte* memory,
                                const MergeBlocks& blocks, SharedPage& head, SharedPage& tail) {
  return Merge(runs, part, output, memory, blocks).run(head, tail);
}

std::optional<Error> merge_runs(const SortedRuns& runs, const std::vector<MergePart>& parts, Team& team,
                                int output, std::byte* memory, const MergeBlocks& blocks) {
  std::vector<SharedPage> head(parts.size()), tail(parts.size());
  std::vector<std::optional<Error>> trouble(parts.size());
  const std::size_t each = blocks.count(runs.count()) * blocks.byte;
  team.run([&](int member) {
    const auto i = static_cast<std::size_t>(member);
    if (i < parts.size())
      trouble[i] = merge_part(runs, parts[i], output, memory + i * each, blocks, head[i], tail[i]);
  });
  for (const auto& t : trouble)
    if (t) return t;
  const auto page = Buffer::make(kPage, Pages::ordinary);
  if (!page) return page.error();
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (auto t = write_shared(tail[i - 1], head[i], parts[i].first, output, *page)) return t;
  return std::nullopt;
}

}  // namespace ridgepoint
