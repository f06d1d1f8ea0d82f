// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/stencil.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "model/core/random.h"
#include "workloads/sparse/permutation.h"

namespace ridgepoint {
namespace {

/// Neighbours of coordinate c on a line of n points: 3 inside, 2 at an end.
std::int64_t reach(std::int64_t c, std::int64_t n) { return (c > 0 ? 1 : 0) + 1 + (c < n - 1 ? 1 : 0); }

struct Point {
  std::int64_t x, y, z;
};

struct Grid {
  StencilShape shape;
  std::int64_t n, depth;  ///< depth: planes, 1 for a flat grid

  explicit Grid(const StencilShape& s) : shape(s), n(s.grid), depth(s.points == 5 ? 1 : s.grid) {}
  std::int64_t rows() const { return n * n * depth; }
  Point at(std::int64_t row) const { return {row % n, row / n % n, row / (n * n)}; }
  std::int64_t length(std::int64_t row) const {
    const Point p = at(row);
    const std::int64_t a = reach(p.x, n), b = reach(p.y, n), c = depth == 1 ? 1 : reach(p.z, depth);
    return shape.points == 27 ? a * b * c : a + b + c - 2;
  }
  /// The grid point that stands in this row of the matrix.
  std::int64_t source(std::int64_t row, std::uint64_t seed) const {
    if (shape.window <= 1) return row;
    const std::int64_t first = row / shape.window * shape.window,
                       many = std::min(shape.window, rows() - first);
    const Permutation permute(static_cast<std::uint64_t>(many), seed + static_cast<std::uint64_t>(first));
    return first + static_cast<std::int64_t>(permute(static_cast<std::uint64_t>(row - first)));
  }
};

double entry(std::int64_t row, std::int64_t column, std::uint64_t seed, int elliptic_points) {
  if (elliptic_points > 0) return row == column ? elliptic_points - 1 : -1;
  return random_unit(seed + static_cast<std::uint64_t>(row), static_cast<std::uint64_t>(column)) - 0.5;
}

/// Writes the columns and values of one grid point; returns the position after them.
std::int64_t write_row(const CsrMatrix& m, const Grid& g, std::int64_t row, std::int64_t at,
                       std::uint64_t seed, bool elliptic) {
  const Point p = g.at(row);
  const bool star = g.shape.points != 27;
  for (std::int64_t z = std::max<std::int64_t>(p.z - 1, 0); z <= std::min(p.z + 1, g.depth - 1); ++z)
    for (std::int64_t y = std::max<std::int64_t>(p.y - 1, 0); y <= std::min(p.y + 1, g.n - 1); ++y)
      for (std::int64_t x = std::max<std::int64_t>(p.x - 1, 0); x <= std::min(p.x + 1, g.n - 1); ++x) {
        if (star && std::abs(x - p.x) + std::abs(y - p.y) + std::abs(z - p.z) > 1) continue;
        const std::int64_t column = (z * g.n + y) * g.n + x;
        m.columns.as<std::int32_t>()[at] = static_cast<std::int32_t>(column);
        m.values.as<double>()[at++] = entry(row, column, seed, elliptic ? g.shape.points : 0);
      }
  return at;
}

}  // namespace

Result<StencilSize> stencil_size(const StencilShape& s) {
  if (s.points != 5 && s.points != 7 && s.points != 27)
    return fail(ErrorKind::bad_input, "there is no stencil of " + std::to_string(s.points) + " points", "",
                "choose points=5, 7 or 27");
  const std::int64_t n = s.grid, most = s.points == 5 ? 46340 : 1290;
  if (n < 2 || n > most)
    return fail(ErrorKind::bad_input,
                "a " + std::to_string(s.points) + "-point stencil needs a grid of 2 to " +
                    std::to_string(most) + ", not " + std::to_string(n),
                "columns are 32-bit", "choose another grid");
  const std::int64_t edge = 3 * n - 2;
  if (s.points == 27) return StencilSize{n * n * n, edge * edge * edge};
  if (s.points == 7) return StencilSize{n * n * n, n * n * n + 6 * n * n * (n - 1)};
  return StencilSize{n * n, n * n + 4 * n * (n - 1)};
}

Result<CsrMatrix> stencil(const StencilShape& shape, std::uint64_t seed, Team& team, bool elliptic) {
  const auto size = stencil_size(shape);
  if (!size) return tl::make_unexpected(size.error());
  auto m = CsrMatrix::make(size->rows, size->rows, size->nonzeros);
  if (!m) return m;
  const Grid grid(shape);
  auto* p = m->pointers.as<std::int64_t>();
  team.run([&](int i) {
    const Share s = share_of(static_cast<std::size_t>(m->rows), i, team.size(), 512);
    for (auto row = static_cast<std::int64_t>(s.begin); row < static_cast<std::int64_t>(s.end); ++row)
      p[row + 1] = grid.length(grid.source(row, seed));
  });
  p[0] = 0;
  for (std::int64_t row = 0; row < m->rows; ++row) p[row + 1] += p[row];
  const std::vector<std::int64_t> border = balanced_rows(p, m->rows, team.size());
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::int64_t row = border[k]; row < border[k + 1]; ++row)
      write_row(*m, grid, grid.source(row, seed), p[row], seed, elliptic);
  });
  return m;
}

}  // namespace ridgepoint
