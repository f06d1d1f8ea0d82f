// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/click_simd.h"

#include <atomic>
#include <bit>
#include <cmath>

#include "model/core/simd_name.h"
#include "workloads/sparse/click_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/sparse/click_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#ifndef RIDGEPOINT_CLICK_ONCE
#define RIDGEPOINT_CLICK_ONCE
namespace ridgepoint {
namespace {

constexpr std::size_t kPadded = 48;  ///< entries of a row, up to whole vectors
constexpr std::size_t kAheadRows = 8;

template <class T>
T shared_load(T* p) {
  return std::atomic_ref<T>(*p).load(std::memory_order_relaxed);
}
template <class T>
void shared_store(T* p, T v) {
  std::atomic_ref<T>(*p).store(v, std::memory_order_relaxed);
}

/// The categories' slots of a later row; those of the numbers are always at hand.
template <class T>
void prefetch_row(T* slots, const ClickView& rows, std::size_t row, std::size_t end, std::size_t stride = 1) {
  if (row >= end) return;
  const std::uint32_t* const ids = rows.ids + row * kRowEntries;
  for (std::size_t k = kNumericFields; k < kRowEntries; ++k)
    __builtin_prefetch(slots + std::size_t{ids[k]} * stride, 1);
}

float probability(float logit) { return 1 / (1 + std::exp(-logit)); }

}  // namespace
}  // namespace ridgepoint
#endif

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Df = hn::CappedTag<float, 16>;

/// The 39 values of a row behind one another; categories have 1, the padding 0.
struct Values {
  HWY_ALIGN float x[kPadded];
  Values() {
    for (std::size_t k = 0; k < kPadded; ++k) x[k] = k < kRowEntries ? 1.0F : 0.0F;
  }
  HWY_INLINE void take(const ClickView& rows, std::size_t row) {
    for (std::size_t k = 0; k < kNumericFields; ++k) x[k] = rows.values[row * kNumericFields + k];
  }
};

void Sgd(std::uint32_t* slots, const ClickView& rows, std::size_t begin, std::size_t end,
         std::uint64_t first) {
  const Df d;
  const std::size_t lanes = hn::Lanes(d);
  Values values;
  HWY_ALIGN float w[kPadded] = {};
  for (std::size_t row = begin; row < end; ++row) {
    const std::uint32_t* const ids = rows.ids + row * kRowEntries;
    prefetch_row(slots, rows, row + kAheadRows, end);
    values.take(rows, row);
    for (std::size_t k = 0; k < kRowEntries; ++k) w[k] = std::bit_cast<float>(shared_load(slots + ids[k]));
    auto sum = hn::Zero(d);
    for (std::size_t k = 0; k < kPadded; k += lanes)
      sum = hn::MulAdd(hn::Load(d, w + k), hn::Load(d, values.x + k), sum);
    const float p = probability(hn::GetLane(hn::SumOfLanes(d, sum)));
    const auto step = hn::Set(d, sgd_step(first + row) * (p - static_cast<float>(rows.labels[row])));
    for (std::size_t k = 0; k < kPadded; k += lanes)
      hn::Store(hn::NegMulAdd(step, hn::Load(d, values.x + k), hn::Load(d, w + k)), d, w + k);
    for (std::size_t k = 0; k < kRowEntries; ++k)
      shared_store(slots + ids[k], std::bit_cast<std::uint32_t>(w[k]));
  }
}

void Ftrl(std::uint64_t* slots, const ClickView& rows, std::size_t begin, std::size_t end) {
  const Df d;
  const std::size_t lanes = hn::Lanes(d);
  const FtrlRates rates;
  const auto l1 = hn::Set(d, rates.l1), per_alpha = hn::Set(d, 1 / rates.alpha),
             base = hn::Set(d, rates.beta / rates.alpha + rates.l2);
  Values values;
  HWY_ALIGN float z[kPadded] = {}, n[kPadded] = {}, w[kPadded] = {}, root[kPadded] = {};
  for (std::size_t row = begin; row < end; ++row) {
    const std::uint32_t* const ids = rows.ids + row * kRowEntries;
    prefetch_row(slots, rows, row + kAheadRows, end);
    values.take(rows, row);
    for (std::size_t k = 0; k < kRowEntries; ++k) {
      const std::uint64_t slot = shared_load(slots + ids[k]);
      z[k] = std::bit_cast<float>(static_cast<std::uint32_t>(slot));
      n[k] = std::bit_cast<float>(static_cast<std::uint32_t>(slot >> 32));
    }
    auto sum = hn::Zero(d);
    for (std::size_t k = 0; k < kPadded; k += lanes) {
      const auto vz = hn::Load(d, z + k), r = hn::Sqrt(hn::Load(d, n + k));
      const auto beyond = hn::Max(hn::Sub(hn::Abs(vz), l1), hn::Zero(d));
      const auto weight = hn::Neg(hn::Div(hn::CopySignToAbs(beyond, vz), hn::MulAdd(r, per_alpha, base)));
      hn::Store(weight, d, w + k);
      hn::Store(r, d, root + k);
      sum = hn::MulAdd(weight, hn::Load(d, values.x + k), sum);
    }
    const float p = probability(hn::GetLane(hn::SumOfLanes(d, sum)));
    const auto slope = hn::Set(d, p - static_cast<float>(rows.labels[row]));
    for (std::size_t k = 0; k < kPadded; k += lanes) {
      const auto g = hn::Mul(slope, hn::Load(d, values.x + k));
      const auto next = hn::MulAdd(g, g, hn::Load(d, n + k));
      const auto sigma = hn::Mul(hn::Sub(hn::Sqrt(next), hn::Load(d, root + k)), per_alpha);
      hn::Store(hn::Add(hn::Load(d, z + k), hn::NegMulAdd(sigma, hn::Load(d, w + k), g)), d, z + k);
      hn::Store(next, d, n + k);
    }
    for (std::size_t k = 0; k < kRowEntries; ++k)
      shared_store(slots + ids[k], (std::uint64_t{std::bit_cast<std::uint32_t>(n[k])} << 32) |
                                       std::bit_cast<std::uint32_t>(z[k]));
  }
}

