// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "model/here/replay_runs.h"
#include "model/here/roof_time.h"

namespace ridgepoint {
namespace {

Fact fact(double value, const std::string& unit) {
  Fact f;
  f.value = value;
  f.unit = unit;
  f.basis = Basis::measured;
  return f;
}

Machine machine() {
  Machine m;
  m.platform.id = "here";
  m.platform.facts = {{"cache.l1d.capacity", fact(32768, "byte")},
                      {"cache.l2.capacity", fact(2097152, "byte")},
                      {"cache.l1d.bandwidth.read.1t", fact(200e9, "byte/s")},
                      {"cache.l2.bandwidth.read.1t", fact(100e9, "byte/s")},
                      {"memory.dram.bandwidth.read.1t", fact(10e9, "byte/s")},
                      {"memory.dram.bandwidth.read.2t", fact(16e9, "byte/s")},
                      {"memory.dram.random.1t", fact(64e8, "byte/s")},
                      {"compute.fp64.avx512.1t", fact(100e9, "flop/s")}};
  return m;
}

KernelRun run(const std::string& id, double bytes, double use, std::int64_t threads = 1) {
  KernelRun r;
  r.id = id;
  r.kernel_class = "stream";
  r.dtype = "fp64";
  r.isa = "avx512";
  r.threads = threads;
  r.working_set_byte = bytes;
  r.cost.read_byte = bytes;
  r.shape = "n=" + std::to_string(static_cast<std::int64_t>(bytes));
  r.verification.passed = true;
  r.time_s.median = here_seconds(here_terms(r, machine().platform.facts)) / use;
  r.time_s.n = 1;
  return r;
}

TEST(HereTerms, BytesAreServedByTheLevelOfTheWorkingSet) {
  const auto rate = [&](double bytes, std::int64_t threads = 1) {
    const KernelRun r = run("k", bytes, 1, threads);
    return bytes / here_seconds(here_terms(r, machine().platform.facts));
  };
  EXPECT_NEAR(rate(8192), 200e9, 1);
  EXPECT_NEAR(rate(1 << 18), 100e9, 1);
  EXPECT_NEAR(rate(1 << 30), 10e9, 1);
  EXPECT_NEAR(rate(1 << 30, 2), 16e9, 1);
  EXPECT_NEAR(rate(32768), std::sqrt(200e9 * 100e9), 1e6) << "half-way between the levels";
  EXPECT_NEAR(rate(1 << 21), std::sqrt(100e9 * 10e9), 1e6);
}

TEST(HereTerms, OverlappingResourcesAddAsSquares) {
  KernelRun r = run("k", 1 << 30, 1);
  r.cost.work_flop = 100e9;
  r.cost.random_access = 1e8;
  const auto terms = here_terms(r, machine().platform.facts);
  ASSERT_EQ(terms.size(), 3u);
  EXPECT_NEAR(terms[0].seconds, 1, 1e-12);
  EXPECT_NEAR(terms[1].seconds, 0x1p30 / 10e9, 1e-12);
  EXPECT_NEAR(terms[2].seconds, 1, 1e-12);
  EXPECT_NEAR(here_seconds(terms), std::sqrt(2 + terms[1].seconds * terms[1].seconds), 1e-12);
}

TEST(ReplayRuns, UtilisationIsInterpolatedNeverTime) {
  RunSet set;
  for (const double bytes : {4096.0, 65536.0, 1048576.0, 16777216.0, 268435456.0})
    set.runs.push_back(run("k", bytes, 0.8));
  const Validation v = replay_runs(machine(), set);
  ASSERT_EQ(v.rows.size(), 5u);
  for (const ValidationRow& r : v.rows) EXPECT_NEAR(*r.ratio, 1, 1e-9) << r.id;
}

TEST(ReplayRuns, ARunNeverTeachesItself) {
  RunSet set;
  set.runs = {run("k", 1 << 28, 0.8), run("k", 1 << 29, 0.4), run("k", 1 << 30, 0.8)};
  const Validation v = replay_runs(machine(), set);
  EXPECT_NEAR(*v.rows[1].ratio, 0.5, 1e-9) << "its neighbours run at 0.8";
  EXPECT_EQ(*v.rows[1].tier, Tier::calibrated);
}

TEST(ReplayRuns, TheStartOfThreadsAddsToEverySize) {
  RunSet set;
  for (const double bytes : {8388608.0, 33554432.0, 134217728.0, 536870912.0}) {
    set.runs.push_back(run("k", bytes, 0.8));
    set.runs.back().start_s = 20e-6;
    set.runs.back().time_s.median += 20e-6;
  }
  for (const ValidationRow& r : replay_runs(machine(), set).rows) EXPECT_NEAR(*r.ratio, 1, 0.02) << r.id;
}

TEST(ReplayRuns, WhatNothingTellsAboutIsRefused) {
  RunSet set;
  set.runs = {run("k", 1 << 28, 0.8)};
  EXPECT_TRUE(replay_runs(machine(), set).rows[0].refused);
  KernelRun nothing = run("n", 1 << 28, 0.8);
  nothing.cost = {};
  set.runs.push_back(nothing);
  const Validation v = replay_runs(machine(), set);
  EXPECT_TRUE(v.rows[1].refused);
  EXPECT_TRUE(v.rows[0].refused) << "a run without a roof teaches nothing";
  set.runs.push_back(run("other", 1 << 28, 0.5));
  EXPECT_EQ(*replay_runs(machine(), set).rows[0].tier, Tier::datasheet) << "its class";
}

}  // namespace
}  // namespace ridgepoint
