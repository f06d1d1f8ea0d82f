// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/sparse/csr.h"

namespace ridgepoint {

struct StencilShape {
  int points = 27;          ///< 5 on an n^2 grid; 7 or 27 on n^3
  std::int64_t grid = 96;   ///< n
  std::int64_t window = 1;  ///< rows are shuffled within windows of so many; 1: grid order
};

/// Rows and nonzeros, or why there is no such stencil: other points, n < 2, or more than 2^31 - 1 rows.
struct StencilSize {
  std::int64_t rows, nonzeros;
};
Result<StencilSize> stencil_size(const StencilShape& shape);

/// Each grid point with its neighbours, fewer at the border, in ascending column order. Random values in
/// [-0.5, 0.5) by row and column, so that a shuffled matrix holds the same ones; or, `elliptic`, points - 1
/// on the diagonal and -1 beside it, as HPCG (Dongarra, Heroux 2013): symmetric positive definite.
/// Shuffling permutes rows only: it takes the locality of x away and leaves the row lengths.
Result<CsrMatrix> stencil(const StencilShape& shape, std::uint64_t seed, Team& team, bool elliptic = false);

}  // namespace ridgepoint
