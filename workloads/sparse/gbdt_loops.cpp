// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/gbdt_loops.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kAheadRows = 32;

using Pair = double __attribute__((vector_size(16)));  // one load, addition and store for g and h

enum class Order { in_turn, by_id, by_id_first };  ///< by_id_first: with prefetch

template <Order kOrder, std::size_t kStride>
inline const std::uint8_t* bins_at(const HistogramRows& rows, std::size_t i) {
  if constexpr (kOrder == Order::in_turn) return rows.bins + i * kStride;
  if constexpr (kOrder == Order::by_id_first) {
    // Ids end with the node's rows: the last ones prefetch themselves.
    const std::size_t next = i + kAheadRows < rows.end ? i + kAheadRows : i;
    __builtin_prefetch(rows.bins + rows.ids[next] * kStride);
  }
  return rows.bins + rows.ids[i] * kStride;
}

template <Order kOrder, std::size_t kStride>
void fp64(const HistogramRows& rows, const float* floats, Pair* table) {
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const std::uint8_t* const bin = bins_at<kOrder, kStride>(rows, i);
    const Pair gradient = {double{floats[2 * i]}, double{floats[2 * i + 1]}};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kPassFeatures; ++k) table[k * kBins + bin[k]] += gradient;
  }
}

inline std::uint64_t word_of(Gradient x) {
  return (static_cast<std::uint64_t>(static_cast<std::int64_t>(x.g)) << 32) + x.h;
}

template <Order kOrder, std::size_t kStride>
void packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* even, std::uint64_t* odd) {
  std::size_t i = rows.begin;
  for (; i + 2 <= rows.end; i += 2) {
    const std::uint8_t *const b0 = bins_at<kOrder, kStride>(rows, i), *const b1 = bins_at<kOrder, kStride>(
                                                                          rows, i + 1);
    const std::uint64_t w0 = word_of(gradients[i]), w1 = word_of(gradients[i + 1]);
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kPassFeatures; ++k) {
      even[k * kBins + b0[k]] += w0;
      odd[k * kBins + b1[k]] += w1;
    }
  }
  if (i == rows.end) return;
  const std::uint8_t* const bin = bins_at<kOrder, kStride>(rows, i);
  for (std::size_t k = 0; k < kPassFeatures; ++k) even[k * kBins + bin[k]] += word_of(gradients[i]);
}

/// Calls loop.operator()<order, stride>().
template <Order kOrder, class Loop>
void with_stride(const HistogramRows& rows, const Loop& loop) {
  if (rows.stride == 8) return loop.template operator()<kOrder, 8>();
  if (rows.stride == 16) return loop.template operator()<kOrder, 16>();
  loop.template operator()<kOrder, 32>();
}

template <class Loop>
void with_order(const HistogramRows& rows, const Loop& loop) {
  if (rows.ids == nullptr) return with_stride<Order::in_turn>(rows, loop);
  if (rows.prefetch) return with_stride<Order::by_id_first>(rows, loop);
  with_stride<Order::by_id>(rows, loop);
}

}  // namespace

void add_rows_fp64(const HistogramRows& rows, const float* floats, double* table) {
  with_order(rows, [&]<Order kOrder, std::size_t kStride>() {
    fp64<kOrder, kStride>(rows, floats, reinterpret_cast<Pair*>(table));
  });
}

void add_rows_packed(const HistogramRows& rows, const Gradient* gradients, std::uint64_t* even,
                     std::uint64_t* odd) {
  with_order(rows, [&]<Order kOrder, std::size_t kStride>() {
    packed<kOrder, kStride>(rows, gradients, even, odd);
  });
}

}  // namespace ridgepoint
