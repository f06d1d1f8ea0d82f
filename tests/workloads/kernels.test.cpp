// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/random.h"
#include "workloads/analytics/q6_simd.h"
#include "workloads/dnn/onednn.h"
#include "workloads/harness.h"
#include "workloads/kernel.h"
#include "workloads/roofs.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

const Kernel& kernel(const std::string& id) {
  for (const Kernel* k : kernels())
    if (k->id == id) return *k;
  throw std::runtime_error(id);
}

Result<Prepared> prepare(const std::string& id, const std::string& shape, std::vector<int> cpus = {0, 0}) {
  const Kernel& k = kernel(id);
  return k.prepare({*Shape::parse(shape, k.default_shape), std::move(cpus), 1});
}

TEST(Kernels, EveryKernelVerifiesOnASmallShapeOnOneAndThreeThreads) {
  const std::pair<const char*, const char*> cases[] = {{"analytics/q6-scan", "rows=100003"},
                                                       {"sparse/spmv-csr", "grid=13"},
                                                       {"sparse/spmv", "grid=13 points=7 shuffle=100"},
                                                       {"sparse/spmv-rmat", "scale=11"},
                                                       {"sparse/spmm", "grid=9 k=13"},
                                                       {"sparse/cg", "grid=9 iterations=12"},
                                                       {"sparse/spgemm", "scale=9"},
                                                       {"sparse/triangle-count", "scale=9"}};
  for (const auto& [id, shape] : cases)
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepare(id, shape, cpus);
      ASSERT_TRUE(p) << id;
      EXPECT_TRUE(p->verification.passed) << id;
      EXPECT_GT(p->cost.read_byte, 0) << id;
    }
}

TEST(Kernels, TheConvolutionVerifiesOrSaysThatOneDnnIsAbsent) {
  for (const char* shape :
       {"d=9 h=8 ic=16 k=3 oc=32 w=7", "d=5 h=6 ic=3 k=5 oc=4 w=7", "d=4 h=4 ic=8 k=1 oc=8 w=4"}) {
    const auto p = prepare("medical/conv3d-unet", shape);
    if (!p) {
      EXPECT_EQ(p.error().kind, ErrorKind::unavailable);
      GTEST_SKIP() << p.error().what;
    }
    EXPECT_TRUE(p->verification.passed) << shape << ": " << p->verification.error;
  }
}

TEST(Kernels, DeclaredCostsAreTheFormulas) {
  const auto scan = prepare("analytics/q6-scan", "rows=1000");
  EXPECT_EQ(scan->cost.read_byte, 28000);
  const auto spmv = prepare("sparse/spmv-csr", "grid=10");  // nnz = 28^3 = 21952, rows = 1000
  EXPECT_EQ(spmv->cost.work_flop, 2 * 21952);
  EXPECT_EQ(spmv->cost.read_byte, 12 * 21952 + 8 * 1001 + 8 * 1000);
  EXPECT_EQ(spmv->cost.written_byte, 8000);
}

TEST(Kernels, AShapeOutOfRangeIsARefusalNotACrash) {
  EXPECT_EQ(prepare("sparse/spmv-csr", "grid=1").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("sparse/spmv-csr", "grid=2000").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("medical/conv3d-unet", "k=2").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("analytics/q6-scan", "rows=1099511627776").error().kind, ErrorKind::unavailable);
}

TEST(Q6, TheVectorSumIsExactAtEveryLengthAndOffset) {
  std::vector<std::int32_t> date(300);
  std::vector<std::int64_t> discount(300), quantity(300), price(300);
  for (std::size_t i = 0; i < 300; ++i) {
    date[i] = static_cast<std::int32_t>(100 + random_below(1, i, 4));  // around both ends of [100, 465)
    if (i % 3 == 0) date[i] = static_cast<std::int32_t>(462 + random_below(1, i, 6));
    discount[i] = 4 + random_below(2, i, 5);
    quantity[i] = 22 + random_below(3, i, 4);
    price[i] = 2147483647 - static_cast<std::int64_t>(i);  // the largest allowed
  }
  const Q6Columns c{date.data(), discount.data(), quantity.data(), price.data()};
  for (std::size_t begin : {0u, 16u, 32u})
    for (std::size_t end = begin; end <= 300; ++end)
      ASSERT_EQ(q6_sum(c, begin, end, 100), q6_reference(c, begin, end, 100)) << begin << " " << end;
  EXPECT_NE(q6_reference(c, 0, 300, 100), 0);
}

