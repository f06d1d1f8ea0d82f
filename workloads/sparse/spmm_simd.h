// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ridgepoint {

/// C[begin, end) = A B with A in CSR; B and C row-major of `k` columns. Cost of the whole product: 12 nnz +
/// 8 (rows + 1) read, 8 k cols read (B once, where its rows stay in cache), 8 k rows written, 2 k nnz flop.
struct SpmmView {
  const std::int64_t* pointer = nullptr;
  const std::int32_t* column = nullptr;
  const double* value = nullptr;
  const double* b = nullptr;
  double* c = nullptr;
  std::int64_t k = 0;
};
void spmm_rows(const SpmmView& view, std::int64_t begin, std::int64_t end);

}  // namespace ridgepoint
