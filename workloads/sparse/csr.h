// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// A sparse matrix in compressed sparse rows: 64-bit row pointers (nonzeros may pass 2^31), 32-bit columns,
/// FP64 values, each in its own buffer, first touched by the team that makes it.
struct CsrMatrix {
  std::int64_t rows = 0, cols = 0, nonzeros = 0;
  Buffer pointers, columns, values;  ///< int64[rows + 1], int32[nonzeros], double[nonzeros]

  /// The buffers of a matrix of that size, not yet filled.
  static Result<CsrMatrix> make(std::int64_t rows, std::int64_t cols, std::int64_t nonzeros);

  const std::int64_t* pointer() const { return pointers.as<std::int64_t>(); }
  const std::int32_t* column() const { return columns.as<std::int32_t>(); }
  const double* value() const { return values.as<double>(); }
  double bytes() const { return 12.0 * static_cast<double>(nonzeros) + 8.0 * static_cast<double>(rows + 1); }
};

/// Row borders for `members`, of nearly equal nonzeros: rows stay whole.
std::vector<std::int64_t> balanced_rows(const std::int64_t* pointers, std::int64_t rows, int members);

/// A point on the merge path of row ends and nonzeros: rows before `row` are done, and nonzeros before `at`.
struct MergePoint {
  std::int64_t row = 0, at = 0;
};

/// members + 1 points that cut rows + nonzeros into equal parts (Merrill and Garland 2016): a row may be cut,
/// so that neither a hub row nor many empty rows unbalance the work.
std::vector<MergePoint> merge_points(const CsrMatrix& matrix, int members);

/// The refusal of data that pass the memory limit of the request; nothing where they fit.
std::optional<Error> too_large(double bytes, const KernelRequest& request);

/// For Prepared::trouble of bodies that look at Interrupt: the error, if the user has stopped them.
std::optional<Error> stopped();

/// Doubles in [-0.5, 0.5) by seed and index.
Result<Buffer> random_vector(std::int64_t n, std::uint64_t seed, Team& team);

/// Largest |y - A x| over all rows in long double, row after row, relative to sum |a_ij x_j| of the row: a
/// bound that cancellation cannot hide. Infinite where a row without entries is not 0.
double spmv_error(const CsrMatrix& matrix, const double* x, const double* y);

}  // namespace ridgepoint
