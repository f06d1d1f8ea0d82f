// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/csr.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/random.h"

namespace ridgepoint {

Result<CsrMatrix> CsrMatrix::make(std::int64_t rows, std::int64_t cols, std::int64_t nonzeros) {
  const auto entries = static_cast<std::size_t>(std::max<std::int64_t>(nonzeros, 1));
  auto pointers = Buffer::make(static_cast<std::size_t>(rows + 1) * 8);
  auto columns = Buffer::make(entries * 4), values = Buffer::make(entries * 8);
  for (const auto* b : {&pointers, &columns, &values})
    if (!*b) return tl::make_unexpected(b->error());
  return CsrMatrix{rows, cols, nonzeros, std::move(*pointers), std::move(*columns), std::move(*values)};
}

std::vector<std::int64_t> balanced_rows(const std::int64_t* pointers, std::int64_t rows, int members) {
  std::vector<std::int64_t> border(static_cast<std::size_t>(members) + 1, rows);
  border[0] = 0;
  for (int i = 1; i < members; ++i)
    border[static_cast<std::size_t>(i)] =
        std::lower_bound(pointers, pointers + rows, pointers[rows] / members * i) - pointers;
  return border;
}

std::vector<MergePoint> merge_points(const CsrMatrix& matrix, int members) {
  const std::int64_t* end_of_row = matrix.pointer() + 1;
  const std::int64_t steps = matrix.rows + matrix.nonzeros;
  std::vector<MergePoint> points(static_cast<std::size_t>(members) + 1);
  for (int i = 1; i <= members; ++i) {
    const std::int64_t diagonal = steps / members * i + steps % members * i / members;
    // The first row whose end lies beyond the diagonal.
    std::int64_t lo = std::max<std::int64_t>(diagonal - matrix.nonzeros, 0),
                 hi = std::min(diagonal, matrix.rows);
    while (lo < hi) {
      const std::int64_t mid = lo + (hi - lo) / 2;
      if (end_of_row[mid] <= diagonal - mid - 1)
        lo = mid + 1;
      else
        hi = mid;
    }
    points[static_cast<std::size_t>(i)] = {lo, diagonal - lo};
  }
  return points;
}

std::optional<Error> too_large(double bytes, const KernelRequest& request) {
  if (bytes <= request.memory_limit_byte) return std::nullopt;
  return Error{
      ErrorKind::unavailable,
      "the data need " + show_bytes(bytes) + ", the limit is " + show_bytes(request.memory_limit_byte), "",
      "choose a smaller shape, or raise --memory where the machine has more"};
}

std::optional<Error> stopped() {
  if (!Interrupt::requested()) return std::nullopt;
  return Error{ErrorKind::interrupted, "stopped by the user", "", "run it again"};
}

Result<Buffer> random_vector(std::int64_t n, std::uint64_t seed, Team& team) {
  auto v = Buffer::make(static_cast<std::size_t>(std::max<std::int64_t>(n, 1)) * 8);
  if (!v) return v;
  team.run([&](int i) {
    const Share s = share_of(static_cast<std::size_t>(n), i, team.size(), 8);
    for (std::size_t k = s.begin; k < s.end; ++k) v->as<double>()[k] = random_unit(seed, k) - 0.5;
  });
  return v;
}

double spmv_error(const CsrMatrix& matrix, const double* x, const double* y) {
  const std::int64_t* const pointer = matrix.pointer();
  double worst = 0;
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    long double sum = 0, size = 0;
    for (std::int64_t k = pointer[row]; k < pointer[row + 1]; ++k) {
      const long double term = static_cast<long double>(matrix.value()[k]) * x[matrix.column()[k]];
      sum += term;
      size += std::abs(term);
    }
    const auto off = static_cast<double>(std::abs(sum - static_cast<long double>(y[row])));
    if (!(off == 0)) worst = std::max(worst, size > 0 ? off / static_cast<double>(size) : HUGE_VAL);
    if (std::isnan(off)) return HUGE_VAL;
  }
  return worst;
}

}  // namespace ridgepoint
