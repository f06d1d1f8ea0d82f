// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "workloads/sparse/graph.h"
#include "workloads/sparse/permutation.h"
#include "workloads/sparse/spmv.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

using Dense = std::vector<std::vector<double>>;

Dense dense(const CsrMatrix& m) {
  Dense d(static_cast<std::size_t>(m.rows), std::vector<double>(static_cast<std::size_t>(m.cols)));
  for (std::int64_t r = 0; r < m.rows; ++r)
    for (std::int64_t k = m.pointer()[r]; k < m.pointer()[r + 1]; ++k)
      d[static_cast<std::size_t>(r)][static_cast<std::size_t>(m.column()[k])] += m.value()[k];
  return d;
}

bool same(const CsrMatrix& a, const CsrMatrix& b) {
  return a.rows == b.rows && a.nonzeros == b.nonzeros &&
         std::equal(a.pointer(), a.pointer() + a.rows + 1, b.pointer()) &&
         std::equal(a.column(), a.column() + a.nonzeros, b.column()) &&
         std::equal(a.value(), a.value() + a.nonzeros, b.value());
}

/// Rows of the given lengths, columns at random but ascending.
CsrMatrix with_lengths(const std::vector<std::int64_t>& lengths, std::int64_t cols) {
  std::int64_t nonzeros = 0;
  for (const std::int64_t n : lengths) nonzeros += n;
  auto m = CsrMatrix::make(std::ssize(lengths), cols, nonzeros);
  std::int64_t at = 0;
  for (std::size_t r = 0; r < lengths.size(); ++r) {
    std::set<std::int32_t> columns;
    for (std::uint64_t i = 0; std::ssize(columns) < lengths[r]; ++i)
      columns.insert(static_cast<std::int32_t>(random_below(r, i, static_cast<std::uint32_t>(cols))));
    for (const std::int32_t c : columns) {
      m->columns.as<std::int32_t>()[at] = c;
      m->values.as<double>()[at] = random_unit(7, static_cast<std::uint64_t>(at));
      ++at;
    }
    m->pointers.as<std::int64_t>()[r + 1] = at;
  }
  return std::move(*m);
}

TEST(Permutation, IsABijectionOfEverySizeAndDependsOnTheSeed) {
  for (const std::uint64_t n : {1, 2, 3, 5, 64, 1000}) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.insert(Permutation(n, 3)(i));
    EXPECT_EQ(seen.size(), n);
    EXPECT_EQ(*seen.rbegin(), n - 1);
  }
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) same += Permutation(1000, 3)(i) == Permutation(1000, 4)(i) ? 1 : 0;
  EXPECT_LT(same, 20);
}

TEST(Stencil, HasTheNeighboursThatItsSizeSays) {
  Team team({0, 0});
  for (const int points : {5, 7, 27}) {
    const StencilShape shape{.points = points, .grid = 6};
    const auto m = stencil(shape, 1, team);
    ASSERT_TRUE(m);
    EXPECT_EQ(m->nonzeros, stencil_size(shape)->nonzeros);
    EXPECT_EQ(m->pointer()[m->rows], m->nonzeros);
    const std::int64_t middle = points == 5 ? 3 * 6 + 3 : (3 * 6 + 3) * 6 + 3;
    EXPECT_EQ(m->pointer()[middle + 1] - m->pointer()[middle], points);
    const Dense d = dense(*m);  // structurally symmetric
    for (std::size_t i = 0; i < d.size(); ++i)
      for (std::size_t j = 0; j < d.size(); ++j) EXPECT_EQ(d[i][j] == 0, d[j][i] == 0);
  }
  EXPECT_FALSE(stencil_size({.points = 9, .grid = 6}));
  EXPECT_FALSE(stencil_size({.points = 7, .grid = 1291}));
}

TEST(Stencil, ShuffledRowsAreTheSameRowsInAnotherOrder) {
  Team team({0});
  const auto plain = stencil({.points = 7, .grid = 5}, 1, team),
             mixed = stencil({.points = 7, .grid = 5, .window = 125}, 1, team);
  auto a = dense(*plain), b = dense(*mixed);
  EXPECT_NE(a, b);
  std::ranges::sort(a);
  std::ranges::sort(b);
  EXPECT_EQ(a, b);
}

