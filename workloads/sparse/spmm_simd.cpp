// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/spmm_simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/sparse/spmm_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// Four vectors of one row of C from column `j` on: their sums stay in registers over the whole row of A.
void FourVectors(const SpmmView& m, std::int64_t row, std::int64_t j) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  for (std::int64_t at = m.pointer[row]; at < m.pointer[row + 1]; ++at) {
    const double* const b = m.b + m.column[at] * m.k + j;
    const auto a = hn::Set(d, m.value[at]);
    s0 = hn::MulAdd(a, hn::LoadU(d, b), s0);
    s1 = hn::MulAdd(a, hn::LoadU(d, b + lanes), s1);
    s2 = hn::MulAdd(a, hn::LoadU(d, b + 2 * lanes), s2);
    s3 = hn::MulAdd(a, hn::LoadU(d, b + 3 * lanes), s3);
  }
  double* const c = m.c + row * m.k + j;
  hn::StoreU(s0, d, c);
  hn::StoreU(s1, d, c + lanes);
  hn::StoreU(s2, d, c + 2 * lanes);
  hn::StoreU(s3, d, c + 3 * lanes);
}

/// One vector, or one element by the tag of one lane.
template <class D>
void OneVector(D d, const SpmmView& m, std::int64_t row, std::int64_t j) {
  auto s0 = hn::Zero(d), s1 = s0;
  std::int64_t at = m.pointer[row];
  const std::int64_t stop = m.pointer[row + 1];
  for (; at + 2 <= stop; at += 2) {
    s0 = hn::MulAdd(hn::Set(d, m.value[at]), hn::LoadU(d, m.b + m.column[at] * m.k + j), s0);
    s1 = hn::MulAdd(hn::Set(d, m.value[at + 1]), hn::LoadU(d, m.b + m.column[at + 1] * m.k + j), s1);
  }
  if (at < stop) s0 = hn::MulAdd(hn::Set(d, m.value[at]), hn::LoadU(d, m.b + m.column[at] * m.k + j), s0);
  hn::StoreU(hn::Add(s0, s1), d, m.c + row * m.k + j);
}

void Rows(const SpmmView& m, std::int64_t begin, std::int64_t end) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t row = begin; row < end; ++row) {
    std::int64_t j = 0;
    for (; j + 4 * lanes <= m.k; j += 4 * lanes) FourVectors(m, row, j);
    for (; j + lanes <= m.k; j += lanes) OneVector(d, m, row, j);
    for (; j < m.k; ++j) OneVector(one, m, row, j);
  }
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(Rows);

void spmm_rows(const SpmmView& view, std::int64_t begin, std::int64_t end) {
  HWY_DYNAMIC_DISPATCH(Rows)(view, begin, end);
}

}  // namespace ridgepoint
#endif
