// SPDX-License-Identifier: Apache-2.0
#include "probes/simd_fma.h"

#include <algorithm>
#include <cmath>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "probes/simd_fma.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
FmaRun Chains(std::int64_t rounds) {
  const hn::ScalableTag<T> d;
  const T factor = static_cast<T>(0.75), term = static_cast<T>(0.8125);
  const auto a = hn::Set(d, factor), b = hn::Set(d, term);
  // Twelve starts of different size: none is zero and none is the fixed point 3.25.
  auto x0 = hn::Set(d, static_cast<T>(0.11)), x1 = hn::Set(d, static_cast<T>(9.7));
  auto x2 = hn::Set(d, static_cast<T>(1.3)), x3 = hn::Set(d, static_cast<T>(7.1));
  auto x4 = hn::Set(d, static_cast<T>(2.2)), x5 = hn::Set(d, static_cast<T>(6.3));
  auto x6 = hn::Set(d, static_cast<T>(0.7)), x7 = hn::Set(d, static_cast<T>(5.9));
  auto x8 = hn::Set(d, static_cast<T>(3.6)), x9 = hn::Set(d, static_cast<T>(8.8));
  auto x10 = hn::Set(d, static_cast<T>(4.4)), x11 = hn::Set(d, static_cast<T>(1.9));
  for (std::int64_t i = 0; i < rounds; ++i) {
    x0 = hn::MulAdd(x0, a, b);
    x1 = hn::MulAdd(x1, a, b);
    x2 = hn::MulAdd(x2, a, b);
    x3 = hn::MulAdd(x3, a, b);
    x4 = hn::MulAdd(x4, a, b);
    x5 = hn::MulAdd(x5, a, b);
    x6 = hn::MulAdd(x6, a, b);
    x7 = hn::MulAdd(x7, a, b);
    x8 = hn::MulAdd(x8, a, b);
    x9 = hn::MulAdd(x9, a, b);
    x10 = hn::MulAdd(x10, a, b);
    x11 = hn::MulAdd(x11, a, b);
  }
  const auto fixed = hn::Set(d, static_cast<T>(3.25));
  auto far = hn::Abs(hn::Sub(x0, fixed));
  const auto widen = [&](auto x) { far = hn::Max(far, hn::Abs(hn::Sub(x, fixed))); };
  widen(x1), widen(x2), widen(x3), widen(x4), widen(x5), widen(x6);
  widen(x7), widen(x8), widen(x9), widen(x10), widen(x11);
  FmaRun out;
  out.residual = static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, far))) / 3.25;
  out.flop = 2.0 * 12.0 * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
  return out;
}

FmaRun Fp64(std::int64_t rounds) { return Chains<double>(rounds); }
FmaRun Fp32(std::int64_t rounds) { return Chains<float>(rounds); }
const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Fp64);
HWY_EXPORT(Fp32);
HWY_EXPORT(Target);

FmaRun fma_fp64(std::int64_t rounds) { return HWY_DYNAMIC_DISPATCH(Fp64)(rounds); }
FmaRun fma_fp32(std::int64_t rounds) { return HWY_DYNAMIC_DISPATCH(Fp32)(rounds); }
std::string fma_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
