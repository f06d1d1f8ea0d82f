// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/core/random.h"
#include "workloads/analytics/q6_simd.h"
#include "workloads/dnn/onednn.h"
#include "workloads/harness.h"
#include "workloads/kernel.h"
#include "workloads/sparse/csr.h"

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
                                                       {"sparse/spmv-csr", "grid=13"}};
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
  const auto m = stencil27(7, 1, team);
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
  const auto border = balanced_rows(*m, 3);
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
  const Timings s = time_kernel(
      "test", [&] { ++calls; }, 5, 0);
  EXPECT_EQ(s.wall_s.size(), 5u);
  EXPECT_EQ(s.cpu_s.size(), 5u);
  EXPECT_GE(calls, 6);  // warm-up and five samples
}

}  // namespace
}  // namespace ridgepoint
