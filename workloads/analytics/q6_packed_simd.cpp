// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q6_packed_simd.h"

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/q6_packed_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
constexpr std::size_t kMost = 1;
#else
constexpr std::size_t kMost = 64;  ///< bytes of a vector: a block's lanes
#endif
using D8 = hn::CappedTag<std::int8_t, kMost>;
using D16 = hn::CappedTag<std::int16_t, (kMost + 1) / 2>;
using D32 = hn::CappedTag<std::int32_t, (kMost + 3) / 4>;
using D64 = hn::CappedTag<std::uint64_t, (kMost + 7) / 8>;
using V64 = hn::Vec<D64>;

/// Unsigned words of 32 bits added in pairs.
HWY_INLINE V64 AddPairs(V64 sum, hn::Vec<D32> v) {
  const D64 wide;
#if HWY_TARGET == HWY_SCALAR
  return hn::Add(sum, hn::PromoteTo(wide, hn::BitCast(hn::RebindToUnsigned<D32>(), v)));
#else
  const auto pair = hn::BitCast(wide, v);
  const auto even = hn::And(pair, hn::Set(wide, 0xFFFFFFFFu));
  return hn::Add(sum, hn::Add(even, hn::ShiftRight<32>(pair)));
#endif
}

/// Three words a lane at `w`, `lanes` apart: calls put(k, value) for the four values in them.
template <class D, class T, class Put>
HWY_INLINE void Unpack4(D d, const T* HWY_RESTRICT w, std::size_t lanes, const Put& put) {
  const hn::RebindToUnsigned<D> u;
  constexpr int kWord = sizeof(T) * 8, kQuarter = kWord / 4;
  const auto mask = hn::Set(u, static_cast<T>((T{1} << (3 * kQuarter)) - 1));
  const auto w0 = hn::LoadU(u, w), w1 = hn::LoadU(u, w + lanes), w2 = hn::LoadU(u, w + 2 * lanes);
  put(0, hn::BitCast(d, hn::And(w0, mask)));
  put(1,
      hn::BitCast(d, hn::Or(hn::ShiftRight<3 * kQuarter>(w0), hn::And(hn::ShiftLeft<kQuarter>(w1), mask))));
  put(2, hn::BitCast(
             d, hn::Or(hn::ShiftRight<2 * kQuarter>(w1), hn::And(hn::ShiftLeft<2 * kQuarter>(w2), mask))));
  put(3, hn::BitCast(d, hn::ShiftRight<kQuarter>(w2)));
}

/// Discounts of the rows that pass discount and quantity, 0 elsewhere, in row order.
HWY_INLINE void KeepByteWide(const std::uint8_t* HWY_RESTRICT discount,
                             const std::uint8_t* HWY_RESTRICT quantity, std::int8_t* HWY_RESTRICT kept) {
  const D8 d;
  const hn::RebindToUnsigned<D8> u;
  const auto four = hn::Set(d, 4), eight = hn::Set(d, 8), limit = hn::Set(d, 24);
  const auto low = hn::Set(u, 15);
  for (std::size_t lane = 0; lane < 64; lane += hn::Lanes(d))
    for (std::size_t group = 0; group < 2; ++group) {
      const auto* pair = discount + lane + group * 128;
      const auto d01 = hn::LoadU(u, pair), d23 = hn::LoadU(u, pair + 64);
      Unpack4(d, quantity + lane + group * 192, 64, [&](std::size_t k, hn::Vec<D8> q) HWY_ATTR {
        const auto word = k < 2 ? d01 : d23;
        const auto v = hn::BitCast(d, k % 2 == 0 ? hn::And(word, low) : hn::ShiftRight<4>(word));
        const auto keep = hn::And(hn::And(hn::Gt(v, four), hn::Lt(v, eight)), hn::Lt(q, limit));
        hn::StoreU(hn::IfThenElseZero(keep, v), d, kept + (group * 4 + k) * 64 + lane);
      });
    }
}

