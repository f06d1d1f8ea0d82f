// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/spmv_simd.h"

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/sparse/spmv_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#ifndef RIDGEPOINT_SPMV_ONCE
#define RIDGEPOINT_SPMV_ONCE
namespace ridgepoint {
namespace {

/// Entries read ahead of use: 4 KiB of values. One core reads faster so than with what the hardware
/// prefetches, which stops at the end of a page.
constexpr std::int64_t kAhead = 512;
constexpr std::int64_t kMostLanes = 16;

inline void fetch_ahead(const double* value, const std::int32_t* column, std::int64_t at) {
  __builtin_prefetch(value + at + kAhead);
  if ((at & 8) != 0) __builtin_prefetch(column + at + kAhead);
}

}  // namespace
}  // namespace ridgepoint
#endif

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D64 = hn::CappedTag<double, kMostLanes>;
using Index = hn::Rebind<std::int32_t, D64>;

std::int64_t Lanes() { return static_cast<std::int64_t>(hn::Lanes(D64())); }

/// Three sums: the latency of the addition stays hidden on rows of 27.
double Dot(const CsrView& m, std::int64_t k, std::int64_t stop) {
  const double* HWY_RESTRICT const value = m.value;
  const std::int32_t* HWY_RESTRICT const column = m.column;
  const double* HWY_RESTRICT const x = m.x;
  double s0 = 0, s1 = 0, s2 = 0;
  for (std::int64_t q = k & ~std::int64_t{7}; q < stop; q += 8) fetch_ahead(value, column, q);
  for (; k + 3 <= stop; k += 3) {
    s0 += value[k] * x[column[k]];
    s1 += value[k + 1] * x[column[k + 1]];
    s2 += value[k + 2] * x[column[k + 2]];
  }
  for (; k < stop; ++k) s0 += value[k] * x[column[k]];
  return s0 + s1 + s2;
}

void Rows(const CsrView& m, std::int64_t begin, std::int64_t end) {
  for (std::int64_t row = begin; row < end; ++row) m.y[row] = Dot(m, m.pointer[row], m.pointer[row + 1]);
}

template <class V>
void StoreRows(const SellView& m, std::int64_t chunk, V sum) {
  const D64 d;
  const std::int64_t lanes = Lanes(), first = chunk * lanes;
  if (m.order == nullptr && first + lanes <= m.rows) {
    hn::StoreU(sum, d, m.y + first);
    return;
  }
  HWY_ALIGN double sums[kMostLanes];
  hn::Store(sum, d, sums);
  for (std::int64_t l = 0; l < lanes; ++l) {
    const std::int64_t row = m.order != nullptr ? m.order[first + l] : first + l;
    if (row >= 0 && row < m.rows) m.y[row] = sums[l];
  }
}

template <bool kRuns>
void Chunks(const SellView& m, std::int64_t begin, std::int64_t end) {
  const D64 d;
  const Index di;
  const std::int64_t lanes = Lanes();
  [[maybe_unused]] const auto steps = hn::Iota(di, 0);
  for (std::int64_t chunk = begin; chunk < end; ++chunk) {
    auto s0 = hn::Zero(d), s1 = hn::Zero(d);
    const auto slot = [&](std::int64_t k, auto sum) HWY_ATTR {
      fetch_ahead(m.value, m.column, k);
      const auto columns = hn::LoadU(di, m.column + k);
      const auto value = hn::LoadU(d, m.value + k);
      if constexpr (kRuns) {
        const std::int32_t first = m.column[k];
        if (hn::AllTrue(di, hn::Eq(columns, hn::Add(hn::Set(di, first), steps))))
          return hn::MulAdd(value, hn::LoadU(d, m.x + first), sum);
      }
      const hn::RebindToSigned<D64> wide;
      return hn::MulAdd(value, hn::GatherIndex(d, m.x, hn::PromoteTo(wide, columns)), sum);
    };
    std::int64_t k = m.start[chunk];
    const std::int64_t stop = m.start[chunk + 1];
    for (; k + 2 * lanes <= stop; k += 2 * lanes) {
      s0 = slot(k, s0);
      s1 = slot(k + lanes, s1);
    }
    if (k < stop) s0 = slot(k, s0);
    StoreRows(m, chunk, hn::Add(s0, s1));
  }
}

void Sell(const SellView& m, std::int64_t begin, std::int64_t end) {
  m.runs ? Chunks<true>(m, begin, end) : Chunks<false>(m, begin, end);
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Rows);
HWY_EXPORT(Dot);
HWY_EXPORT(Sell);
HWY_EXPORT(Lanes);
HWY_EXPORT(Target);

void csr_rows(const CsrView& view, std::int64_t begin, std::int64_t end) {
  HWY_DYNAMIC_DISPATCH(Rows)(view, begin, end);
}
double csr_dot(const CsrView& view, std::int64_t from, std::int64_t to) {
  return HWY_DYNAMIC_DISPATCH(Dot)(view, from, to);
}
void sell_chunks(const SellView& view, std::int64_t begin, std::int64_t end) {
  HWY_DYNAMIC_DISPATCH(Sell)(view, begin, end);
}
std::int64_t sell_lanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }
std::string spmv_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
