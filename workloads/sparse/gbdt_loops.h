// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/sparse/gbdt_histogram.h"

namespace ridgepoint {

/// Rows [begin, end) of `ids` (nullptr: the positions are the rows) of one block of features.
struct HistogramRows {
  const std::uint8_t* bins;  ///< [rows][block]
  const std::uint32_t* ids;
  std::size_t begin, end;
};

/// table[block][256] of pairs g, h += the rows. `floats`: g, h of each row. 16-byte aligned table.
void add_rows_fp64(const HistogramRows& rows, std::size_t block, const float* floats, double* table);

/// table[2][block][256], zero before: even and odd positions have tables of their own, so that two equal
/// bins in a row need not wait for each other. A word is (sum g) 2^32 + sum h. At most kChunkRows rows.
void add_rows_packed(const HistogramRows& rows, std::size_t block, const Gradient* gradients,
                     std::uint64_t* table);

}  // namespace ridgepoint