TEST(Graph, IsTheSameWhateverTheThreadsAndSimple) {
  Team one({0}), three({0, 0, 0});
  const auto a = adjacency(*rmat_edges(10, 16, 5, one), 6, one),
             b = adjacency(*rmat_edges(10, 16, 5, three), 6, three);
  EXPECT_TRUE(same(*a, *b));
  for (std::int64_t r = 0; r < a->rows; ++r)
    for (std::int64_t k = a->pointer()[r] + 1; k < a->pointer()[r + 1]; ++k)
      ASSERT_LT(a->column()[k - 1], a->column()[k]) << "ascending, without duplicates";
  EXPECT_FALSE(same(*a, *adjacency(*rmat_edges(10, 16, 6, one), 6, one)));
}

TEST(Graph, RmatIsSkewedAndErdosRenyiIsNot) {
  Team team({0});
  const auto longest = [](const CsrMatrix& m) {
    std::int64_t most = 0;
    for (std::int64_t r = 0; r < m.rows; ++r) most = std::max(most, m.pointer()[r + 1] - m.pointer()[r]);
    return most;
  };
  EXPECT_GT(longest(*adjacency(*rmat_edges(12, 16, 1, team), 1, team)), 400);
  EXPECT_LT(longest(*adjacency(*uniform_edges(4096, 65536, 1, team), 1, team)), 50);
}

TEST(Graph, UndirectedHasBothDirectionsAndNoLoops) {
  Team team({0});
  const Dense d = dense(*adjacency(*undirected(*rmat_edges(6, 8, 1, team)), 1, team));
  for (std::size_t i = 0; i < d.size(); ++i) {
    EXPECT_EQ(d[i][i], 0);
    for (std::size_t j = 0; j < d.size(); ++j) EXPECT_EQ(d[i][j] == 0, d[j][i] == 0);
  }
}

TEST(MergePath, CutsRowsAndNonzerosIntoEqualPartsWithinAHub) {
  const CsrMatrix m = with_lengths({0, 0, 90, 1, 0, 2, 0, 0, 3, 0}, 100);
  for (const int members : {1, 2, 3, 7, 40}) {
    const auto points = merge_points(m, members);
    for (std::size_t i = 0; i < points.size(); ++i) {
      EXPECT_LE(m.pointer()[points[i].row], points[i].at);
      if (points[i].row < m.rows) {
        EXPECT_LE(points[i].at, m.pointer()[points[i].row + 1]);
      }
      if (i > 0) {
        EXPECT_LE(points[i].row + points[i].at - points[i - 1].row - points[i - 1].at,
                  (m.rows + m.nonzeros) / members + 1);
      }
    }
    EXPECT_EQ(points.back().row, m.rows);
    EXPECT_EQ(points.back().at, m.nonzeros);
  }
}

/// Every format on one matrix: all must give the long double sums, whatever the threads.
void multiply_in_every_format(const CsrMatrix& m) {
  for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0, 0, 0}})
    for (const std::int64_t sigma : {0, 1, 16, 100000})
      for (const std::int64_t hot : {0, 5}) {
        Team team(cpus);
        auto copy = CsrMatrix::make(m.rows, m.cols, m.nonzeros);
        std::copy_n(m.pointer(), m.rows + 1, copy->pointers.as<std::int64_t>());
        std::copy_n(m.column(), m.nonzeros, copy->columns.as<std::int32_t>());
        std::copy_n(m.value(), m.nonzeros, copy->values.as<double>());
        auto s = Spmv::make(std::move(*copy), {.sigma = sigma, .hot = hot, .why = ""}, team);
        ASSERT_TRUE(s);
        for (std::uint64_t round = 0; round < 2; ++round) {  // twice: a stale copy of x would show
          for (std::int64_t c = 0; c < m.cols; ++c)
            (*s)->x()[c] = random_unit(round, static_cast<std::uint64_t>(c)) - 0.5;
          std::fill_n((*s)->y(), m.rows, 99.0);
          (*s)->multiply(team);
          EXPECT_LT(spmv_error(m, (*s)->x(), (*s)->y()), 1e-13)
              << "sigma " << sigma << " hot " << hot << " threads " << cpus.size();
        }
      }
}

