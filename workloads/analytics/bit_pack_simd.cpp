// SPDX-License-Identifier: Apache-2.0
#include "model/core/simd_name.h"
#include "workloads/analytics/bit_pack.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/bit_pack_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D32 = hn::CappedTag<std::uint32_t, kPackLanes>;
using V32 = hn::Vec<D32>;

/// The k-th numbers of the lanes that begin at `words`.
HWY_INLINE V32 NumbersAt(D32 d, const std::uint32_t* words, int bits, int k, V32 mask) {
  const int at = k * bits, shift = at % 32;
  const std::uint32_t* word = words + static_cast<std::size_t>(at / 32) * kPackLanes;
  const V32 low = hn::ShiftRightSame(hn::LoadU(d, word), shift);
  if (shift + bits <= 32) return hn::And(low, mask);
  return hn::And(hn::Or(low, hn::ShiftLeftSame(hn::LoadU(d, word + kPackLanes), 32 - shift)), mask);
}

template <class Use>
HWY_INLINE void EachNumber(D32 d, const std::uint32_t* words, std::size_t groups, int bits, const Use& use) {
  const V32 mask = hn::Set(d, (1U << bits) - 1);
  for (std::size_t g = 0; g < groups; ++g, words += packed_word(bits))
    for (int k = 0; k < 32; ++k)
      for (std::size_t lane = 0; lane < kPackLanes; lane += hn::Lanes(d))
        use(NumbersAt(d, words + lane, bits, k, mask),
            g * kPackGroup + static_cast<std::size_t>(k) * kPackLanes + lane);
}

void Unpack(const std::uint32_t* words, std::size_t groups, int bits, std::uint32_t* numbers) {
  const D32 d;
  EachNumber(d, words, groups, bits, [&](V32 v, std::size_t i) { hn::StoreU(v, d, numbers + i); });
}

void UnpackDictionary(const std::uint32_t* words, std::size_t groups, int bits, const std::uint32_t* entries,
                      std::uint32_t* numbers) {
  const D32 d;
  const hn::RebindToSigned<D32> di;
  EachNumber(d, words, groups, bits, [&](V32 v, std::size_t i) {
    hn::StoreU(hn::GatherIndex(d, entries, hn::BitCast(di, v)), d, numbers + i);
  });
}

/// 32 rows of each lane of one vector of lanes, summed in 32 bits.
template <int kDate, int kDiscount, int kQuantity, int kPrice>
HWY_INLINE V32 Lanes(D32 d, const PackedRows& r, std::size_t lane) {
  const V32 m_date = hn::Set(d, (1U << kDate) - 1), m_discount = hn::Set(d, (1U << kDiscount) - 1),
            m_quantity = hn::Set(d, (1U << kQuantity) - 1), m_price = hn::Set(d, (1U << kPrice) - 1);
  const hn::RebindToSigned<D32> di;
  const auto from = hn::Set(di, 729), to = hn::Set(di, 1095), four = hn::Set(di, 4), eight = hn::Set(di, 8),
             limit = hn::Set(di, 24);
  V32 sum = hn::Zero(d);
#if HWY_COMPILER_GCC && !HWY_COMPILER_CLANG
#pragma GCC unroll 32
#endif
  for (int k = 0; k < 32; ++k) {
    const auto date = hn::BitCast(di, NumbersAt(d, r.date + lane, kDate, k, m_date));
    const auto discount = hn::BitCast(di, NumbersAt(d, r.discount + lane, kDiscount, k, m_discount));
    const auto quantity = hn::BitCast(di, NumbersAt(d, r.quantity + lane, kQuantity, k, m_quantity));
    const auto price = hn::BitCast(di, NumbersAt(d, r.price + lane, kPrice, k, m_price));
    const auto keep = hn::And(hn::And(hn::And(hn::Gt(date, from), hn::Lt(date, to)),
                                      hn::And(hn::Gt(discount, four), hn::Lt(discount, eight))),
                              hn::Lt(quantity, limit));
    sum = hn::Add(sum, hn::BitCast(d, hn::IfThenElseZero(keep, hn::Mul(price, discount))));
  }
  return sum;
}

std::uint64_t Revenue(const PackedRows& rows, std::size_t groups) {
  const D32 d;
  PackedRows r = rows;
  std::uint64_t sum = 0;
  HWY_ALIGN std::uint32_t lanes[kPackLanes];
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t lane = 0; lane < kPackLanes; lane += hn::Lanes(d))
      hn::StoreU(Lanes<kDateBits, kDiscountBits, kQuantityBits, kPriceBits>(d, r, lane), d, lanes + lane);
    for (const std::uint32_t lane : lanes) sum += lane;
    r.date += packed_word(kDateBits);
    r.discount += packed_word(kDiscountBits);
    r.quantity += packed_word(kQuantityBits);
    r.price += packed_word(kPriceBits);
  }
  return sum;
}

std::uint64_t Sum(const std::uint32_t* numbers, std::size_t n) {
  std::size_t i = 0;
  std::uint64_t sum = 0;
#if HWY_TARGET != HWY_SCALAR
  const D32 d;
  const hn::Repartition<std::uint64_t, D32> d64;
  const auto low = hn::Set(d64, 0xFFFFFFFFU);
  auto even = hn::Zero(d64), odd = hn::Zero(d64);
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    const auto two = hn::BitCast(d64, hn::LoadU(d, numbers + i));
    even = hn::Add(even, hn::And(two, low));
    odd = hn::Add(odd, hn::ShiftRight<32>(two));
  }
  sum = hn::GetLane(hn::SumOfLanes(d64, hn::Add(even, odd)));
#endif
  for (; i < n; ++i) sum += numbers[i];
  return sum;
}

std::size_t Expand(const NumberRun* runs, std::size_t n, std::uint32_t* numbers) {
  const hn::CappedTag<std::uint32_t, 16> d;
  std::size_t at = 0;
  for (std::size_t r = 0; r < n; ++r) {
    const auto number = hn::Set(d, runs[r].number);
    for (std::size_t k = 0; k < runs[r].length; k += hn::Lanes(d)) hn::StoreU(number, d, numbers + at + k);
    at += runs[r].length;
  }
  return at;
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Unpack);
HWY_EXPORT(UnpackDictionary);
HWY_EXPORT(Revenue);
HWY_EXPORT(Sum);
HWY_EXPORT(Expand);
HWY_EXPORT(Target);

void unpack_groups(const std::uint32_t* words, std::size_t groups, int bits, std::uint32_t* numbers) {
  HWY_DYNAMIC_DISPATCH(Unpack)(words, groups, bits, numbers);
}
void unpack_dictionary(const std::uint32_t* words, std::size_t groups, int bits, const std::uint32_t* entries,
                       std::uint32_t* numbers) {
  HWY_DYNAMIC_DISPATCH(UnpackDictionary)(words, groups, bits, entries, numbers);
}
std::uint64_t packed_revenue(const PackedRows& rows, std::size_t groups) {
  return HWY_DYNAMIC_DISPATCH(Revenue)(rows, groups);
}
std::uint64_t sum_numbers(const std::uint32_t* numbers, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(Sum)(numbers, n);
}
std::size_t expand_runs(const NumberRun* runs, std::size_t n, std::uint32_t* numbers) {
  return HWY_DYNAMIC_DISPATCH(Expand)(runs, n, numbers);
}
std::string bit_pack_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
