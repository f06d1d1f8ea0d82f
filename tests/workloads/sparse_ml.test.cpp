// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/sparse/embedding_simd.h"
#include "workloads/sparse/gbdt_histogram.h"
#include "workloads/sparse/row_roof.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepared(const std::string& id, const std::string& shape, std::vector<int> cpus = {0, 0},
                          double memory = 4e9) {
  for (const Kernel* k : kernels())
    if (k->id == id)
      return k->prepare({.shape = *Shape::parse(shape, k->default_shape),
                         .cpus = std::move(cpus),
                         .seed = 1,
                         .memory_limit_byte = memory});
  return fail(ErrorKind::internal, id, "", "");
}

TEST(Zipf, FrequenciesFollowThePowerLawForAnyExponent) {
  constexpr int kDraws = 200000;
  for (const double s : {0.01, 1.0, 1.05, 2.0}) {
    const ZipfRanks ranks(1000, s);
    std::vector<double> seen(1000, 0);
    for (std::uint64_t i = 0; i < kDraws; ++i) seen.at(ranks(7, i)) += 1;
    double all = 0;
    for (int r = 1; r <= 1000; ++r) all += std::pow(r, -s);
    for (const std::size_t r : {0u, 1u, 9u, 99u, 999u}) {
      const double expected = kDraws * std::pow(static_cast<double>(r + 1), -s) / all;
      EXPECT_NEAR(seen[r], expected, 5 * std::sqrt(expected) + 2) << "exponent " << s << " rank " << r;
    }
  }
}

TEST(Zipf, ScatteredIdsAreABijectionThatKeepsNoNeighbours) {
  for (const std::uint64_t n : {1ULL, 2ULL, 3ULL, 1000ULL, 4096ULL}) {
    const ScatteredIds scatter(n, 3);
    std::set<std::uint64_t> ids;
    for (std::uint64_t r = 0; r < n; ++r) ids.insert(scatter(r));
    EXPECT_EQ(ids.size(), n);
    EXPECT_EQ(*ids.rbegin(), n - 1);
  }
  const ScatteredIds scatter(1 << 20, 3);
  int close = 0;
  for (std::uint64_t r = 0; r < 1000; ++r)
    close += std::llabs(static_cast<long long>(scatter(r) - scatter(r + 1))) < 64 ? 1 : 0;
  EXPECT_LT(close, 20);
}

TEST(EmbeddingBag, VerifiesForEveryFormatWidthAndNumberOfThreads) {
  for (const char* bits : {"32", "16", "8"})
    for (const char* dim : {"16", "48", "64", "144"})
      for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
        const auto p =
            prepared("sparse/embedding-bag",
                     std::string("bags=257 pool=9 rows=5000 zipf=105 bits=") + bits + " dim=" + dim, cpus);
        ASSERT_TRUE(p);
        EXPECT_TRUE(p->verification.passed) << bits << " " << dim << " " << p->verification.error;
      }
}

TEST(EmbeddingBag, LinesOfALookupAreCounted) {
  const auto lines = [](const char* shape) {
    const auto p = prepared("sparse/embedding-bag", std::string("bags=100 pool=10 rows=20000 ") + shape);
    return p ? *p->cost.random_access / 1000 : 0;
  };
  EXPECT_EQ(lines("dim=64 bits=32"), 4);
  EXPECT_EQ(lines("dim=64 bits=16"), 2);
  EXPECT_EQ(lines("dim=64 bits=8"), 2);  // 72 B: never within one line, never over three
  EXPECT_EQ(lines("dim=16 bits=16"), 1);
}

TEST(EmbeddingBag, ATableBeyondTheLimitIsRefusedWithTheWayOut) {
  const auto p = prepared("sparse/embedding-bag", "rows=1000000", {0}, 1e8);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().kind, ErrorKind::unavailable);
  EXPECT_NE(p.error().fix.find("--memory"), std::string::npos);
  EXPECT_EQ(prepared("sparse/embedding-bag", "bits=7").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepared("sparse/embedding-bag", "dim=24").error().kind, ErrorKind::bad_input);
}

TEST(GbdtHistogram, SumsAreExactForEveryLayoutAndNumberOfThreads) {
  for (const char* shape :
       {"rows=70001", "rows=1003 nodes=8", "rows=70001 sums=32 skew=2", "rows=999 sums=32 nodes=3 block=16",
        "rows=501 block=32 skew=2 nodes=2", "rows=1 block=16", "rows=131073 sums=32 block=32"})
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepared("sparse/gbdt-histogram", shape, cpus);
      ASSERT_TRUE(p) << shape;
      EXPECT_TRUE(p->verification.passed) << shape;
    }
}

TEST(GbdtHistogram, SkewedBinsGatherAtTheFirst) {
  Team team({0});
  const auto d = binned_rows({.rows = 4000, .features = 8, .block = 8, .nodes = 1, .skewed = true}, 1, team);
  ASSERT_TRUE(d);
  int first = 0;
  for (std::size_t r = 0; r < 4000; ++r) first += d->bin(r, 3) == 0 ? 1 : 0;
  EXPECT_NEAR(first, 1000, 150);
}

TEST(RowRoof, LinesOfARowCountEach) {
  const auto team = std::make_shared<Team>(std::vector<int>{0, 0});
  std::vector<double> data(100000, 1.0);
  EXPECT_GT(random_row_roof(team, {data.data(), data.size() * 8}, 4, 7).rate(), 1e3);
}

}  // namespace
}  // namespace ridgepoint
