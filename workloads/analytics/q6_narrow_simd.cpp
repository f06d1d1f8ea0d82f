// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q6_narrow_simd.h"

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/q6_narrow_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D32 = hn::ScalableTag<std::int32_t>;
using V32 = hn::Vec<D32>;

std::int64_t RowByRow(const Q6Narrow& c, std::size_t begin, std::size_t end, std::int32_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = begin; i < end; ++i)
    if (c.date[i] >= from && c.date[i] < from + 365 && c.discount[i] >= 5 && c.discount[i] <= 7 &&
        c.quantity[i] < 24)
      sum += std::int64_t{c.price[i]} * c.discount[i];
  return sum;
}

/// Asks for the lines of the `rows` rows that come 256 later: four streams at once are more than the hardware
/// keeps ahead of (0.83 to 1.0 of the read roof).
template <class T>
HWY_INLINE void Ahead(const T* column, std::size_t rows) {
  const char* at = reinterpret_cast<const char*>(column + 256);
  for (std::size_t k = 0; k < rows * sizeof(T); k += 64) __builtin_prefetch(at + k);
}

#if HWY_TARGET == HWY_SCALAR
std::int64_t Sum(const Q6Narrow& c, std::size_t begin, std::size_t end, std::int32_t from) {
  return RowByRow(c, begin, end, from);
}
#else
std::int64_t Sum(const Q6Narrow& c, std::size_t begin, std::size_t end, std::int32_t from) {
  const D32 d;
  const hn::RepartitionToWide<D32> wide;
  const hn::Rebind<std::uint16_t, D32> d16;
  const hn::Rebind<std::uint8_t, D32> d8;
  const std::size_t lanes = hn::Lanes(d);
  const auto before = hn::Set(d, from - 1), after = hn::Set(d, from + 365);
  const auto four = hn::Set(d, 4), eight = hn::Set(d, 8), limit = hn::Set(d, 24);
  const auto low = hn::Set(wide, std::int64_t{0xFFFFFFFF});
  const auto row = [&](std::size_t i) HWY_ATTR {
    const V32 date = hn::PromoteTo(d, hn::LoadU(d16, c.date + i));
    const V32 discount = hn::PromoteTo(d, hn::LoadU(d8, c.discount + i));
    const V32 quantity = hn::PromoteTo(d, hn::LoadU(d8, c.quantity + i));
    const V32 price = hn::BitCast(d, hn::LoadU(hn::RebindToUnsigned<D32>(), c.price + i));
    const auto keep = hn::And(hn::And(hn::And(hn::Gt(date, before), hn::Lt(date, after)),
                                      hn::And(hn::Gt(discount, four), hn::Lt(discount, eight))),
                              hn::Lt(quantity, limit));
    return hn::Mul(price, hn::IfThenElseZero(keep, discount));  // below 2^27
  };
  auto even = hn::Zero(wide), odd = even;
  std::size_t i = begin;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    Ahead(c.date + i, 4 * lanes), Ahead(c.discount + i, 4 * lanes);
    Ahead(c.quantity + i, 4 * lanes), Ahead(c.price + i, 4 * lanes);
    const V32 four_rows =
        hn::Add(hn::Add(row(i), row(i + lanes)), hn::Add(row(i + 2 * lanes), row(i + 3 * lanes)));
    const auto pair = hn::BitCast(wide, four_rows);  // below 2^29 each
    even = hn::Add(even, hn::And(pair, low));
    odd = hn::Add(odd, hn::ShiftRight<32>(pair));
  }
  return hn::GetLane(hn::SumOfLanes(wide, hn::Add(even, odd))) + RowByRow(c, i, end, from);
}
#endif

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
namespace {
HWY_EXPORT(Sum);
HWY_EXPORT(Target);
}  // namespace

std::int64_t q6_narrow_sum(const Q6Narrow& columns, std::size_t begin, std::size_t end, std::int32_t from) {
  return HWY_DYNAMIC_DISPATCH(Sum)(columns, begin, end, from);
}

std::string q6_narrow_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