TEST(Spmv, EveryFormatIsRightOnHubsEmptyRowsAndTails) {
  multiply_in_every_format(with_lengths({0, 0, 90, 1, 0, 2, 0, 0, 3, 17, 0}, 100));
  multiply_in_every_format(with_lengths(std::vector<std::int64_t>(37, 9), 40));
  multiply_in_every_format(with_lengths({1}, 9));
  multiply_in_every_format(with_lengths({0, 0, 0}, 9));
}

TEST(Spmv, EveryFormatIsRightOnStencilsAndGraphs) {
  Team team({0});
  multiply_in_every_format(*stencil({.points = 27, .grid = 9}, 1, team));
  multiply_in_every_format(*stencil({.points = 5, .grid = 11, .window = 60}, 1, team));
  multiply_in_every_format(*adjacency(*rmat_edges(9, 16, 5, team), 6, team));
}

TEST(Spmv, TheErrorSeesAWrongRow) {
  Team team({0});
  const auto m = stencil({.points = 7, .grid = 4}, 1, team);
  std::vector<double> x(64, 1.0), y(64);
  for (std::size_t r = 0; r < 64; ++r)
    for (std::int64_t k = m->pointer()[r]; k < m->pointer()[r + 1]; ++k) y[r] += m->value()[k];
  EXPECT_LT(spmv_error(*m, x.data(), y.data()), 1e-14);
  y[63] += 1e-9;
  EXPECT_GT(spmv_error(*m, x.data(), y.data()), 1e-10);
  y[63] = std::nan("");
  EXPECT_GT(spmv_error(*m, x.data(), y.data()), 1);
}

TEST(Spmv, ThePlanFollowsTheRowsAndColumns) {
  Team team({0, 0});
  const SpmvPlan regular = choose_plan(*stencil({.points = 27, .grid = 20}, 1, team));
  EXPECT_EQ(regular.sigma, 1);
  EXPECT_EQ(regular.hot, 0);
  EXPECT_LT(regular.fill, 1.08);
  // Short and long rows in turn: sorting within a window mends what order 1 would fill.
  std::vector<std::int64_t> turns(4096);
  for (std::size_t i = 0; i < turns.size(); ++i) turns[i] = i % 2 == 0 ? 2 : 20;
  EXPECT_GT(choose_plan(with_lengths(turns, 100)).sigma, 1);
  std::vector<std::int64_t> hub(4096, 1);
  hub[100] = 4000;
  EXPECT_EQ(choose_plan(with_lengths(hub, 4096)).sigma, 0) << "one row would fill its whole chunk";
  const auto graph = adjacency(*rmat_edges(18, 8, 5, team), 6, team);
  EXPECT_GT(choose_plan(*graph).hot, 0);
  const auto even = adjacency(*uniform_edges(1 << 18, 1 << 21, 5, team), 6, team);
  EXPECT_EQ(choose_plan(*even).hot, 0);
}

TEST(Spmv, DeclaredBytesAreTheFormulas) {
  Team team({0});
  const auto make = [&](std::int64_t sigma) {
    return std::move(
        *Spmv::make(*stencil({.points = 27, .grid = 10}, 1, team), {.sigma = sigma, .why = ""}, team));
  };
  const double nnz = 28 * 28 * 28, rows = 1000;
  EXPECT_EQ(make(0)->read_byte(), 12 * nnz + 8 * (rows + 1) + 8 * rows);
  EXPECT_EQ(make(0)->written_byte(), 8 * rows);
  const auto sell = make(1);
  const auto lanes = static_cast<double>(sell_lanes());
  const double fill = sell_fill(sell->matrix(), sell_lanes(), 1);
  EXPECT_NEAR(sell->read_byte(), 12 * nnz * fill + 8 * (std::ceil(rows / lanes) + 1) + 8 * rows, 1e-6);
}

}  // namespace
}  // namespace ridgepoint
