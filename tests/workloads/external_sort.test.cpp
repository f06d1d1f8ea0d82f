// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/external_sort.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/analytics/loser_tree.h"
#include "workloads/analytics/run_merge.h"

namespace ridgepoint {
namespace {

TEST(LoserTree, GivesTheSmallestOfAnyNumberOfSequences) {
  for (std::size_t k = 1; k <= 9; ++k) {
    std::vector<std::vector<std::uint64_t>> sequences(k);
    std::vector<std::uint64_t> all, heads, merged;
    for (std::size_t s = 0; s < k; ++s) {
      for (std::size_t i = 0; i < 1 + s * 7 % 11; ++i)
        sequences[s].push_back(random_below(1, 100 * s + i, 50));
      std::ranges::sort(sequences[s]);
      all.insert(all.end(), sequences[s].begin(), sequences[s].end());
      heads.push_back(sequences[s][0]);
    }
    std::ranges::sort(all);
    std::vector<std::size_t> at(k);
    for (LoserTree tree(heads); merged.size() < all.size();) {
      const std::size_t s = tree.top();
      merged.push_back(tree.key());
      tree.replace(++at[s] < sequences[s].size() ? sequences[s][at[s]] : LoserTree::kLargest);
    }
    EXPECT_EQ(merged, all) << k;
  }
}

/// A file without a name, with items in it.
class Items {
 public:
  explicit Items(const std::vector<KeyPayload>& items) : file_(*ScratchFile::open("/var/tmp")) {
    const std::size_t bytes = items.size() * sizeof(KeyPayload);
    auto buffer = Buffer::make(std::max<std::size_t>(bytes, 4096));
    std::copy(items.begin(), items.end(), buffer->as<KeyPayload>());
    EXPECT_EQ(::pwrite(file_.descriptor(), buffer->as<char>(), bytes, 0), static_cast<ssize_t>(bytes));
  }
  int descriptor() const { return file_.descriptor(); }
  std::vector<KeyPayload> read(std::size_t n) const {
    auto buffer = Buffer::make(n * sizeof(KeyPayload));
    EXPECT_EQ(::pread(file_.descriptor(), buffer->as<char>(), n * sizeof(KeyPayload), 0),
              static_cast<ssize_t>(n * sizeof(KeyPayload)));
    return {buffer->as<KeyPayload>(), buffer->as<KeyPayload>() + n};
  }

 private:
  ScratchFile file_;
};

bool less(const KeyPayload& a, const KeyPayload& b) {
  return std::pair(a.key, a.payload) < std::pair(b.key, b.payload);
}

constexpr std::size_t kRun = 16384, kItems = 2 * kRun + 256;  // the last run is one page

/// Three sorted runs; kind 0: any keys, 1: a third of them the largest, 2: nothing but the largest, 3: few
/// values.
std::vector<KeyPayload> sorted_runs(int kind) {
  std::vector<KeyPayload> items(kItems);
  for (std::size_t i = 0; i < kItems; ++i) {
    const std::uint64_t any = random_bits(9, i), keys[] = {any, any % 3 == 0 ? LoserTree::kLargest : any,
                                                           LoserTree::kLargest, any % 5};
    items[i] = {i, keys[kind]};
  }
  for (std::size_t r = 0; r < kItems; r += kRun)
    std::sort(items.begin() + static_cast<long>(r),
              items.begin() + static_cast<long>(std::min(r + kRun, kItems)), less);
  return items;
}

std::vector<std::vector<std::uint64_t>> keys_of(const std::vector<KeyPayload>& items) {
  std::vector<std::vector<std::uint64_t>> keys;
  for (std::size_t r = 0; r < kItems; r += kRun) {
    keys.emplace_back();
    for (std::size_t i = r; i < std::min(r + kRun, kItems); i += kKeyStride)
      keys.back().push_back(items[i].key);
  }
  return keys;
}

TEST(RunMerge, MergesRunsOfSeveralBlocksInAnyNumberOfParts) {
  for (const int parts : {1, 2, 3})
    for (const int kind : {0, 1, 2, 3}) {
      auto items = sorted_runs(kind);
      const Items file(items), output({});
      const SortedRuns runs{file.descriptor(), kItems * 16, kRun * 16};
      const auto split = split_merge(runs, keys_of(items), parts);
      ASSERT_TRUE(split);
      const bool shared = split->back().first % kPageItems != 0;
      EXPECT_TRUE(kind != 0 || (std::ssize(*split) == parts && shared == (parts > 1))) << parts;
      Team team(std::vector<int>(static_cast<std::size_t>(parts), 0));
      const auto n = static_cast<std::size_t>(kind + 2);  // blocks a run: 2 to 5
      const MergeBlocks blocks{.byte = 8192, .each = n, .out = n};
      auto memory = Buffer::make(3 * blocks.count(3) * blocks.byte);
      const auto trouble =
          merge_runs(runs, *split, team, output.descriptor(), memory->as<std::byte>(), blocks);
      ASSERT_FALSE(trouble) << trouble->what;
      auto merged = output.read(kItems);
      EXPECT_TRUE(std::ranges::is_sorted(merged, {}, &KeyPayload::key)) << kind << parts;
      std::ranges::sort(merged, less);
      std::ranges::sort(items, less);
      EXPECT_TRUE(std::ranges::equal(
          merged, items, [](auto& a, auto& b) { return a.key == b.key && a.payload == b.payload; }))
          << kind << parts;
    }
}

TEST(RunMerge, AReadBeyondTheFileIsAnErrorNotAHang) {
  const Items file(std::vector<KeyPayload>(256)), output({});
  const SortedRuns runs{file.descriptor(), 4 * 4096, 4096};
  MergePart part;
  for (std::uint64_t r = 0; r < 4; ++r) {
    part.begin.push_back(r * kPageItems);
    part.end.push_back((r + 1) * kPageItems);
  }
  Team team({0});
  const MergeBlocks blocks{.byte = 4096};
  auto memory = Buffer::make(blocks.count(4) * blocks.byte);
  const auto trouble = merge_runs(runs, {part}, team, output.descriptor(), memory->as<std::byte>(), blocks);
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->kind, ErrorKind::io);
}

const Kernel& sort_kernel() {
  return **std::ranges::find_if(kernels(),
                                [](const Kernel* k) { return k->id == "analytics/external-sort"; });
}

KernelRequest sort_request(const std::string& shape, std::vector<int> cpus = {0, 0}) {
  return {.shape = *Shape::parse(shape, sort_kernel().default_shape),
          .cpus = std::move(cpus),
          .directory = "/var/tmp"};
}

TEST(ExternalSort, SortsWithinItsBudgetAndCanBeRepeated) {
  for (const char* shape : {"mib=23 budget_mib=8", "mib=9 budget_mib=8"})
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0}}) {
      const auto p = sort_kernel().prepare(sort_request(shape, cpus));
      ASSERT_TRUE(p) << p.error().what << p.error().why;
      EXPECT_TRUE(p->verification.passed) << shape << p->verification.reference;
      EXPECT_EQ(*p->cost.storage_read_byte, 2 * p->working_set_byte);
      EXPECT_EQ(p->roof->quantity, 4 * p->working_set_byte);
      EXPECT_GT(p->roof->rate(), 1e3);
      p->body();
      EXPECT_FALSE(p->trouble());
    }
}