/// Of those, the ones whose date passes too, in 16 bits.
HWY_INLINE void KeepDates(const std::uint16_t* HWY_RESTRICT date, const std::int8_t* HWY_RESTRICT kept8,
                          std::int16_t* HWY_RESTRICT kept16, std::int32_t from) {
  const D16 d;
  const hn::Rebind<std::int8_t, D16> d8;
  const auto before = hn::Set(d, static_cast<std::int16_t>(from - 1)),
             after = hn::Set(d, static_cast<std::int16_t>(from + 365));
  for (std::size_t lane = 0; lane < 32; lane += hn::Lanes(d))
    for (std::size_t group = 0; group < 4; ++group)
      Unpack4(d, date + lane + group * 96, 32, [&](std::size_t k, hn::Vec<D16> v) HWY_ATTR {
        const std::size_t row = (group * 4 + k) * 32 + lane;
        const auto keep = hn::And(hn::Gt(v, before), hn::Lt(v, after));
        hn::StoreU(hn::IfThenElseZero(keep, hn::PromoteTo(d, hn::LoadU(d8, kept8 + row))), d, kept16 + row);
      });
}

/// The sum and the block's products. One lane adds 32 of them, each at most 7 (2^24 - 1): below 2^32.
HWY_INLINE V64 AddBlock(V64 total, const std::uint32_t* HWY_RESTRICT price,
                        const std::int16_t* HWY_RESTRICT kept) {
  const D32 d;
  const hn::Rebind<std::int16_t, D32> d16;
  for (std::size_t lane = 0; lane < 16; lane += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (std::size_t group = 0; group < 8; ++group)
      Unpack4(d, price + lane + group * 48, 16, [&](std::size_t k, hn::Vec<D32> v) HWY_ATTR {
        const auto discount = hn::PromoteTo(d, hn::LoadU(d16, kept + (group * 4 + k) * 16 + lane));
        sum = hn::Add(sum, hn::Mul(v, discount));
      });
    total = AddPairs(total, sum);
  }
  return total;
}

std::int64_t Sum(const Q6Packed& c, std::size_t begin, std::size_t end, std::int32_t from) {
  HWY_ALIGN std::int8_t kept8[kQ6Block];
  HWY_ALIGN std::int16_t kept16[kQ6Block];
  V64 total = hn::Zero(D64());
  for (std::size_t block = begin; block < end; ++block) {
    KeepByteWide(c.discount + block * kQ6DiscountByte, c.quantity + block * kQ6QuantityByte, kept8);
    KeepDates(c.date + block * kQ6DateByte / 2, kept8, kept16, from);
    total = AddBlock(total, c.price + block * kQ6PriceByte / 4, kept16);
  }
  return static_cast<std::int64_t>(hn::GetLane(hn::SumOfLanes(D64(), total)));
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
namespace {
HWY_EXPORT(Sum);
HWY_EXPORT(Target);

/// The reverse of Unpack4 over a block: `lanes` lanes, four values in three words.
template <class T>
void pack34(const T* values, T* words, std::size_t lanes) {
  constexpr int kQuarter = sizeof(T) * 2;
  for (std::size_t group = 0; group < kQ6Block / lanes / 4; ++group)
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const T* v = values + group * 4 * lanes + lane;
      T* w = words + group * 3 * lanes + lane;
      const auto v0 = v[0], v1 = v[lanes], v2 = v[2 * lanes], v3 = v[3 * lanes];
      w[0] = static_cast<T>(v0 | v1 << (3 * kQuarter));
      w[lanes] = static_cast<T>(v1 >> kQuarter | v2 << (2 * kQuarter));
      w[2 * lanes] = static_cast<T>(v2 >> (2 * kQuarter) | v3 << kQuarter);
    }
}

}  // namespace

void q6_pack(const Q6Rows& rows, const Q6Packed& c, std::size_t block) {
  pack34(rows.date, c.date + block * kQ6DateByte / 2, 32);
  pack34(rows.quantity, c.quantity + block * kQ6QuantityByte, 64);
  pack34(rows.price, c.price + block * kQ6PriceByte / 4, 16);
  for (std::size_t word = 0; word < 4; ++word)
    for (std::size_t lane = 0; lane < 64; ++lane)
      c.discount[block * kQ6DiscountByte + word * 64 + lane] = static_cast<std::uint8_t>(
          rows.discount[word * 128 + lane] | rows.discount[word * 128 + 64 + lane] << 4);
}

std::int64_t q6_packed_sum(const Q6Packed& columns, std::size_t begin, std::size_t end, std::int32_t from) {
  return HWY_DYNAMIC_DISPATCH(Sum)(columns, begin, end, from);
}

std::string q6_packed_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
