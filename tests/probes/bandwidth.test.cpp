// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/buffer.h"
#include "model/core/cycle_chain.h"
#include "model/core/random.h"
#include "model/core/simd_stream.h"
#include "probes/bandwidth_limit.h"
#include "probes/cache_sets.h"
#include "probes/dram_follow_up.h"

namespace ridgepoint {
namespace {

struct Arrays {
  Buffer memory = *Buffer::make(placed_bytes(48 * 1024));
  StreamArgs args = place_arrays(memory.as<double>(), 48 * 1024, 3);
  Arrays() {
    for (std::size_t k = 0; k < memory.bytes() / sizeof(double); ++k)
      memory.as<double>()[k] = random_unit(9, k);
  }
};

TEST(Stream, EveryPatternIsRight) {
  Arrays x;
  EXPECT_EQ(wrong_stream_kernel(x.args, 1), "");
}

TEST(Stream, TheCheckSeesAnArrayThatIsNotTheOneItWasGiven) {
  Arrays x;
  x.args.b = x.args.c;  // add and triad now read what they write
  EXPECT_EQ(wrong_stream_kernel(x.args, 1), "add");
}

TEST(Stream, CountsBytesBothWays) {
  for (const StreamKernel& k : stream_kernels()) {
    EXPECT_EQ(k.streamed == nullptr, k.stores == 0) << k.name;
    EXPECT_DOUBLE_EQ(k.bus_bytes_per_element() - k.bytes_per_element(), 8.0 * k.stores) << k.name;
  }
  EXPECT_DOUBLE_EQ(stream_kernels()[2].bytes_per_element(), 16) << "copy";
  EXPECT_DOUBLE_EQ(stream_kernels()[5].bus_bytes_per_element(), 32) << "triad";
}

TEST(Stream, ClockReadsReadTheSame) {
  Arrays x;
  x.args.passes = 3;
  stream_kernels()[0].cached(x.args);
  const std::uint64_t parity = x.args.parity;
  for (const StreamClock& clock : stream_clocks()) {
    x.args.parity = 0;
    clock.read(x.args);
    EXPECT_EQ(x.args.parity, parity) << clock.adds;
  }
}

TEST(CycleChain, TakesTheDensestLoopWhoseAdditionsBind) {
  EXPECT_EQ(chain_bound({3.4e9, 3.5e9, 3.8e9}), 0u) << "the clock rises a little as the work thins out";
  EXPECT_EQ(chain_bound({2.0e9, 2.7e9, 3.6e9, 3.7e9}), 2u) << "in the first two the arithmetic took the time";
  EXPECT_EQ(chain_bound({1e9, 2e9}), 1u);
}

Topology caches(int sharers, double l3 = 32e6) {
  Topology t;
  t.caches = {{"l1d", 48e3, 8, 1}, {"l2", 1e6, 8, 1}, {"l3", l3, 1, sharers}};
  return t;
}

TEST(CacheSets, EachLevelIsBeyondTheOneBefore) {
  const auto sets = cache_sets(caches(8), 1);
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_DOUBLE_EQ(sets[0].byte, 24e3);
  EXPECT_DOUBLE_EQ(sets[1].byte, 192e3);
  EXPECT_DOUBLE_EQ(sets[2].byte, 4e6);
}

TEST(CacheSets, AThreadTakesItsShareOnly) {
  EXPECT_DOUBLE_EQ(cache_sets(caches(8), 8)[2].byte, 3e6) << "three quarters of an eighth of 32 MB";
  EXPECT_DOUBLE_EQ(cache_sets(caches(8), 4)[2].byte, 4e6) << "four threads share it";
}

TEST(CacheSets, LeavesOutALevelThatCannotBeToldFromItsNeighbour) {
  EXPECT_EQ(cache_sets(caches(8, 10e6), 8).size(), 2u) << "1.25 MB of L3 a thread behind 1 MB of L2";
  EXPECT_EQ(cache_sets(caches(8, 10e6), 1).size(), 3u);
  EXPECT_TRUE(cache_sets(Topology(), 1).empty());
}

TEST(CacheSets, ArraysFitAndDoNotAlias) {
  std::vector<double> memory(1);
  for (const int arrays : {1, 2, 3}) {
    const StreamArgs x = place_arrays(memory.data(), 24e3, arrays);
    EXPECT_EQ(x.n % kStreamGrain, 0u);
    EXPECT_LE(static_cast<double>(x.n) * 8 * arrays, 24e3) << arrays;
    EXPECT_LE(static_cast<std::size_t>(x.c + x.n - memory.data()) * 8, placed_bytes(24e3)) << arrays;
    if (arrays > 1) {
      EXPECT_GE(x.c, x.a + x.n);
      EXPECT_NE((x.c - x.a) * 8 % 4096, 0) << "a load would wait for a store";
    }
    if (arrays > 2) {
      EXPECT_NE((x.c - x.b) * 8 % 4096, 0);
    }
  }
}

Fact rate(double value) {
  Fact f = measured(value, "byte/s", "a test");
  f.lo = value / 2;
  return f;
}

TEST(BandwidthLimit, InnerLevelByWholeAccessesOuterByALineACycle) {
  ProbeOutcome o;
  o.facts["cache.l1d.bandwidth.read.1t.clock"] = measured(1e9, "hz", "a test");
  o.facts["cache.l1d.bandwidth.read.2t.clock"] = measured(0.5e9, "hz", "a test");
  o.facts["cache.l1d.bandwidth.read.1t"] = rate(115.2e9);
  o.facts["cache.l2.bandwidth.copy.2t"] = rate(32e9);
  add_bandwidth_limits(64, 2, o);
  EXPECT_DOUBLE_EQ(*number(o.facts, "cache.l1d.bandwidth.read.1t.per_cycle"), 115.2);
  EXPECT_DOUBLE_EQ(*number(o.facts, "cache.l1d.bandwidth.read.1t.of_limit"), 0.9) << "1.8 of two loads";
  EXPECT_DOUBLE_EQ(*o.facts.at("cache.l1d.bandwidth.read.1t.of_limit").lo, 0.45);
  EXPECT_DOUBLE_EQ(*number(o.facts, "cache.l2.bandwidth.copy.2t.per_cycle"), 32) << "two cores at 0.5 GHz";
  EXPECT_DOUBLE_EQ(*number(o.facts, "cache.l2.bandwidth.copy.2t.of_limit"), 0.5);
  EXPECT_EQ(o.facts.at("cache.l2.bandwidth.copy.2t.of_limit").basis, Basis::derived);
}

TEST(BandwidthLimit, NothingWithoutAClock) {
  ProbeOutcome o;
  o.facts["cache.l1d.bandwidth.read.1t"] = rate(1e9);
  add_bandwidth_limits(64, 2, o);
  EXPECT_EQ(o.facts.size(), 1u);
}

TEST(DramFollowUp, AddsTheReadsThatOrdinaryStoresCost) {
  ProbeOutcome o;
  o.facts["memory.dram.bandwidth.copy.cached.2t"] = rate(20e9);
  o.facts["memory.dram.bandwidth.copy.2t"] = rate(30e9);
  add_bus_bytes(stream_kernels(), o);
  EXPECT_DOUBLE_EQ(*number(o.facts, "memory.dram.bandwidth.copy.cached.bus.2t"), 30e9);
  EXPECT_EQ(o.facts.size(), 3u) << "non-temporal stores read nothing";
}

TEST(DramFollowUp, SaturationIsAbsentUnlessReached) {
  const auto saturation = [](double one, double two, double four) {
    ProbeOutcome o;
    o.facts["memory.dram.bandwidth.read.1t"] = rate(one);
    o.facts["memory.dram.bandwidth.read.2t"] = rate(two);
    o.facts["memory.dram.bandwidth.read.4t"] = rate(four);
    add_saturation(stream_kernels(), {1, 2, 4}, o);
    return number(o.facts, "memory.dram.bandwidth.read.saturation");
  };
  EXPECT_DOUBLE_EQ(*saturation(10e9, 19e9, 25e9), 2.5);
  EXPECT_DOUBLE_EQ(*saturation(10e9, 19e9, 18e9), 1.9)
      << "the highest counts, even if more threads are slower";
  EXPECT_FALSE(saturation(10e9, 20e9, 39e9)) << "four threads do not fill it";
}

}  // namespace
}  // namespace ridgepoint
