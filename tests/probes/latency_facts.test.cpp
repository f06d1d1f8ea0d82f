// SPDX-License-Identifier: Apache-2.0
#include "probes/latency_facts.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

/// 48 KiB, 2 MiB and 16 MiB of cache.
ProbeOutcome with_curve() {
  ProbeOutcome o;
  for (double octave = 8192; octave <= 256.0 * (1 << 20); octave *= 2)
    for (const double byte : {octave, octave * 1.5}) {
      const double ns = byte <= 49152 ? 1.3 : byte <= (2 << 20) ? 5 : byte <= (16 << 20) ? 20 : 90;
      o.samples.push_back({"latency.curve." + std::to_string(static_cast<std::int64_t>(byte)),
                           "s",
                           "probe test",
                           {ns * 1e-9, ns * 1e-9, 3 * ns * 1e-9},
                           false});
    }
  return o;
}

ProbeOutcome concluded(const std::vector<CacheLevel>& caches, ProbeOutcome o = with_curve()) {
  const test::MapHost host({}, true);
  test::QuietLog log;
  Topology topology;
  topology.caches = caches;
  const ProbeContext context{.host = host, .topology = topology, .memory_limit_byte = 1e9, .log = log};
  conclude_latency(context, o);
  return o;
}

const std::vector<CacheLevel> kTold = {{"l1d", 49152, 1, 1}, {"l2", 2 << 20, 1, 1}, {"l3", 16 << 20, 1, 2}};

TEST(LatencyFacts, SizesAndLatenciesOfEveryLevelWithInterval) {
  const ProbeOutcome o = concluded(kTold);
  EXPECT_EQ(number(o.facts, "cache.l1d.size.inferred"), 49152);
  EXPECT_EQ(number(o.facts, "cache.l2.size.inferred"), 2 << 20);
  EXPECT_EQ(number(o.facts, "cache.l3.size.inferred"), 16 << 20);
  EXPECT_EQ(number(o.facts, "cache.l3.latency"), 20e-9);
  const Fact& l2 = o.facts.at("cache.l2.size.inferred");
  EXPECT_EQ(l2.lo, 2 << 20);
  EXPECT_EQ(l2.hi, 3 << 20);
  EXPECT_EQ(l2.basis, Basis::derived);
  for (const auto& [key, fact] : o.facts) EXPECT_TRUE(check_fact(key, fact)) << key;
  EXPECT_TRUE(o.warnings.empty());
}

TEST(LatencyFacts, AShoulderHasASizeButNoLatency) {
  ProbeOutcome o;
  for (const auto& [kib, ns] : std::vector<std::pair<int, double>>{
           {16, 1.4},    {24, 1.4},    {32, 1.4},    {48, 1.4},     {64, 4.5},     {96, 4.5},   {128, 4.6},
           {192, 4.5},   {256, 4.6},   {384, 4.6},   {512, 5.3},    {768, 6.4},    {1024, 7.4}, {1536, 18},
           {2048, 25},   {3072, 38},   {4096, 50},   {6144, 63},    {8192, 69},    {12288, 96}, {16384, 117},
           {24576, 162}, {32768, 163}, {65536, 166}, {131072, 174}, {262144, 183},
       })
    o.samples.push_back(
        {"latency.curve." + std::to_string(kib * 1024), "s", "probe test", {ns * 1e-9}, false});
  o = concluded(kTold, o);
  EXPECT_TRUE(number(o.facts, "cache.l3.size.inferred"));
  EXPECT_FALSE(o.facts.contains("cache.l3.latency")) << "the curve rises there from 50 to 117 ns";
  EXPECT_TRUE(number(o.facts, "cache.l2.latency"));
}

TEST(LatencyFacts, AShareOfACacheIsWarnedOf) {
  std::vector<CacheLevel> told = kTold;
  told[2].size_byte = 480.0 * (1 << 20);
  const ProbeOutcome o = concluded(told);
  ASSERT_EQ(o.warnings.size(), 1u);
  EXPECT_EQ(o.warnings[0].code, "cache-size-differs");
  EXPECT_NE(o.warnings[0].what.find("16 MiB of l3"), std::string::npos) << o.warnings[0].what;
}

TEST(LatencyFacts, TwiceTheToldSizeIsNoDifference) {
  std::vector<CacheLevel> told = kTold;
  told[1].size_byte = 1 << 20;
  EXPECT_TRUE(concluded(told).warnings.empty());
}

TEST(LatencyFacts, WithoutToldCachesTheKneesAreNamedInOrder) {
  const ProbeOutcome o = concluded({});
  EXPECT_TRUE(o.facts.contains("cache.l3.size.inferred"));
  EXPECT_TRUE(o.warnings.empty());
}

}  // namespace
}  // namespace ridgepoint
