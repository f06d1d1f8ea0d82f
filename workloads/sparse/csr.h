// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"

namespace ridgepoint {

/// A sparse matrix in compressed sparse rows: 64-bit row pointers (nonzeros may pass 2^31), 32-bit columns,
/// FP64 values, each in its own buffer, first touched by the team that multiplies.
struct CsrMatrix {
  std::int64_t rows = 0, nonzeros = 0;
  Buffer pointers, columns, values;  ///< int64[rows + 1], int32[nonzeros], double[nonzeros]
};

/// 27-point stencil on an n^3 grid with random values; boundary rows have fewer entries.
/// Nonzeros = (3n - 2)^3. Refuses n < 2 and n > 1290 (2^31 rows).
Result<CsrMatrix> stencil27(std::int64_t n, std::uint64_t seed, Team& team);

/// Contiguous row ranges, one a team member, of nearly equal nonzeros (merge-balanced at row borders).
std::vector<std::int64_t> balanced_rows(const CsrMatrix& matrix, int members);

/// y[begin, end) = A x. Cost of the whole product: 12 nnz + 8 (rows + 1) + 8 rows read (value, column;
/// pointers; x once, as a stencil re-uses it from cache), 8 rows written, 2 nnz flop (Kreutzer et al. 2014,
/// alpha = 1/nzr).
void spmv_rows(const CsrMatrix& matrix, const double* x, double* y, std::int64_t begin, std::int64_t end);

}  // namespace ridgepoint
