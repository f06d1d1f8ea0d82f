// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ridgepoint {

/// The arrays of a CSR matrix and its vectors (see CsrMatrix). `x` is indexed by `column`.
struct CsrView {
  const std::int64_t* pointer = nullptr;
  const std::int32_t* column = nullptr;
  const double* value = nullptr;
  const double* x = nullptr;
  double* y = nullptr;
};

/// y[begin, end) = A x, row after row. Cost of the whole product: 12 nnz + 8 (rows + 1) + 8 cols read (value,
/// column; pointers; x once where its locality is good), 8 rows written, 2 nnz flop (Kreutzer et al. 2014).
void csr_rows(const CsrView& view, std::int64_t begin, std::int64_t end);

/// The sum over entries [from, to) of one row.
double csr_dot(const CsrView& view, std::int64_t from, std::int64_t to);

/// The arrays of a SELL-C-sigma matrix (see SellMatrix); `order` may be null.
struct SellView {
  const std::int64_t* start = nullptr;
  const std::int32_t* column = nullptr;
  const double* value = nullptr;
  const std::int32_t* order = nullptr;
  const double* x = nullptr;
  double* y = nullptr;
  std::int64_t rows = 0;
  bool runs = false;  ///< look for slots of consecutive columns: one vector load in place of a gather
};

/// The rows of chunks [begin, end). Cost: as CSR with `stored` in place of nnz, 8 (chunks + 1) for the
/// starts, 4 a row for the order.
void sell_chunks(const SellView& view, std::int64_t begin, std::int64_t end);

std::int64_t sell_lanes();  ///< rows a chunk: doubles in a vector of this machine, at most 16

std::string spmv_isa();

}  // namespace ridgepoint
