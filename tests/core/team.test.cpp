// SPDX-License-Identifier: Apache-2.0
#include "model/core/team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace ridgepoint {
namespace {

TEST(Team, EveryMemberRunsOncePerRound) {
  Team team({0, 0, 0});
  for (int round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> calls(3);
    team.run([&](int i) { ++calls[static_cast<std::size_t>(i)]; });
    for (const auto& c : calls) EXPECT_EQ(c.load(), 1);
  }
}

TEST(Team, WorkIsVisibleAfterRun) {
  Team team({0, 0});
  std::vector<long> data(2);
  for (long round = 1; round <= 100; ++round) {
    team.timed_run([&](int i) { data[static_cast<std::size_t>(i)] += round; });
    EXPECT_EQ(data[0] + data[1], round * (round + 1));
  }
}

TEST(Team, SharesCoverTheRangeOnceAndStartOnGrains) {
  for (const std::size_t n : {0u, 1u, 63u, 64u, 1000u, 4096u})
    for (const int members : {1, 2, 3, 7}) {
      std::size_t next = 0;
      for (int i = 0; i < members; ++i) {
        const Share s = share_of(n, i, members, 64);
        EXPECT_EQ(s.begin, next);
        EXPECT_LE(s.begin, s.end);
        EXPECT_TRUE(s.begin >= n || s.begin % 64 == 0);
        next = s.end;
      }
      EXPECT_EQ(next, n);
    }
}

TEST(Team, PinningToAProcessorThatIsNotThereIsToldNotFatal) {
  Team team({100000});
  team.run([](int) {});
  EXPECT_FALSE(team.pinned());
}

TEST(Team, SomeProcessorIsAllowed) { EXPECT_FALSE(allowed_cpus().empty()); }

}  // namespace
}  // namespace ridgepoint
