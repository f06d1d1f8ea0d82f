// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/sparse/click_rows.h"
#include "workloads/sparse/dlrm.h"
#include "workloads/sparse/embedding_simd.h"
#include "workloads/sparse/gbdt_histogram.h"
#include "workloads/sparse/reuse.h"
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

TEST(ClickRows, LabelsFollowThePlantedModelAndFieldsAreSkewed) {
  Team team({0, 0});
  const auto c = click_rows(40000, 18, 1.1, 1, team);
  ASSERT_TRUE(c);
  double expected = 0, seen = 0;
  std::set<std::uint32_t> first, last;
  for (std::size_t r = 0; r < 40000; ++r) {
    expected += 1 / (1 + std::exp(-double{c->planted.as<float>()[r]}));
    seen += c->labels.as<std::uint8_t>()[r];
    first.insert(c->ids.as<std::uint32_t>()[r * kRowEntries + kNumericFields]);
    last.insert(c->ids.as<std::uint32_t>()[r * kRowEntries + kRowEntries - 1]);
  }
  EXPECT_NEAR(seen, expected, 500);
  EXPECT_LT(first.size(), 20u);
  EXPECT_GT(last.size(), 3000u);
  const double loss = planted_loss(*c, 0, 40000), rate = seen / 40000;
  EXPECT_LT(loss, 0.9 * (-rate * std::log(rate) - (1 - rate) * std::log(1 - rate)));
}

TEST(ClickRows, TheDataDoNotDependOnTheThreads) {
  Team one({0}), three({0, 0, 0});
  const auto a = click_rows(5000, 16, 1.1, 1, one), b = click_rows(5000, 16, 1.1, 1, three);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(std::memcmp(a->ids.as<char>(), b->ids.as<char>(), 5000 * kRowEntries * 4), 0);
  EXPECT_EQ(std::memcmp(a->labels.as<char>(), b->labels.as<char>(), 5000), 0);
}

TEST(ClickLearners, TheArithmeticIsThatOfTheSlowReference) {
  for (const char* id : {"sparse/logistic-sgd", "sparse/logistic-ftrl", "sparse/factorization-machine"})
    for (const char* mode : {"mode=1", "mode=2"}) {
      const auto p = prepared(id, std::string("rows=5000 step=1000 bits=16 ") + mode, {0, 0, 0});
      ASSERT_TRUE(p) << id;
      EXPECT_TRUE(p->verification.passed) << id << " " << p->verification.error;
      EXPECT_FALSE(p->warnings.empty());
      for (int i = 0; i < 7; ++i) p->body();
    }
}

TEST(ClickLearners, LogLossFallsToThePlantedModels) {
  for (const char* id : {"sparse/logistic-sgd", "sparse/logistic-ftrl", "sparse/factorization-machine"}) {
    const auto p = prepared(id, "rows=150000 bits=20 mode=1", {0});
    ASSERT_TRUE(p) << id;
    EXPECT_TRUE(p->verification.passed)
        << id << " " << p->verification.reference << " " << p->verification.error;
    EXPECT_NE(p->verification.reference.find("planted"), std::string::npos);
  }
}

TEST(ClickLearners, ShapesOutOfRangeAreRefused) {
  EXPECT_EQ(prepared("sparse/logistic-sgd", "bits=40").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepared("sparse/logistic-sgd", "step=100 rows=50").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepared("sparse/logistic-ftrl", "bits=28", {0}, 1e8).error().kind, ErrorKind::unavailable);
}

TEST(Reuse, AnAccessIsColdUntilItsPlaceWasTouchedLately) {
  const std::size_t order[] = {0, 1, 2, 0, 3, 4, 0};
  const auto place = [&](std::size_t k) { return order[k]; };
  EXPECT_EQ(cold_accesses(7, 5, kNearByte / 3, place), 5u);  // three accesses fill what is near
  EXPECT_EQ(cold_accesses(7, 5, kNearByte / 2, place), 7u);
}

TEST(GnnAggregate, SumsAndMeansVerify) {
  for (const char* shape :
       {"scale=9", "scale=9 mean=2 dim=48", "scale=1 factor=1", "scale=6 factor=100 dim=16"})
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepared("sparse/gnn-aggregate", shape, cpus);
      ASSERT_TRUE(p) << shape;
      EXPECT_TRUE(p->verification.passed) << shape << " " << p->verification.error;
    }
  EXPECT_EQ(prepared("sparse/gnn-aggregate", "scale=27").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepared("sparse/gnn-aggregate", "scale=20", {0}, 1e7).error().kind, ErrorKind::unavailable);
}

TEST(Dlrm, LogitsAndGradientsVerifyOrOneDnnIsAbsent) {
  for (const char* shape : {"batch=300 rows=50 mode=1", "batch=300 rows=50", "batch=5 rows=2000"}) {
    const auto p = prepared("sparse/dlrm", shape, {0, 0, 0});
    if (!p) {
      EXPECT_EQ(p.error().kind, ErrorKind::unavailable);
      GTEST_SKIP() << p.error().what;
    }
    EXPECT_TRUE(p->verification.passed) << shape << " " << p->verification.error;
    p->body();
    EXPECT_FALSE(p->trouble());
  }
}

TEST(Dlrm, TrainingLowersTheLossAndDoesNotDependOnTheThreads) {
  std::vector<float> logits[2];
  double first = 0, last = 0;
  for (std::size_t k = 0; k < 2; ++k) {
    const auto team = std::make_shared<Team>(std::vector<int>(k == 0 ? 1 : 3, 0));
    auto model = dlrm_model(100, 1, *team);
    ASSERT_TRUE(model);
    auto d = Dlrm::make(team, std::move(*model), dlrm_rows(600, 100, 1.05, 1), 600);
    if (!d) GTEST_SKIP() << d.error().what;
    for (int step = 0; step < 12; ++step) {
      ASSERT_TRUE(d->train());
      double loss = 0;
      for (std::size_t r = 0; r < 600; ++r) loss += log_loss(double{d->logits()[r]}, d->rows().label[r] != 0);
      (step == 0 ? first : last) = loss / 600;
    }
    logits[k] = d->logits();
  }
  EXPECT_LT(last, 0.8 * first);
  EXPECT_EQ(logits[0], logits[1]);
}

TEST(RowRoof, LinesOfARowCountEach) {
  const auto team = std::make_shared<Team>(std::vector<int>{0, 0});
  std::vector<double> data(100000, 1.0);
  EXPECT_GT(random_row_roof(team, {data.data(), data.size() * 8}, 4, 7).rate(), 1e3);
}

}  // namespace
}  // namespace ridgepoint
