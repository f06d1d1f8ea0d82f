// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

enum class RowFormat { fp32, fp16, int8 };

/// Bytes of a row of `dim` columns. An int8 row begins with its scale and bias (fp32): value = scale * q +
/// bias, q unsigned.
constexpr std::size_t row_byte(RowFormat format, std::size_t dim) {
  return format == RowFormat::fp32 ? 4 * dim : format == RowFormat::fp16 ? 2 * dim : dim + 8;
}

struct EmbeddingRows {
  const std::byte* data = nullptr;  ///< starts at a line of 64 B
  RowFormat format = RowFormat::fp32;
  std::size_t dim = 64;  ///< a multiple of 16
};

/// Ids read beyond the last bag, for the prefetch; they must be valid.
constexpr std::size_t kEmbeddingAhead = 64;

/// out[b] = sum of the rows ids[b * pool .. (b + 1) * pool), for bags [0, bags), FP32 sums in order. Rows are
/// prefetched some 64 lines ahead, across the ends of bags. Cost of one lookup: 4 B id + the row read, `dim`
/// additions (int8: `dim` multiply-adds); of one bag: 4 dim B written.
void embedding_bags(const EmbeddingRows& rows, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
                    float* out);

std::string embedding_isa();

/// One value, the slow way.
double embedding_value(const EmbeddingRows& rows, std::size_t row, std::size_t column);

}  // namespace ridgepoint
