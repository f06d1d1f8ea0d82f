// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "model/core/random.h"
#include "model/core/simd_gather.h"
#include "probes/random_facts.h"
#include "probes/random_table.h"
#include "probes/tlb_facts.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

TEST(RandomTable, IsTheLargestPowerOfTwoAndItsSumsAreKnown) {
  Team team({0});
  auto table = RandomTable::make(100000, team);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->lines(), 1024u);
  EXPECT_EQ(table->sum(5, 3000), table->expected_sum(5, 3000));
  EXPECT_NE(table->sum(5, 3000), table->sum(6, 3000));
  EXPECT_EQ(table->sum(5, 3), table->expected_sum(5, 3)) << "fewer than are asked for ahead";
  table->ring().walk(5000);
  EXPECT_TRUE(table->ring().right());
}

TEST(RandomTable, AWrongWordIsNoticed) {
  Team team({0});
  auto table = RandomTable::make(65536, team);
  ASSERT_TRUE(table);
  auto* const words = reinterpret_cast<std::uint64_t*>(table->base());
  for (std::size_t line = 0; line < table->lines(); ++line) words[line * 8 + 1] ^= 4;
  EXPECT_NE(table->sum(5, 3000), table->expected_sum(5, 3000));
}

TEST(Gather, BothWidthsEqualThePlainLoop) {
  std::vector<std::uint32_t> narrow(1 << 12);
  std::vector<std::uint64_t> wide(1 << 12);
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    narrow[i] = static_cast<std::uint32_t>(random_bits(1, i));
    wide[i] = random_bits(2, i);
  }
  for (const std::uint64_t seed : {1u, 77u}) {
    EXPECT_EQ(gather_sum(narrow.data(), 4095u, seed, 4 * kGatherStep),
              gather_sum_plain(narrow.data(), 4095u, seed, 4 * kGatherStep));
    EXPECT_EQ(gather_sum(wide.data(), std::uint64_t{4095}, seed, 4 * kGatherStep),
              gather_sum_plain(wide.data(), std::uint64_t{4095}, seed, 4 * kGatherStep));
  }
  EXPECT_NE(gather_sum(wide.data(), std::uint64_t{4095}, 1, kGatherStep),
            gather_sum(wide.data(), std::uint64_t{4095}, 2, kGatherStep));
}

Samples series(const std::string& key, const std::string& unit, double value) {
  return {key, unit, "probe test", {value}, false};
}

ProbeContext context_on(const Host& host, const Topology& topology, Log& log) {
  return {.host = host, .topology = topology, .memory_limit_byte = 1e9, .log = log};
}

TEST(RandomFacts, ParallelismIsTheBestRateOverOneChain) {
  const test::MapHost host({}, true);
  test::QuietLog log;
  const Topology topology;
  ProbeOutcome o;
  for (const auto& [chains, rate] :
       std::vector<std::pair<int, double>>{{1, 1e7}, {8, 7e7}, {16, 9.6e7}, {32, 1e8}})
    o.samples.push_back(series("memory.dram.chains." + std::to_string(chains), "line/s", rate));
  conclude_random(context_on(host, topology, log), o);
  EXPECT_DOUBLE_EQ(*number(o.facts, "memory.dram.mlp"), 10);
  EXPECT_EQ(number(o.facts, "memory.dram.mlp.chains"), 16);
  o.facts["memory.dram.random.1t"] = measured(64 * 1.2e8, "byte/s", "probe test");
  conclude_random(context_on(host, topology, log), o);
  EXPECT_DOUBLE_EQ(*number(o.facts, "memory.dram.mlp"), 12);
}

/// 64 and 2048 entries of 4 KiB pages; a walk costs 20 ns. Beyond 512 lines the caches cost 3 ns more.
ProbeOutcome translated() {
  ProbeOutcome o;
  for (int pages = 8; pages <= 65536; pages *= 2)
    for (const int n : {pages, pages / 2 * 3}) {
      const double cache = n > 512 ? 4.3 : 1.3, cost = n <= 64 ? 0 : n <= 2048 ? 2 : 20;
      o.samples.push_back(series("tlb.curve." + std::to_string(n * 4096), "s", (cache + cost) * 1e-9));
      o.samples.push_back(series("tlb.dense." + std::to_string(n * 4096), "s", cache * 1e-9));
    }
  return o;
}

TEST(TlbFacts, ReachesAreTheKneesOfTheDifference) {
  const test::MapHost host({}, true);
  test::QuietLog log;
  const Topology topology;
  ProbeOutcome o = translated();
  conclude_tlb(context_on(host, topology, log), o);
  EXPECT_EQ(number(o.facts, "tlb.reach.l1"), 64 * 4096);
  EXPECT_EQ(number(o.facts, "tlb.reach.l2"), 2048 * 4096);
  EXPECT_NEAR(number(o.facts, "tlb.walk.latency").value_or(0), 20e-9, 1e-12);
  for (const auto& [key, fact] : o.facts) EXPECT_TRUE(check_fact(key, fact)) << key;
}

TEST(TlbFacts, NoKneeNoFact) {
  const test::MapHost host({}, true);
  test::QuietLog log;
  const Topology topology;
  ProbeOutcome o;
  for (const int n : {8, 16, 32}) {
    o.samples.push_back(series("tlb.curve." + std::to_string(n * 4096), "s", 1e-9));
    o.samples.push_back(series("tlb.dense." + std::to_string(n * 4096), "s", 1e-9));
  }
  conclude_tlb(context_on(host, topology, log), o);
  EXPECT_TRUE(o.facts.empty());
}

}  // namespace
}  // namespace ridgepoint