/// One vector of a slot. The thread sanitizer is shown the words that Hogwild shares.
HWY_INLINE hn::Vec<Df> LoadSlot(float* p) {
#if defined(__SANITIZE_THREAD__)
  HWY_ALIGN float copy[kFmLanes];
  for (std::size_t k = 0; k < hn::Lanes(Df()); ++k) copy[k] = shared_load(p + k);
  return hn::Load(Df(), copy);
#else
  return hn::Load(Df(), p);
#endif
}

HWY_INLINE void StoreSlot(hn::Vec<Df> v, float* p) {
#if defined(__SANITIZE_THREAD__)
  HWY_ALIGN float copy[kFmLanes];
  hn::Store(v, Df(), copy);
  for (std::size_t k = 0; k < hn::Lanes(Df()); ++k) shared_store(p + k, copy[k]);
#else
  hn::Store(v, Df(), p);
#endif
}

void Fm(float* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first) {
  const Df d;
  const std::size_t lanes = hn::Lanes(d);
  Values values;
  HWY_ALIGN float sums[kFmLanes], unit[kFmLanes] = {1};
  for (std::size_t row = begin; row < end; ++row) {
    const std::uint32_t* const ids = rows.ids + row * kRowEntries;
    prefetch_row(slots, rows, row + kAheadRows, end, kFmLanes);
    values.take(rows, row);
    float logit = 0;
    for (std::size_t l = 0; l < kFmLanes; l += lanes) {
      auto s = hn::Zero(d), q = s;
      for (std::size_t k = 0; k < kRowEntries; ++k) {
        const auto xv = hn::Mul(hn::Set(d, values.x[k]), LoadSlot(slots + ids[k] * kFmLanes + l));
        s = hn::Add(s, xv);
        q = hn::MulAdd(xv, xv, q);
      }
      hn::Store(s, d, sums + l);
      const auto is_w = hn::Ne(hn::Load(d, unit + l), hn::Zero(d));
      const auto pairs = hn::Mul(hn::Set(d, 0.5F), hn::MulSub(s, s, q));
      logit += hn::GetLane(hn::SumOfLanes(d, hn::IfThenElse(is_w, s, pairs)));
    }
    const float slope = fm_step(first + row) * (probability(logit) - static_cast<float>(rows.labels[row]));
    for (std::size_t l = 0; l < kFmLanes; l += lanes) {
      const auto s = hn::Load(d, sums + l), one = hn::Load(d, unit + l);
      const auto is_w = hn::Ne(one, hn::Zero(d));
      for (std::size_t k = 0; k < kRowEntries; ++k) {
        float* const place = slots + ids[k] * kFmLanes + l;
        const auto v = LoadSlot(place), x = hn::Set(d, values.x[k]);
        const auto gradient = hn::IfThenElse(is_w, one, hn::NegMulAdd(x, v, s));
        StoreSlot(hn::NegMulAdd(hn::Mul(hn::Set(d, slope), x), gradient, v), place);
      }
    }
  }
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Sgd);
HWY_EXPORT(Ftrl);
HWY_EXPORT(Fm);
HWY_EXPORT(Target);

void sgd_rows(std::uint32_t* slots, const ClickView& rows, std::size_t begin, std::size_t end,
              std::uint64_t first) {
  HWY_DYNAMIC_DISPATCH(Sgd)(slots, rows, begin, end, first);
}
void ftrl_rows(std::uint64_t* slots, const ClickView& rows, std::size_t begin, std::size_t end) {
  HWY_DYNAMIC_DISPATCH(Ftrl)(slots, rows, begin, end);
}
void fm_rows(float* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first) {
  HWY_DYNAMIC_DISPATCH(Fm)(slots, rows, begin, end, first);
}
std::string click_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

float sgd_step(std::uint64_t row) { return 0.05F / std::sqrt(1 + static_cast<float>(row) * 1e-3F); }
float fm_step(std::uint64_t row) { return 0.03F / std::sqrt(1 + static_cast<float>(row) * 1e-3F); }

double ftrl_weight(double z, double n, const FtrlRates& r) {
  const double beyond = std::abs(z) - double{r.l1};
  if (beyond <= 0) return 0;
  return -std::copysign(beyond, z) / ((double{r.beta} + std::sqrt(n)) / double{r.alpha} + double{r.l2});
}

}  // namespace ridgepoint
#endif