TEST(ExternalSort, HoldsWhatItSays) {
  const auto sort = ExternalSort::make(std::make_shared<Team>(std::vector<int>{0, 0}), 96 << 20, 24 << 20);
  ASSERT_TRUE(sort);
  EXPECT_LE((*sort)->memory_byte(), std::size_t{24} << 20);
  EXPECT_GT((*sort)->memory_byte(), std::size_t{20} << 20);
  EXPECT_GE((*sort)->merge_blocks().byte, ExternalSort::kLeastBlock);
}

TEST(ExternalSort, ReadsFurtherAheadWhereTheBudgetHasRoom) {
  const auto team = std::make_shared<Team>(std::vector<int>{0});
  const auto little = ExternalSort::make(team, 96 << 20, 12 << 20);
  const auto much = ExternalSort::make(team, 1 << 30, 256 << 20);
  ASSERT_TRUE(little && much);
  EXPECT_EQ((*little)->merge_blocks().each, 2);
  EXPECT_EQ((*much)->merge_blocks().each, 4);
  EXPECT_EQ((*much)->merge_blocks().byte, ExternalSort::kChunk);
  EXPECT_LE((*much)->memory_byte(), std::size_t{256} << 20);
}

TEST(ExternalSort, StopsWhenTheUserInterrupts) {
  const auto p = sort_kernel().prepare(sort_request("mib=9 budget_mib=8"));
  ASSERT_TRUE(p);
  Interrupt::request();
  p->body();
  Interrupt::clear();
  ASSERT_TRUE(p->trouble());
  EXPECT_EQ(p->trouble()->kind, ErrorKind::interrupted);
}

TEST(ExternalSort, RefusesWhatCannotBe) {
  const auto kind = [](const KernelRequest& r) { return sort_kernel().prepare(r).error().kind; };
  EXPECT_EQ(kind(sort_request("mib=8 budget_mib=8")), ErrorKind::bad_input);
  EXPECT_EQ(kind(sort_request("mib=64 budget_mib=2")), ErrorKind::unavailable);
  EXPECT_EQ(kind(sort_request("mib=1000000000 budget_mib=64")), ErrorKind::unavailable);
  EXPECT_EQ(ExternalSort::make(std::make_shared<Team>(std::vector<int>{0}), std::size_t{1} << 40, 32 << 20)
                .error()
                .kind,
            ErrorKind::unavailable)
      << "too many runs for one merge";
}

}  // namespace
}  // namespace ridgepoint
