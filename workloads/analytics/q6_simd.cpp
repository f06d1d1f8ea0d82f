// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q6_simd.h"

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/q6_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D64 = hn::ScalableTag<std::int64_t>;
using V64 = hn::Vec<D64>;

/// price * discount, both below 2^31: one 32 x 32 -> 64 multiply where the set has it, because a full 64-bit
/// multiply is emulated below AVX-512.
V64 Product(V64 price, V64 discount) {
#if HWY_TARGET == HWY_SCALAR
  return hn::Mul(price, discount);
#else
  const hn::Repartition<std::int32_t, D64> d32;
  return hn::MulEven(hn::BitCast(d32, price), hn::BitCast(d32, discount));
#endif
}

std::int64_t Sum(const Q6Columns& c, std::size_t begin, std::size_t end, std::int32_t from) {
  const D64 d;
  const hn::Rebind<std::int32_t, D64> d_date;
  const std::size_t lanes = hn::Lanes(d);
  // Strict bounds on both sides: 64-bit "greater than" is the comparison every set has.
  const auto before = hn::Set(d, std::int64_t{from} - 1), after = hn::Set(d, std::int64_t{from} + 365);
  const auto four = hn::Set(d, 4), eight = hn::Set(d, 8), limit = hn::Set(d, 24);
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d);
  const auto row = [&](std::size_t i) {
    const auto date = hn::PromoteTo(d, hn::LoadU(d_date, c.date + i));
    const auto discount = hn::LoadU(d, c.discount + i);
    const auto keep = hn::And(hn::And(hn::And(hn::Gt(date, before), hn::Lt(date, after)),
                                      hn::And(hn::Gt(discount, four), hn::Lt(discount, eight))),
                              hn::Lt(hn::LoadU(d, c.quantity + i), limit));
    return hn::IfThenElseZero(keep, Product(hn::LoadU(d, c.price + i), discount));
  };
  std::size_t i = begin;
  for (; i + 2 * lanes <= end; i += 2 * lanes) {
    sum0 = hn::Add(sum0, row(i));
    sum1 = hn::Add(sum1, row(i + lanes));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1))) + q6_reference(c, i, end, from);
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Sum);
HWY_EXPORT(Target);

std::int64_t q6_sum(const Q6Columns& columns, std::size_t begin, std::size_t end, std::int32_t from) {
  return HWY_DYNAMIC_DISPATCH(Sum)(columns, begin, end, from);
}

std::int64_t q6_reference(const Q6Columns& c, std::size_t begin, std::size_t end, std::int32_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = begin; i < end; ++i)
    if (c.date[i] >= from && c.date[i] < from + 365 && c.discount[i] >= 5 && c.discount[i] <= 7 &&
        c.quantity[i] < 24)
      sum += c.price[i] * c.discount[i];
  return sum;
}

std::string q6_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
