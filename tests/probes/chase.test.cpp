// SPDX-License-Identifier: Apache-2.0
#include "probes/chase.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ridgepoint {
namespace {

TEST(Chase, AShuffleMeetsEveryNumberOnce) {
  for (const std::uint32_t n : {1u, 2u, 3u, 64u, 1000u, 4097u}) {
    const Shuffle shuffle(7, n);
    std::vector<int> met(n, 0);
    for (std::uint32_t i = 0; i < n; ++i) ++met.at(shuffle(i));
    EXPECT_EQ(std::set<int>(met.begin(), met.end()), (std::set<int>{1})) << n;
  }
}

TEST(Chase, AShuffleIsNoSmallStride) {
  const Shuffle shuffle(7, 4096);
  std::set<std::uint32_t> steps;
  for (std::uint32_t i = 0; i + 1 < 4096; ++i) steps.insert(shuffle(i + 1) - shuffle(i));
  EXPECT_GT(steps.size(), 2000u) << "a prefetcher could guess the next line";
}

TEST(Chase, ARingReturnsAfterAsManyStepsAsItHasLinesAndNotBefore) {
  const auto memory = ring_memory(1 << 20);
  ASSERT_TRUE(memory);
  Ring ring({first_line(*memory)}, 3000, 5);
  ring.link();
  const Link* const first = ring.at(0);
  const Link* p = first->next;
  int steps = 1;
  for (; p != first && steps < 5000; ++steps) p = p->next;
  EXPECT_EQ(steps, 3000);
}

TEST(Chase, WalksAndChainsEndWhereComputed) {
  const auto memory = ring_memory(1 << 20);
  ASSERT_TRUE(memory);
  Ring ring({first_line(*memory)}, 3000, 5);
  ring.link();
  ring.walk(12345);
  EXPECT_GT(ring.time(10, 777), 0);
  for (const int chains : {1, 2, 4, 8, 16, 24, 32}) EXPECT_GT(ring.time_chains(chains, 500), 0);
  ring.walk(1);
  EXPECT_TRUE(ring.right());
}

TEST(Chase, AWalkThatWasLedAstrayIsNoticed) {
  const auto memory = ring_memory(1 << 20);
  ASSERT_TRUE(memory);
  Ring ring({first_line(*memory)}, 3000, 5);
  ring.link();
  const_cast<Link*>(ring.at(10))->next = ring.at(20);
  ring.walk(15);
  EXPECT_FALSE(ring.right());
}

TEST(Chase, ALinePerPageStaysInsideItsPageAndSpreadsOverIt) {
  const auto memory = ring_memory(1 << 20);
  ASSERT_TRUE(memory);
  const Layout layout{first_line(*memory), 4096, 64, 3};
  std::set<std::ptrdiff_t> places;
  for (std::size_t j = 0; j < 64; ++j) {
    const std::ptrdiff_t in_page = layout.line(j) - layout.base - static_cast<std::ptrdiff_t>(j) * 4096;
    EXPECT_GE(in_page, 0);
    EXPECT_LT(in_page, 4096);
    places.insert(in_page);
  }
  EXPECT_EQ(places.size(), 64u);
}

TEST(Chase, RingsBeginOnAHugePage) {
  const auto memory = ring_memory(4096);
  ASSERT_TRUE(memory);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first_line(*memory)) % (2u << 20), 0u);
}

}  // namespace
}  // namespace ridgepoint
