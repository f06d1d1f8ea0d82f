// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "workloads/sparse/graph.h"
#include "workloads/sparse/spgemm.h"
#include "workloads/sparse/spmm_simd.h"
#include "workloads/sparse/stencil.h"
#include "workloads/sparse/triangles.h"

namespace ridgepoint {
namespace {

std::int64_t by_brute_force(const CsrMatrix& graph) {
  const auto n = static_cast<std::size_t>(graph.rows);
  std::vector<std::vector<bool>> edge(n, std::vector<bool>(n));
  for (std::size_t r = 0; r < n; ++r)
    for (std::int64_t k = graph.pointer()[r]; k < graph.pointer()[r + 1]; ++k)
      edge[r][static_cast<std::size_t>(graph.column()[k])] = true;
  std::int64_t count = 0;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      for (std::size_t c = b + 1; edge[a][b] && c < n; ++c) count += edge[a][c] && edge[b][c] ? 1 : 0;
  return count;
}

std::int64_t counted(const CsrMatrix& graph) {
  const Oriented g = orient(graph);
  std::vector<std::uint32_t> bits(static_cast<std::size_t>(graph.rows / 32 + 1));
  const std::int64_t middle = graph.rows / 3;
  const std::int64_t count =
      triangles(g, 0, middle, bits.data()) + triangles(g, middle, graph.rows, bits.data());
  EXPECT_EQ(triangles_by_merging(g, 0, graph.rows), count);
  return count;
}

TEST(Triangles, AreThoseOfBruteForceOnRandomGraphs) {
  Team team({0, 0});
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto skewed = adjacency(*undirected(*rmat_edges(8, 12, seed, team)), 1, team),
               even = adjacency(*undirected(*uniform_edges(211, 2500, seed, team)), 1, team);
    EXPECT_GT(by_brute_force(*skewed), 100);
    EXPECT_EQ(counted(*skewed), by_brute_force(*skewed));
    EXPECT_EQ(counted(*even), by_brute_force(*even));
  }
}

TEST(Triangles, OfACompleteGraphAreTheFormula) {
  Team team({0});
  const std::int64_t n = 100;
  Edges all{n, n * (n - 1) / 2, std::move(*Buffer::make(static_cast<std::size_t>(n * n) * 8))};
  std::int64_t at = 0;
  for (std::uint64_t a = 0; a < static_cast<std::uint64_t>(n); ++a)
    for (std::uint64_t b = 0; b < a; ++b) all.words.as<std::uint64_t>()[at++] = a << 32 | b;
  EXPECT_EQ(counted(*adjacency(*undirected(all), 1, team)), n * (n - 1) * (n - 2) / 6);
}

TEST(Triangles, RowsOfTheOrientedGraphAreShort) {
  Team team({0, 0});
  const auto graph = adjacency(*undirected(*rmat_edges(12, 16, 1, team)), 1, team);
  const Oriented g = orient(*graph);
  EXPECT_EQ(2 * g.edges, graph->nonzeros);
  for (std::size_t v = 0; v < static_cast<std::size_t>(g.vertices); ++v) {
    const auto length = static_cast<double>(g.pointer[v + 1] - g.pointer[v]);
    EXPECT_LE(length * length, 2 * static_cast<double>(g.edges));
  }
}

TEST(Accumulator, SumsHashedAndDenseAndForgets) {
  for (const std::int64_t cols : {10, 1000000}) {
    Accumulator sums(cols);
    for (int round = 0; round < 3; ++round) {
      sums.begin(4);
      for (const int c : {9, 3, 9, 3}) sums.add(c, c + round);
      ASSERT_EQ(sums.size(), 2);
      std::int32_t columns[2] = {};
      double values[2] = {};
      sums.take(columns, values);
      EXPECT_EQ(columns[0], 9);
      EXPECT_EQ(values[0], 18 + 2 * round);
      EXPECT_EQ(values[1], 6 + 2 * round);
      EXPECT_EQ(sums.size(), 0);
    }
  }
}

TEST(Spgemm, TheSquareIsRightOnAnyThreadsAndItsErrorSeesAWrongEntry) {
  Team one({0}), three({0, 0, 0});
  for (Team* team : {&one, &three}) {
    auto s = Spgemm::square(std::move(*adjacency(*rmat_edges(9, 8, 5, *team), 6, *team)), 1e9, *team);
    ASSERT_TRUE(s);
    for (int round = 0; round < 2; ++round) {
      (*s)->multiply(*team);
      EXPECT_LT(spgemm_error((*s)->a(), (*s)->c()), 1e-13);
    }
    (*s)->c().values.as<double>()[(*s)->c().nonzeros / 2] += 1e-6;
    EXPECT_GT(spgemm_error((*s)->a(), (*s)->c()), 1e-12);
  }
  const auto small = Spgemm::square(std::move(*adjacency(*rmat_edges(9, 8, 5, one), 6, one)), 1e5, one);
  EXPECT_EQ(small.error().kind, ErrorKind::unavailable);
}

TEST(Spmm, EveryWidthIsRight) {
  Team team({0});
  const auto m = stencil({.points = 27, .grid = 5}, 1, team);
  for (const std::int64_t k : {1, 3, 8, 15, 16, 32, 45}) {
    const auto b = random_vector(m->rows * k, 2, team), c = random_vector(m->rows * k, 3, team);
    spmm_rows({m->pointer(), m->column(), m->value(), b->as<double>(), c->as<double>(), k}, 0, m->rows);
    for (std::int64_t row = 0; row < m->rows; ++row)
      for (std::int64_t j = 0; j < k; ++j) {
        double sum = 0;
        for (std::int64_t at = m->pointer()[row]; at < m->pointer()[row + 1]; ++at)
          sum += m->value()[at] * b->as<double>()[m->column()[at] * k + j];
        ASSERT_NEAR(c->as<double>()[row * k + j], sum, 1e-13) << k;
      }
  }
}

}  // namespace
}  // namespace ridgepoint
