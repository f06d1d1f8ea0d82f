// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "workloads/sparse/csr.h"

namespace ridgepoint {

/// SELL-C-sigma (Kreutzer et al. 2014): chunks of `lanes` rows, stored entry by entry of all its rows, each
/// row filled to the longest of its chunk. Rows are sorted by length within windows of sigma rows, so that
/// little is filled; sigma = 1 keeps their order. Filled entries have value 0 and the last column of their
/// row.
struct SellMatrix {
  std::int64_t rows = 0, cols = 0, lanes = 0, chunks = 0;
  std::int64_t stored = 0;           ///< entries with those filled in
  Buffer starts, columns, values;    ///< int64[chunks + 1], int32[stored], double[stored]
  std::optional<Buffer> order = {};  ///< int32[chunks * lanes]: the row of each lane, -1: none
  bool runs = false;                 ///< half or more of the slots hold consecutive columns

  double bytes() const {
    return 12.0 * static_cast<double>(stored) + 8.0 * static_cast<double>(chunks + 1) +
           (order ? 4.0 * static_cast<double>(chunks * lanes) : 0);
  }
};

/// Stored entries per nonzero, beta, without making the matrix.
double sell_fill(const CsrMatrix& matrix, std::int64_t lanes, std::int64_t sigma);

/// `columns`: of the entries of `matrix`, its own or others in their place.
Result<SellMatrix> make_sell(const CsrMatrix& matrix, const std::int32_t* columns, std::int64_t lanes,
                             std::int64_t sigma, Team& team);

}  // namespace ridgepoint