TEST(Stencil, RowsColumnsAndBalanceAreRight) {
  Team team({0, 0, 0});
  const auto m = stencil({.grid = 7}, 1, team);
  ASSERT_TRUE(m);
  const auto* p = m->pointers.as<std::int64_t>();
  EXPECT_EQ(m->nonzeros, 19 * 19 * 19);
  EXPECT_EQ(p[m->rows], m->nonzeros);
  for (std::int64_t row = 0; row < m->rows; ++row)
    for (std::int64_t k = p[row]; k < p[row + 1]; ++k) {
      const std::int64_t c = m->columns.as<std::int32_t>()[k];
      EXPECT_LE(std::abs(c % 7 - row % 7), 1);
      EXPECT_LE(std::abs(c / 7 % 7 - row / 7 % 7), 1);
      EXPECT_LE(std::abs(c / 49 - row / 49), 1);
      EXPECT_TRUE(k == p[row] || m->columns.as<std::int32_t>()[k - 1] < c);
    }
  const auto border = balanced_rows(m->pointer(), m->rows, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LE(border[i], border[i + 1]);
    EXPECT_NEAR(static_cast<double>(p[border[i + 1]] - p[border[i]]), static_cast<double>(m->nonzeros) / 3,
                27);
  }
}

TEST(Shape, WordsOverrideDefaultsAndTyposAreNamed) {
  EXPECT_EQ(Shape::parse("h=8", "d=4 h=4 w=4")->text(), "d=4 h=8 w=4");
  EXPECT_EQ(Shape::parse("rows2=8", "rows=4").error().fix, "did you mean 'rows'?");
  for (const char* bad : {"rows", "rows=", "rows=x", "rows=-1", "rows=0", "rows=1.5", "rows=99999999999999"})
    EXPECT_FALSE(Shape::parse(bad, "rows=4")) << bad;
}

TEST(Harness, EverySampleIsKept) {
  int calls = 0;
  Prepared p;
  p.body = [&] { ++calls; };
  const Timings s = time_kernel("test", p, 5, 0);
  EXPECT_EQ(s.wall_s.size(), 5u);
  EXPECT_EQ(s.cpu_s.size(), 5u);
  EXPECT_GE(calls, 6);  // warm-up and five samples
}

TEST(Harness, AConsumedInputIsResetBeforeEveryExecution) {
  bool fresh = false;
  int stale = 0, calls = 0;
  Prepared p;
  p.reset = [&] { fresh = true; };
  p.body = [&] {
    ++calls;
    stale += fresh ? 0 : 1;
    fresh = false;
  };
  time_kernel("test", p, 5, 1.0);
  EXPECT_EQ(stale, 0);
  EXPECT_EQ(calls, 6);
}

TEST(Harness, TheRoofIsSeenBeforeAndAfterEverySample) {
  std::vector<int> order;
  Prepared p;
  p.reset = [] {};
  p.body = [&] { order.push_back(0); };
  p.roof = AdjacentRoof{"read", "B/s", 1, [&] {
                          order.push_back(1);
                          return 2.0;
                        }};
  const Timings s = time_kernel("test", p, 3, 0);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 0, 1, 0, 1, 0, 1}));  // the first is the warm-up
  EXPECT_EQ(s.roof_rate, (std::vector<double>{2, 2, 2, 2}));
}

TEST(Harness, TroubleEndsTheSamplesAndKeepsTheGoodOnes) {
  int calls = 0;
  Prepared p;
  p.reset = [] {};
  p.body = [&] { ++calls; };
  p.trouble = [&]() -> std::optional<Error> {
    if (calls < 4) return std::nullopt;
    return Error{ErrorKind::io, "the disk is full", "", "free some"};
  };
  const Timings s = time_kernel("test", p, 9, 0);
  EXPECT_EQ(s.wall_s.size(), 2u);
  ASSERT_TRUE(s.trouble);
  EXPECT_EQ(s.trouble->what, "the disk is full");
}

TEST(Harness, ASampleThatTheUserCutShortIsLeftOutAndIsNoFault) {
  int calls = 0;
  Prepared p;
  p.reset = [] {};
  p.body = [&] { ++calls; };
  p.trouble = [&]() -> std::optional<Error> {
    if (calls < 4) return std::nullopt;
    return Error{ErrorKind::interrupted, "stopped", "", "run it again"};
  };
  const Timings s = time_kernel("test", p, 9, 0);
  EXPECT_EQ(s.wall_s.size(), 2u);
  EXPECT_FALSE(s.trouble);
}

TEST(Roofs, EveryRoofHasARateAndNeedsNoMoreThanItsData) {
  const auto team = std::make_shared<Team>(std::vector<int>{0, 0});
  std::vector<double> data(100000, 1.0);
  const Area area{data.data(), data.size() * 8};
  const auto copy = copy_roof(team, 1 << 20, 7), triad = triad_roof(team, 1 << 20, 7);
  ASSERT_TRUE(copy && triad);
  for (const AdjacentRoof& roof :
       {read_roof(team, {area}, 7), gather_roof(team, area, 4, 7), gather_roof(team, area, 8, 7),
        random_line_roof(team, area, 7), *copy, *triad}) {
    EXPECT_GT(roof.rate(), 1e3) << roof.name;
    EXPECT_EQ(roof.quantity, 7) << roof.name;
  }
  EXPECT_FALSE(read_roof(team, {{data.data(), 100}}, 7).rate) << "less than one grain is no roof";
}

}  // namespace
}  // namespace ridgepoint
