// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q1_simd.h"

#include <algorithm>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/q1_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

void RowByRow(const Q1Columns& c, std::size_t begin, std::size_t end, std::int32_t last, Q1Groups& groups) {
  for (std::size_t i = begin; i < end; ++i) {
    if (c.date[i] > last) continue;
    const std::int64_t discounted = c.price[i] * (100 - c.discount[i]);
    groups[static_cast<std::size_t>(c.return_flag[i] * 2 + c.line_status[i])].add(
        {1, c.quantity[i], c.price[i], c.discount[i], discounted, discounted * (100 + c.tax[i])});
  }
}

#if HWY_TARGET == HWY_SCALAR
void Sum(const Q1Columns& c, std::size_t begin, std::size_t end, std::int32_t last, Q1Groups& groups) {
  RowByRow(c, begin, end, last, groups);
}
#else
using D64 = hn::ScalableTag<std::int64_t>;
using V = hn::Vec<D64>;

constexpr std::size_t kSteps = 512;             ///< vectors of a block: how often a lane is added to
constexpr int kQuantityAt = 34, kCountAt = 50;  ///< price below 2^33, quantity 2^16, count 2^10 in a block
constexpr int kDiscountAt = 48;                 ///< discounted below 2^40, discount 2^13

HWY_INLINE V Times(V x, V y) {
  const hn::Repartition<std::int32_t, D64> d32;
  return hn::MulEven(hn::BitCast(d32, x), hn::BitCast(d32, y));
}

HWY_INLINE void Add(V group, V code, V x, V y, V z, V& a, V& b, V& c) {
  const auto here = hn::Eq(code, group);
  a = hn::IfThenElse(here, hn::Add(a, x), a);
  b = hn::IfThenElse(here, hn::Add(b, y), b);
  c = hn::IfThenElse(here, hn::Add(c, z), c);
}

HWY_INLINE std::int64_t Total(V v) { return hn::GetLane(hn::SumOfLanes(D64(), v)); }

HWY_INLINE void Flush(V a, V b, V c, Q1Group& group) {
  const D64 d;
  const auto bits = [&](V v, int n) HWY_ATTR { return hn::And(v, hn::Set(d, (std::int64_t{1} << n) - 1)); };
  group.add({Total(hn::ShiftRight<kCountAt>(a)),
             Total(bits(hn::ShiftRight<kQuantityAt>(a), kCountAt - kQuantityAt)), Total(bits(a, kQuantityAt)),
             Total(hn::ShiftRight<kDiscountAt>(b)), Total(bits(b, kDiscountAt)), Total(c)});
}

/// A block of whole vectors.
void Block(const Q1Columns& c, std::size_t begin, std::size_t end, std::int32_t last, Q1Groups& groups) {
  const D64 d;
  const hn::Rebind<std::int32_t, D64> d32;
  const hn::Rebind<std::uint8_t, D64> d8;
  const auto latest = hn::Set(d32, last), none = hn::Set(d32, -1);
  const auto hundred = hn::Set(d, 100), one_row = hn::Set(d, std::int64_t{1} << kCountAt);
  V a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0,
    b4 = a0, b5 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0, c4 = a0, c5 = a0;
  const V g0 = a0, g1 = hn::Set(d, 1), g2 = hn::Set(d, 2), g3 = hn::Set(d, 3), g4 = hn::Set(d, 4),
          g5 = hn::Set(d, 5);
  for (std::size_t i = begin; i < end; i += hn::Lanes(d)) {
    const auto flag = hn::PromoteTo(d32, hn::LoadU(d8, c.return_flag + i));
    const auto status = hn::PromoteTo(d32, hn::LoadU(d8, c.line_status + i));
    const auto late = hn::Gt(hn::LoadU(d32, c.date + i), latest);
    const V code = hn::PromoteTo(d, hn::IfThenElse(late, none, hn::Add(hn::Add(flag, flag), status)));
    const V price = hn::LoadU(d, c.price + i), discount = hn::LoadU(d, c.discount + i);
    const V discounted = Times(price, hn::Sub(hundred, discount));  // below 2^31
    const V charge = Times(discounted, hn::Add(hundred, hn::LoadU(d, c.tax + i)));
    const V a = hn::Add(hn::Add(price, one_row), hn::ShiftLeft<kQuantityAt>(hn::LoadU(d, c.quantity + i)));
    const V b = hn::Add(discounted, hn::ShiftLeft<kDiscountAt>(discount));
    Add(g0, code, a, b, charge, a0, b0, c0);
    Add(g1, code, a, b, charge, a1, b1, c1);
    Add(g2, code, a, b, charge, a2, b2, c2);
    Add(g3, code, a, b, charge, a3, b3, c3);
    Add(g4, code, a, b, charge, a4, b4, c4);
    Add(g5, code, a, b, charge, a5, b5, c5);
  }
  Flush(a0, b0, c0, groups[0]);
  Flush(a1, b1, c1, groups[1]);
  Flush(a2, b2, c2, groups[2]);
  Flush(a3, b3, c3, groups[3]);
  Flush(a4, b4, c4, groups[4]);
  Flush(a5, b5, c5, groups[5]);
}

void Sum(const Q1Columns& c, std::size_t begin, std::size_t end, std::int32_t last, Q1Groups& groups) {
  const std::size_t lanes = hn::Lanes(D64()), whole = begin + (end - begin) / lanes * lanes;
  for (std::size_t i = begin; i < whole; i += kSteps * lanes)
    Block(c, i, std::min(i + kSteps * lanes, whole), last, groups);
  RowByRow(c, whole, end, last, groups);
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

void q1_sum(const Q1Columns& columns, std::size_t begin, std::size_t end, std::int32_t last,
            Q1Groups& groups) {
  HWY_DYNAMIC_DISPATCH(Sum)(columns, begin, end, last, groups);
}

std::string q1_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
