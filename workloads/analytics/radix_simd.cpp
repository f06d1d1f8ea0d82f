// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/radix_simd.h"

#include <hwy/cache_control.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/radix_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

void Scatter(const std::int64_t* HWY_RESTRICT key, const std::int64_t* HWY_RESTRICT value, std::size_t rows,
             int bits, const ScatterTarget& target) {
  const hn::CappedTag<std::int64_t, 8> d;  // a line of 64 B
  std::uint64_t* HWY_RESTRICT cursor = target.cursor;
  Tuple* HWY_RESTRICT lines = target.lines;
  Tuple* HWY_RESTRICT out = target.out;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t p = partition_of(key[i], bits);
    const std::uint64_t at = cursor[p]++;
    Tuple* line = lines + p * kLineTuples;
    line[at % kLineTuples] = {key[i], value[i]};
    if (at % kLineTuples != kLineTuples - 1) continue;
    const auto* from = &line->key;
    auto* to = &out[at + 1 - kLineTuples].key;
    for (std::size_t k = 0; k < 8; k += hn::Lanes(d)) hn::Stream(hn::Load(d, from + k), d, to + k);
  }
}

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
namespace {
HWY_EXPORT(Scatter);
}  // namespace

void scatter_rows(const std::int64_t* key, const std::int64_t* value, std::size_t rows, int bits,
                  const ScatterTarget& target) {
  HWY_DYNAMIC_DISPATCH(Scatter)(key, value, rows, bits, target);
}

void scatter_rest(int bits, const ScatterTarget& target) {
  for (std::size_t p = 0; p < std::size_t{1} << bits; ++p) {
    const std::uint64_t rest = target.cursor[p] % kLineTuples;
    std::copy_n(target.lines + p * kLineTuples, rest, target.out + (target.cursor[p] - rest));
  }
  hwy::FlushStream();
}

}  // namespace ridgepoint
#endif
