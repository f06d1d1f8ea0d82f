// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/csr.h"

#include <algorithm>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

/// Neighbours of coordinate c on a line of n points: 3 inside, 2 at an end.
std::int64_t reach(std::int64_t c, std::int64_t n) { return (c > 0 ? 1 : 0) + 1 + (c < n - 1 ? 1 : 0); }

/// Writes one row's columns and values in ascending column order; returns the position after it.
std::int64_t write_row(const CsrMatrix& m, std::int64_t n, std::int64_t row, std::int64_t at,
                       std::uint64_t seed) {
  const std::int64_t z = row / (n * n), y = row / n % n, x = row % n;
  for (std::int64_t dz = std::max<std::int64_t>(z - 1, 0); dz <= std::min(z + 1, n - 1); ++dz)
    for (std::int64_t dy = std::max<std::int64_t>(y - 1, 0); dy <= std::min(y + 1, n - 1); ++dy)
      for (std::int64_t dx = std::max<std::int64_t>(x - 1, 0); dx <= std::min(x + 1, n - 1); ++dx, ++at) {
        m.columns.as<std::int32_t>()[at] = static_cast<std::int32_t>((dz * n + dy) * n + dx);
        m.values.as<double>()[at] = random_unit(seed, static_cast<std::uint64_t>(at)) - 0.5;
      }
  return at;
}

}  // namespace

Result<CsrMatrix> stencil27(std::int64_t n, std::uint64_t seed, Team& team) {
  if (n < 2 || n > 1290)
    return fail(ErrorKind::bad_input,
                "a 27-point stencil needs a grid of 2 to 1290, not " + std::to_string(n),
                "columns are 32-bit", "choose another grid");
  const std::int64_t rows = n * n * n, edge = 3 * n - 2, nonzeros = edge * edge * edge;
  auto pointers = Buffer::make(static_cast<std::size_t>(rows + 1) * 8);
  auto columns = Buffer::make(static_cast<std::size_t>(nonzeros) * 4);
  auto values = Buffer::make(static_cast<std::size_t>(nonzeros) * 8);
  for (const auto* b : {&pointers, &columns, &values})
    if (!*b) return tl::make_unexpected(b->error());
  CsrMatrix m{rows, nonzeros, std::move(*pointers), std::move(*columns), std::move(*values)};
  auto* p = m.pointers.as<std::int64_t>();
  p[0] = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    p[row + 1] = p[row] + reach(row / (n * n), n) * reach(row / n % n, n) * reach(row % n, n);
  const std::vector<std::int64_t> border = balanced_rows(m, team.size());
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    std::int64_t at = p[border[k]];
    for (std::int64_t row = border[k]; row < border[k + 1]; ++row) at = write_row(m, n, row, at, seed);
  });
  return m;
}

std::vector<std::int64_t> balanced_rows(const CsrMatrix& matrix, int members) {
  const auto* p = matrix.pointers.as<std::int64_t>();
  std::vector<std::int64_t> border(static_cast<std::size_t>(members) + 1, matrix.rows);
  border[0] = 0;
  for (int i = 1; i < members; ++i) {
    const std::int64_t target = matrix.nonzeros / members * i;
    border[static_cast<std::size_t>(i)] = std::lower_bound(p, p + matrix.rows, target) - p;
  }
  return border;
}

void spmv_rows(const CsrMatrix& matrix, const double* x, double* y, std::int64_t begin, std::int64_t end) {
  const auto* p = matrix.pointers.as<std::int64_t>();
  const auto* column = matrix.columns.as<std::int32_t>();
  const auto* value = matrix.values.as<double>();
  for (std::int64_t row = begin; row < end; ++row) {
    double s0 = 0, s1 = 0, s2 = 0;  // three sums: the add latency stays hidden on rows of 27
    std::int64_t k = p[row];
    const std::int64_t stop = p[row + 1];
    for (; k + 3 <= stop; k += 3) {
      s0 += value[k] * x[column[k]];
      s1 += value[k + 1] * x[column[k + 1]];
      s2 += value[k + 2] * x[column[k + 2]];
    }
    for (; k < stop; ++k) s0 += value[k] * x[column[k]];
    y[row] = s0 + s1 + s2;
  }
}

}  // namespace ridgepoint
