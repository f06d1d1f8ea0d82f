// SPDX-License-Identifier: Apache-2.0
#include "probes/simd_stream.h"

#include <hwy/cache_control.h>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "probes/simd_stream.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

double Read(const double* HWY_RESTRICT a, std::size_t n) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  // Four sums: enough independent adds that the loads, not the add latency, set the pace.
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  for (std::size_t i = 0; i < n; i += 4 * lanes) {
    s0 = hn::Add(s0, hn::Load(d, a + i));
    s1 = hn::Add(s1, hn::Load(d, a + i + lanes));
    s2 = hn::Add(s2, hn::Load(d, a + i + 2 * lanes));
    s3 = hn::Add(s3, hn::Load(d, a + i + 3 * lanes));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

void Copy(const double* HWY_RESTRICT a, double* HWY_RESTRICT c, std::size_t n) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < n; i += lanes) hn::Stream(hn::Load(d, a + i), d, c + i);
  hwy::FlushStream();
}

void Triad(const double* HWY_RESTRICT a, const double* HWY_RESTRICT b, double s, double* HWY_RESTRICT c,
           std::size_t n) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, s);
  for (std::size_t i = 0; i < n; i += lanes)
    hn::Stream(hn::MulAdd(factor, hn::Load(d, b + i), hn::Load(d, a + i)), d, c + i);
  hwy::FlushStream();
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Read);
HWY_EXPORT(Copy);
HWY_EXPORT(Triad);
HWY_EXPORT(Target);

double stream_read(const double* a, std::size_t n) { return HWY_DYNAMIC_DISPATCH(Read)(a, n); }
void stream_copy(const double* a, double* c, std::size_t n) { HWY_DYNAMIC_DISPATCH(Copy)(a, c, n); }
void stream_triad(const double* a, const double* b, double s, double* c, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(Triad)(a, b, s, c, n);
}
std::string stream_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
