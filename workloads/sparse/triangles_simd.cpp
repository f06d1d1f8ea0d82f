// SPDX-License-Identifier: Apache-2.0
#include "model/core/ports.h"
#include "workloads/sparse/triangles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/sparse/triangles_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D32 = hn::CappedTag<std::int32_t, 16>;

/// How many of the marked vertices stand in [from, to).
std::int64_t Probe(const std::int32_t* from, const std::int32_t* to, const std::uint32_t* bits) {
  const D32 d;
  const hn::RebindToUnsigned<D32> du;
  const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
  auto sum = hn::Zero(du);
  for (; to - from >= lanes; from += lanes) {
    const auto w = hn::LoadU(d, from);
    const auto word = hn::GatherIndex(du, bits, hn::ShiftRight<5>(w));
    const auto bit = hn::Shr(word, hn::And(hn::BitCast(du, w), hn::Set(du, 31)));
    sum = hn::Add(sum, hn::And(bit, hn::Set(du, 1)));
  }
  std::int64_t count = hn::GetLane(hn::SumOfLanes(du, sum));
  for (; from < to; ++from) count += bits[*from >> 5] >> (*from & 31) & 1;
  return count;
}

std::int64_t Count(const Oriented& g, std::int64_t begin, std::int64_t end, std::uint32_t* bits) {
  std::int64_t count = 0;
  const std::int32_t* const to = g.to.data();
  const std::int64_t* const p = g.pointer.data();
  for (std::int64_t u = begin; u < end; ++u) {
    if (u % 4096 == 0 && Interrupt::requested()) return count;
    for (std::int64_t k = p[u]; k < p[u + 1]; ++k) bits[to[k] >> 5] |= 1u << (to[k] & 31);
    for (std::int64_t k = p[u]; k < p[u + 1]; ++k) count += Probe(to + p[to[k]], to + p[to[k] + 1], bits);
    for (std::int64_t k = p[u]; k < p[u + 1]; ++k) bits[to[k] >> 5] = 0;
  }
  return count;
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Count);

std::int64_t triangles(const Oriented& graph, std::int64_t begin, std::int64_t end, std::uint32_t* bits) {
  return HWY_DYNAMIC_DISPATCH(Count)(graph, begin, end, bits);
}

}  // namespace ridgepoint
#endif
