// SPDX-License-Identifier: Apache-2.0
#include "probes/sampler.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

class Sampler : public testing::Test {
 protected:
  void SetUp() override { Interrupt::clear(); }
  void TearDown() override { Interrupt::clear(); }
  std::string order_;
  int calls_ = 0;
  Cell cell(const std::string& key, double step = 0) {
    return {key, "1", "a test", [this, key, step] { return order_ += key, 10 + step * ++calls_; }};
  }
};

TEST_F(Sampler, InterleavesAndLeavesTheWarmUpOut) {
  ProbeOutcome o;
  EXPECT_TRUE(sample_cells({cell("a"), cell("b")}, {.seconds = 100, .min_samples = 3, .max_samples = 9}, o));
  EXPECT_EQ(order_, "abababab") << "one warm-up round and three kept";
  ASSERT_EQ(o.samples.size(), 2u);
  EXPECT_EQ(o.samples[0].values.size(), 3u);
}

TEST_F(Sampler, RepeatsAWideCellAndRestsACalmOne) {
  ProbeOutcome o;
  sample_cells({cell("calm"), cell("wide", 5)}, {.seconds = 100, .min_samples = 3, .max_samples = 20}, o);
  EXPECT_EQ(o.samples[0].values.size(), 3u);
  EXPECT_EQ(o.samples[1].values.size(), 20u);
}

TEST_F(Sampler, GivesEveryCellItsMinimumHoweverShortTheTime) {
  ProbeOutcome o;
  sample_cells({cell("a", 5), cell("b", 5)}, {.seconds = 0, .min_samples = 4, .max_samples = 20}, o);
  EXPECT_EQ(o.samples[0].values.size(), 4u);
  EXPECT_EQ(o.samples[1].values.size(), 4u);
}

TEST_F(Sampler, SmokeTakesOneSampleWithoutWarmUp) {
  ProbeOutcome o;
  sample_cells({cell("a")}, {.seconds = 0, .min_samples = 1, .max_samples = 1}, o);
  EXPECT_EQ(order_, "a");
}

TEST_F(Sampler, TakesOnlyTheCellsAskedFor) {
  ProbeOutcome o;
  sample_cells({cell("ab"), cell("b"), cell("ac")},
               {.seconds = 0, .min_samples = 1, .max_samples = 1, .only = {"a*"}}, o);
  EXPECT_EQ(order_, "abac");
}

TEST_F(Sampler, AskedForKnowsPrefixesOfPatternsAndPatternsOfPrefixes) {
  const test::MapHost host({});
  test::QuietLog log;
  const auto asked = [&](std::vector<std::string> cells) {
    const Topology topology;
    return any_asked_for(
        "compute.",
        {.host = host, .topology = topology, .memory_limit_byte = 0, .log = log, .cells = std::move(cells)});
  };
  EXPECT_TRUE(asked({}));
  EXPECT_TRUE(asked({"memory.x", "compute.fp64.avx2.1t"}));
  EXPECT_TRUE(asked({"comp*"}));
  EXPECT_FALSE(asked({"memory.*"}));
  EXPECT_FALSE(asked({"comp"})) << "without a star it is a whole key";
}

TEST_F(Sampler, StopsWhenTheUserAsks) {
  ProbeOutcome o;
  Cell stop{"s", "1", "a test", [] { return Interrupt::request(), 1.0; }};
  EXPECT_FALSE(sample_cells({stop, cell("a")}, {.seconds = 100}, o));
  EXPECT_EQ(order_, "");
}

}  // namespace
}  // namespace ridgepoint
