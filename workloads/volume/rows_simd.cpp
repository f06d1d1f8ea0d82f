// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/rows_simd.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/volume/rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;

template <std::size_t kTaps>
std::size_t Combined(const float* const* rows, const float* weights, std::size_t n, float* out) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto sum = hn::Mul(hn::Set(d, weights[0]), hn::LoadU(d, rows[0] + i));
    for (std::size_t k = 1; k < kTaps; ++k)
      sum = hn::MulAdd(hn::Set(d, weights[k]), hn::LoadU(d, rows[k] + i), sum);
    hn::StoreU(sum, d, out + i);
  }
  return i;
}

std::size_t CombinedAny(const float* const* rows, const float* weights, std::size_t taps, std::size_t n,
                        float* out) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto sum = hn::Mul(hn::Set(d, weights[0]), hn::LoadU(d, rows[0] + i));
    for (std::size_t k = 1; k < taps; ++k)
      sum = hn::MulAdd(hn::Set(d, weights[k]), hn::LoadU(d, rows[k] + i), sum);
    hn::StoreU(sum, d, out + i);
  }
  return i;
}

void CombineRows(const float* const* rows, const float* weights, std::size_t taps, std::size_t n,
                 float* out) {
  std::size_t i = taps == 2   ? Combined<2>(rows, weights, n, out)
                  : taps == 4 ? Combined<4>(rows, weights, n, out)
                              : CombinedAny(rows, weights, taps, n, out);
  for (; i < n; ++i) {
    float sum = 0;
    for (std::size_t k = 0; k < taps; ++k) sum += weights[k] * rows[k][i];
    out[i] = sum;
  }
}

template <std::size_t kTaps>
std::size_t Gathered(const float* row, const std::int32_t* const* indices, const float* const* weights,
                     std::size_t n, float* out) {
  const D d;
  const hn::RebindToSigned<D> di;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto sum = hn::Mul(hn::LoadU(d, weights[0] + i), hn::GatherIndex(d, row, hn::LoadU(di, indices[0] + i)));
    for (std::size_t k = 1; k < kTaps; ++k)
      sum = hn::MulAdd(hn::LoadU(d, weights[k] + i), hn::GatherIndex(d, row, hn::LoadU(di, indices[k] + i)),
                       sum);
    hn::StoreU(sum, d, out + i);
  }
  return i;
}

void GatherRow(const float* row, const std::int32_t* const* indices, const float* const* weights,
               std::size_t taps, std::size_t n, float* out) {
  std::size_t i = 0;
  if (taps == 2) i = Gathered<2>(row, indices, weights, n, out);
  if (taps == 4) i = Gathered<4>(row, indices, weights, n, out);
  for (; i < n; ++i) {
    float sum = 0;
    for (std::size_t k = 0; k < taps; ++k) sum += weights[k][i] * row[indices[k][i]];
    out[i] = sum;
  }
}

void AddScaled(float* row, const float* before, float factor, std::size_t n) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const auto f = hn::Set(d, factor);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::MulAdd(f, hn::LoadU(d, before + i), hn::LoadU(d, row + i)), d, row + i);
  for (; i < n; ++i) row[i] += factor * before[i];
}

void FromNext(float* row, const float* after, float factor, float gain, std::size_t n) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const auto f = hn::Set(d, factor), g = hn::Set(d, gain);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::Mul(f, hn::NegMulAdd(g, hn::LoadU(d, row + i), hn::LoadU(d, after + i))), d, row + i);
  for (; i < n; ++i) row[i] = factor * (after[i] - gain * row[i]);
}

void WindowInt16(const std::byte* in, float scale, float shift, std::size_t n, float* out) {
  const D d;
  const hn::RebindToSigned<D> di;
  const hn::Rebind<std::int16_t, D> ds;
  const std::size_t lanes = hn::Lanes(d);
  const auto a = hn::Set(d, scale), b = hn::Set(d, shift), one = hn::Set(d, 1.0F), zero = hn::Zero(d);
  std::array<std::int16_t, hn::MaxLanes(ds)> stored;
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    std::memcpy(stored.data(), in + 2 * i, 2 * lanes);  // unaligned: becomes a plain load
    const auto v = hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(ds, stored.data())));
    hn::StoreU(hn::Min(one, hn::Max(zero, hn::MulAdd(a, v, b))), d, out + i);
  }
  for (; i < n; ++i) {
    std::int16_t v;
    std::memcpy(&v, in + 2 * i, 2);
    out[i] = std::min(1.0F, std::max(0.0F, scale * static_cast<float>(v) + shift));
  }
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(CombineRows);
HWY_EXPORT(GatherRow);
HWY_EXPORT(AddScaled);
HWY_EXPORT(FromNext);
HWY_EXPORT(WindowInt16);
HWY_EXPORT(Target);

void combine_rows(const float* const* rows, const float* weights, std::size_t taps, std::size_t n,
                  float* out) {
  HWY_DYNAMIC_DISPATCH(CombineRows)(rows, weights, taps, n, out);
}
void gather_row(const float* row, const std::int32_t* const* indices, const float* const* weights,
                std::size_t taps, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(GatherRow)(row, indices, weights, taps, n, out);
}
void add_scaled(float* row, const float* before, float factor, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(AddScaled)(row, before, factor, n);
}
void from_next(float* row, const float* after, float factor, float gain, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(FromNext)(row, after, factor, gain, n);
}
void window_int16(const std::byte* in, float scale, float shift, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(WindowInt16)(in, scale, shift, n, out);
}
std::string rows_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
