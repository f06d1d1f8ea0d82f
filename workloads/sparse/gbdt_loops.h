// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/sparse/gbdt_histogram.h"

namespace ridgepoint {

/// Features whose sums a pass over rows keeps: their tables fit the first-level cache.
constexpr std::size_t kPassFeatures = 8;

/// Positions [begin, end) of rows: those of `ids`, or the positions themselves where it is nullptr. 8
/// features that lie side by side.
struct HistogramRows {
  const std::uint8_t* bins;  ///< of row 0
  std::size_t stride;        ///< bytes from row to row: 8, 16 or 32
  const std::uint32_t* ids;
  std::size_t begin, end;
  bool prefetch;  ///< the lines of later rows are asked for: by the first pass over them
};

/// table[8][256] of pairs g, h += the rows. `floats`: g, h of each position. 16-byte aligned table.
void add_rows_fp64(const HistogramRows& rows, const float* floats, double* table);

/// even, odd: tables[8][256] for even and odd positions, so that two equal bins in a row need not wait for
/// each other. A word is (sum g) 2^32 + sum h; they start at 0 and hold kChunkRows rows.
void add_rows_packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* even,
                     std::uint64_t* odd);

}  // namespace ridgepoint
