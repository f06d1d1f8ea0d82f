// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/search_simd.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

#include "model/core/simd_name.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workloads/analytics/search_simd.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ridgepoint::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

std::size_t FirstAbove(const std::int64_t* numbers, std::size_t begin, std::size_t end, std::int64_t least) {
  const hn::ScalableTag<std::int64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto bar = hn::Set(d, least);
  std::size_t i = begin;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    __builtin_prefetch(numbers + i + 256);
    const auto a = hn::Max(hn::LoadU(d, numbers + i), hn::LoadU(d, numbers + i + lanes));
    const auto b = hn::Max(hn::LoadU(d, numbers + i + 2 * lanes), hn::LoadU(d, numbers + i + 3 * lanes));
    if (!hn::AllFalse(d, hn::Gt(hn::Max(a, b), bar))) break;
  }
  for (; i < end && numbers[i] <= least; ++i) {
  }
  return i;
}

std::size_t Find(const char* chars, std::size_t begin, std::size_t end, const char* pattern,
                 std::size_t length) {
  const hn::ScalableTag<std::uint8_t> d;
  const auto* text = reinterpret_cast<const std::uint8_t*>(chars);
  const std::size_t lanes = hn::Lanes(d);
  const auto first = hn::Set(d, static_cast<std::uint8_t>(pattern[0])),
             last = hn::Set(d, static_cast<std::uint8_t>(pattern[length - 1]));
  for (std::size_t i = begin; i < end; i += lanes) {
    __builtin_prefetch(text + i + 1024);
    const auto both =
        hn::And(hn::Eq(hn::LoadU(d, text + i), first), hn::Eq(hn::LoadU(d, text + i + length - 1), last));
    if (hn::AllFalse(d, both)) continue;
    std::uint8_t bits[hn::MaxLanes(d) / 8 + 8] = {};
    const std::size_t bytes = hn::StoreMaskBits(d, both, bits);
    for (std::size_t b = 0; b < bytes; ++b)
      for (unsigned left = bits[b]; left != 0; left &= left - 1) {
        const std::size_t place = i + 8 * b + static_cast<std::size_t>(__builtin_ctz(left));
        if (place >= end) return end;
        if (std::memcmp(chars + place, pattern, length) == 0) return place;
      }
  }
  return end;
}

const char* Target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace ridgepoint::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ridgepoint {
HWY_EXPORT(FirstAbove);
HWY_EXPORT(Find);
HWY_EXPORT(Target);

std::size_t first_above(const std::int64_t* numbers, std::size_t begin, std::size_t end, std::int64_t least) {
  return HWY_DYNAMIC_DISPATCH(FirstAbove)(numbers, begin, end, least);
}

std::vector<std::int64_t> largest(const std::int64_t* numbers, std::size_t begin, std::size_t end,
                                  std::size_t k) {
  std::vector<std::int64_t> best(numbers + begin, numbers + std::min(end, begin + k));
  std::ranges::make_heap(best, std::greater<>());
  for (std::size_t i = begin + best.size(); i < end; ++i) {
    i = first_above(numbers, i, end, best.front());
    if (i == end) break;
    std::ranges::pop_heap(best, std::greater<>());
    best.back() = numbers[i];
    std::ranges::push_heap(best, std::greater<>());
  }
  std::ranges::sort(best, std::greater<>());
  return best;
}

std::size_t text_find(const char* text, std::size_t begin, std::size_t end, const std::string& pattern) {
  return HWY_DYNAMIC_DISPATCH(Find)(text, begin, end, pattern.data(), pattern.size());
}

std::string search_isa() { return isa_word(HWY_DYNAMIC_DISPATCH(Target)()); }

}  // namespace ridgepoint
#endif
