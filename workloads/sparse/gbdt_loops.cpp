// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/gbdt_loops.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kAheadRows = 32;

using Pair = double __attribute__((vector_size(16)));  // one load, addition and store for g and h

enum class Order { in_turn, by_id, by_id_first };  ///< by_id_first: with prefetch

template <Order kOrder>
inline std::size_t row_at(const HistogramRows& rows, std::size_t i, const std::byte* gradients,
                          std::size_t gradient_byte) {
  if constexpr (kOrder == Order::in_turn) return i;
  if constexpr (kOrder == Order::by_id_first) {
    // Ids end with the node's rows: the last ones prefetch themselves.
    const std::size_t next = rows.ids[i + kAheadRows < rows.end ? i + kAheadRows : i];
    __builtin_prefetch(rows.bins + next * rows.stride);
    __builtin_prefetch(gradients + next * gradient_byte);
  }
  return rows.ids[i];
}

template <Order kOrder>
void fp64(const HistogramRows& rows, const float* floats, Pair* table) {
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const std::size_t row = row_at<kOrder>(rows, i, reinterpret_cast<const std::byte*>(floats), 8);
    const std::uint8_t* const bin = rows.bins + row * rows.stride;
    const Pair gradient = {double{floats[2 * row]}, double{floats[2 * row + 1]}};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kPassFeatures; ++k) table[k * kBins + bin[k]] += gradient;
  }
}

inline std::uint64_t word_of(Gradient x) {
  return (static_cast<std::uint64_t>(static_cast<std::int64_t>(x.g)) << 32) + x.h;
}

template <Order kOrder>
void packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* even, std::uint64_t* odd) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(gradients);
  std::size_t i = rows.begin;
  for (; i + 2 <= rows.end; i += 2) {
    const std::size_t r0 = row_at<kOrder>(rows, i, bytes, sizeof(Gradient)),
                      r1 = row_at<kOrder>(rows, i + 1, bytes, sizeof(Gradient));
    const std::uint8_t *const b0 = rows.bins + r0 * rows.stride, *const b1 = rows.bins + r1 * rows.stride;
    const std::uint64_t w0 = word_of(gradients[r0]), w1 = word_of(gradients[r1]);
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kPassFeatures; ++k) {
      even[k * kBins + b0[k]] += w0;
      odd[k * kBins + b1[k]] += w1;
    }
  }
  if (i == rows.end) return;
  const std::size_t row = row_at<kOrder>(rows, i, bytes, sizeof(Gradient));
  for (std::size_t k = 0; k < kPassFeatures; ++k)
    even[k * kBins + rows.bins[row * rows.stride + k]] += word_of(gradients[row]);
}

}  // namespace

void add_rows_fp64(const HistogramRows& rows, const float* floats, double* table) {
  auto* const pairs = reinterpret_cast<Pair*>(table);
  if (rows.ids == nullptr) return fp64<Order::in_turn>(rows, floats, pairs);
  if (rows.prefetch) return fp64<Order::by_id_first>(rows, floats, pairs);
  fp64<Order::by_id>(rows, floats, pairs);
}

void add_rows_packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* even,
                     std::uint64_t* odd) {
  if (rows.ids == nullptr) return packed<Order::in_turn>(rows, gradients, even, odd);
  if (rows.prefetch) return packed<Order::by_id_first>(rows, gradients, even, odd);
  packed<Order::by_id>(rows, gradients, even, odd);
}

}  // namespace ridgepoint
