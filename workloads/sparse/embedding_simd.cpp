// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/embedding_simd.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/sparse/embedding_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Df = hn::CappedTag<float, 16>;  // a row is a multiple of 16 columns
using V = hn::Vec<Df>;

struct Fp32 {
  static constexpr RowFormat kFormat = RowFormat::fp32;
  static HWY_INLINE V Add(const std::byte* row, std::size_t column, V sum) {
    return hn::Add(sum, hn::LoadU(Df(), reinterpret_cast<const float*>(row) + column));
  }
  static HWY_INLINE float Bias(const std::byte*) { return 0; }
};

struct Fp16 {
  static constexpr RowFormat kFormat = RowFormat::fp16;
  static HWY_INLINE V Add(const std::byte* row, std::size_t column, V sum) {
    const hn::Rebind<hwy::float16_t, Df> dh;
    const auto* p = reinterpret_cast<const hwy::float16_t*>(row) + column;
    return hn::Add(sum, hn::PromoteTo(Df(), hn::LoadU(dh, p)));
  }
  static HWY_INLINE float Bias(const std::byte*) { return 0; }
};

struct Int8 {
  static constexpr RowFormat kFormat = RowFormat::int8;
  static HWY_INLINE V Add(const std::byte* row, std::size_t column, V sum) {
    const hn::Rebind<std::uint8_t, Df> d8;
    const hn::Rebind<std::int32_t, Df> d32;
    float scale = 0;
    std::memcpy(&scale, row, sizeof scale);
    const auto q = hn::LoadU(d8, reinterpret_cast<const std::uint8_t*>(row) + 8 + column);
    return hn::MulAdd(hn::ConvertTo(Df(), hn::PromoteTo(d32, q)), hn::Set(Df(), scale), sum);
  }
  static HWY_INLINE float Bias(const std::byte* row) {
    float bias = 0;
    std::memcpy(&bias, row + 4, sizeof bias);
    return bias;
  }
};

/// Columns [column, column + 4 lanes) of one bag; with kFirst the rows `ahead` ids later are prefetched.
template <class Format, bool kFirst>
HWY_INLINE void FourVectors(const EmbeddingRows& rows, const std::uint32_t* ids, std::size_t pool,
                            std::size_t ahead, std::size_t column, float* out) {
  const Df d;
  const std::size_t lanes = hn::Lanes(d), bytes = row_byte(Format::kFormat, rows.dim);
  V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  float bias = 0;
  for (std::size_t k = 0; k < pool; ++k) {
    if constexpr (kFirst) {
      const std::byte* next = rows.data + ids[k + ahead] * bytes;
      for (std::size_t b = 0; b < bytes; b += 64) __builtin_prefetch(next + b);
      if constexpr (Format::kFormat == RowFormat::int8) __builtin_prefetch(next + bytes - 1);
    }
    const std::byte* row = rows.data + ids[k] * bytes;
    s0 = Format::Add(row, column, s0);
    s1 = Format::Add(row, column + lanes, s1);
    s2 = Format::Add(row, column + 2 * lanes, s2);
    s3 = Format::Add(row, column + 3 * lanes, s3);
    bias += Format::Bias(row);
  }
  const V b = hn::Set(d, bias);
  hn::StoreU(hn::Add(s0, b), d, out + column);
  hn::StoreU(hn::Add(s1, b), d, out + column + lanes);
  hn::StoreU(hn::Add(s2, b), d, out + column + 2 * lanes);
  hn::StoreU(hn::Add(s3, b), d, out + column + 3 * lanes);
}

template <class Format>
HWY_INLINE void OneVector(const EmbeddingRows& rows, const std::uint32_t* ids, std::size_t pool,
                          std::size_t column, float* out) {
  const Df d;
  const std::size_t bytes = row_byte(Format::kFormat, rows.dim);
  V sum = hn::Zero(d);
  float bias = 0;
  for (std::size_t k = 0; k < pool; ++k) {
    const std::byte* row = rows.data + ids[k] * bytes;
    sum = Format::Add(row, column, sum);
    bias += Format::Bias(row);
  }
  hn::StoreU(hn::Add(sum, hn::Set(d, bias)), d, out + column);
}

template <class Format>
void Bags(const EmbeddingRows& rows, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
          float* out) {
  const std::size_t lanes = hn::Lanes(Df()), bytes = row_byte(Format::kFormat, rows.dim);
  const std::size_t ahead = std::clamp<std::size_t>(64 * 64 / bytes, 4, kEmbeddingAhead);
  for (std::size_t bag = 0; bag < bags; ++bag, ids += pool, out += rows.dim) {
    std::size_t column = 0;
    if (column + 4 * lanes <= rows.dim) {
      FourVectors<Format, true>(rows, ids, pool, ahead, 0, out);
      column = 4 * lanes;
    }
    for (; column + 4 * lanes <= rows.dim; column += 4 * lanes)
      FourVectors<Format, false>(rows, ids, pool, ahead, column, out);
    for (; column < rows.dim; column += lanes) OneVector<Format>(rows, ids, pool, column, out);
  }
}

void BagsFp32(const EmbeddingRows& r, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
              float* out) {
  Bags<Fp32>(r, ids, pool, bags, out);
}
void BagsFp16(const EmbeddingRows& r, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
              float* out) {
  Bags<Fp16>(r, ids, pool, bags, out);
}
void BagsInt8(const EmbeddingRows& r, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
              float* out) {
  Bags<Int8>(r, ids, pool, bags, out);
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(BagsFp32);
HWY_EXPORT(BagsFp16);
HWY_EXPORT(BagsInt8);
HWY_EXPORT(Target);

void embedding_bags(const EmbeddingRows& rows, const std::uint32_t* ids, std::size_t pool, std::size_t bags,
                    float* out) {
  switch (rows.format) {
    case RowFormat::fp32:
      return HWY_DYNAMIC_DISPATCH(BagsFp32)(rows, ids, pool, bags, out);
    case RowFormat::fp16:
      return HWY_DYNAMIC_DISPATCH(BagsFp16)(rows, ids, pool, bags, out);
    case RowFormat::int8:
      return HWY_DYNAMIC_DISPATCH(BagsInt8)(rows, ids, pool, bags, out);
  }
}

std::string embedding_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

double embedding_value(const EmbeddingRows& rows, std::size_t row, std::size_t column) {
  const std::byte* p = rows.data + row * row_byte(rows.format, rows.dim);
  if (rows.format == RowFormat::fp32) return reinterpret_cast<const float*>(p)[column];
  if (rows.format == RowFormat::int8) {
    float scale_bias[2];
    std::memcpy(scale_bias, p, sizeof scale_bias);
    return double{scale_bias[0]} * std::to_integer<int>(p[8 + column]) + double{scale_bias[1]};
  }
  const std::uint16_t h = reinterpret_cast<const std::uint16_t*>(p)[column];  // never subnormal here
  const double size = std::ldexp(1.0 + (h & 1023) / 1024.0, ((h >> 10) & 31) - 15);
  return (h >> 15) != 0 ? -size : size;
}

}  // namespace ridgepoint
#endif
