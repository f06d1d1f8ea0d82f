// SPDX-License-Identifier: Apache-2.0
#include "model/core/simd_gather.h"

#include "model/core/random.h"
#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/core/simd_gather.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#ifndef RIDGEPOINT_GATHER_ONCE
#define RIDGEPOINT_GATHER_ONCE
namespace ridgepoint {
namespace {

constexpr std::size_t kMostLanes = 256;
constexpr std::size_t kStreams = 4;  ///< vectors at work: enough that no generator's latency shows

/// First state of one lane's generator; never zero.
template <class T>
T first_state(std::uint64_t seed, std::size_t lane) {
  return static_cast<T>(random_bits(seed, lane)) | 1;
}

}  // namespace
}  // namespace ridgepoint
#endif

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V>
V Next(D d, V x) {
  constexpr bool kNarrow = sizeof(hn::TFromD<D>) == 4;
  constexpr int kRight = kNarrow ? 17 : 7, kLeft = kNarrow ? 5 : 17;
  (void)d;
  x = hn::Xor(x, hn::ShiftLeft<13>(x));
  x = hn::Xor(x, hn::ShiftRight<kRight>(x));
  return hn::Xor(x, hn::ShiftLeft<kLeft>(x));
}

template <class T>
T Gather(const T* HWY_RESTRICT table, T mask, std::uint64_t seed, std::size_t count) {
  const hn::ScalableTag<T> d;
  const hn::RebindToSigned<decltype(d)> di;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN T states[kStreams * kMostLanes];
  for (std::size_t i = 0; i < kStreams * lanes; ++i) states[i] = first_state<T>(seed, i);
  auto x0 = hn::Load(d, states), x1 = hn::Load(d, states + lanes), x2 = hn::Load(d, states + 2 * lanes),
       x3 = hn::Load(d, states + 3 * lanes);
  const auto m = hn::Set(d, mask);
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  for (std::size_t i = 0; i < count; i += kStreams * lanes) {
    s0 = hn::Add(s0, hn::GatherIndex(d, table, hn::BitCast(di, hn::And(x0, m))));
    s1 = hn::Add(s1, hn::GatherIndex(d, table, hn::BitCast(di, hn::And(x1, m))));
    s2 = hn::Add(s2, hn::GatherIndex(d, table, hn::BitCast(di, hn::And(x2, m))));
    s3 = hn::Add(s3, hn::GatherIndex(d, table, hn::BitCast(di, hn::And(x3, m))));
    x0 = Next(d, x0);
    x1 = Next(d, x1);
    x2 = Next(d, x2);
    x3 = Next(d, x3);
  }
  hn::Store(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), d, states);
  T sum = 0;
  for (std::size_t i = 0; i < lanes; ++i) sum += states[i];
  return sum;
}

std::uint32_t Gather32(const std::uint32_t* table, std::uint32_t mask, std::uint64_t seed,
                       std::size_t count) {
  return Gather(table, mask, seed, count);
}
std::uint64_t Gather64(const std::uint64_t* table, std::uint64_t mask, std::uint64_t seed,
                       std::size_t count) {
  return Gather(table, mask, seed, count);
}
std::size_t Bits() { return hn::Lanes(hn::ScalableTag<std::uint8_t>()) * 8; }

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Gather32);
HWY_EXPORT(Gather64);
HWY_EXPORT(Bits);
HWY_EXPORT(Target);

namespace {

template <class T>
T plain(const T* table, T mask, std::uint64_t seed, std::size_t count) {
  constexpr bool kNarrow = sizeof(T) == 4;
  const std::size_t streams = kStreams * HWY_DYNAMIC_DISPATCH(Bits)() / (8 * sizeof(T));
  T sum = 0;
  for (std::size_t s = 0; s < streams; ++s) {
    T x = first_state<T>(seed, s);
    for (std::size_t i = 0; i < count / streams; ++i) {
      sum += table[x & mask];
      x ^= x << 13;
      x ^= x >> (kNarrow ? 17 : 7);
      x ^= x << (kNarrow ? 5 : 17);
    }
  }
  return sum;
}

}  // namespace

std::uint32_t gather_sum(const std::uint32_t* table, std::uint32_t mask, std::uint64_t seed,
                         std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(Gather32)(table, mask, seed, count);
}
std::uint64_t gather_sum(const std::uint64_t* table, std::uint64_t mask, std::uint64_t seed,
                         std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(Gather64)(table, mask, seed, count);
}
std::uint32_t gather_sum_plain(const std::uint32_t* table, std::uint32_t mask, std::uint64_t seed,
                               std::size_t count) {
  return plain(table, mask, seed, count);
}
std::uint64_t gather_sum_plain(const std::uint64_t* table, std::uint64_t mask, std::uint64_t seed,
                               std::size_t count) {
  return plain(table, mask, seed, count);
}
std::string gather_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
