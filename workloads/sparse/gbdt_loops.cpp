// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/gbdt_loops.h"

#include <bit>

namespace ridgepoint {
namespace {

constexpr std::size_t kAheadRows = 24;

using Pair = double __attribute__((vector_size(16)));  // one load, addition and store for g and h

template <std::size_t kBlock, bool kIndexed>
inline std::size_t row_at(const HistogramRows& rows, std::size_t i) {
  if constexpr (!kIndexed) return i;
  // Positions end with the node's rows: the last ones prefetch themselves.
  const std::size_t next = i + kAheadRows < rows.end ? i + kAheadRows : i;
  __builtin_prefetch(rows.bins + std::size_t{rows.ids[next]} * kBlock);
  return rows.ids[i];
}

template <std::size_t kBlock, bool kIndexed>
void fp64(const HistogramRows& rows, const float* floats, Pair* table) {
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const std::size_t row = row_at<kBlock, kIndexed>(rows, i);
    const std::uint8_t* const bin = rows.bins + row * kBlock;
    const Pair gradient = {double{floats[2 * row]}, double{floats[2 * row + 1]}};
#pragma GCC unroll 32
    for (std::size_t k = 0; k < kBlock; ++k) table[k * kBins + bin[k]] += gradient;
  }
}

inline std::uint64_t word_of(Gradient x) {
  return (static_cast<std::uint64_t>(static_cast<std::int64_t>(x.g)) << 32) + x.h;
}

template <std::size_t kBlock, bool kIndexed>
void packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* table) {
  std::uint64_t* const odd = table + kBlock * kBins;
  std::size_t i = rows.begin;
  for (; i + 2 <= rows.end; i += 2) {
    const std::size_t r0 = row_at<kBlock, kIndexed>(rows, i), r1 = row_at<kBlock, kIndexed>(rows, i + 1);
    const std::uint8_t *const b0 = rows.bins + r0 * kBlock, *const b1 = rows.bins + r1 * kBlock;
    const std::uint64_t w0 = word_of(gradients[r0]), w1 = word_of(gradients[r1]);
#pragma GCC unroll 32
    for (std::size_t k = 0; k < kBlock; ++k) {
      table[k * kBins + b0[k]] += w0;
      odd[k * kBins + b1[k]] += w1;
    }
  }
  if (i == rows.end) return;
  const std::size_t row = row_at<kBlock, kIndexed>(rows, i);
  for (std::size_t k = 0; k < kBlock; ++k)
    table[k * kBins + rows.bins[row * kBlock + k]] += word_of(gradients[row]);
}

template <std::size_t kBlock>
void fp64_block(const HistogramRows& rows, const float* floats, Pair* table) {
  rows.ids == nullptr ? fp64<kBlock, false>(rows, floats, table) : fp64<kBlock, true>(rows, floats, table);
}

template <std::size_t kBlock>
void packed_block(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* table) {
  rows.ids == nullptr ? packed<kBlock, false>(rows, gradients, table)
                      : packed<kBlock, true>(rows, gradients, table);
}

}  // namespace

void add_rows_fp64(const HistogramRows& rows, std::size_t block, const float* floats, double* table) {
  auto* const pairs = reinterpret_cast<Pair*>(table);
  if (block == 8) return fp64_block<8>(rows, floats, pairs);
  if (block == 16) return fp64_block<16>(rows, floats, pairs);
  fp64_block<32>(rows, floats, pairs);
}

void add_rows_packed(const HistogramRows& rows, std::size_t block, const Gradient* gradients,
                     std::uint64_t* table) {
  if (block == 8) return packed_block<8>(rows, gradients, table);
  if (block == 16) return packed_block<16>(rows, gradients, table);
  packed_block<32>(rows, gradients, table);
}

}  // namespace ridgepoint
