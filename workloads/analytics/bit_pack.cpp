// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/bit_pack.h"

#include <algorithm>

namespace ridgepoint {

void pack_group(const std::uint32_t* numbers, int bits, std::uint32_t* words) {
  std::fill_n(words, packed_word(bits), 0U);
  for (std::size_t i = 0; i < kPackGroup; ++i) {
    const std::size_t at = i / kPackLanes * static_cast<std::size_t>(bits), lane = i % kPackLanes;
    const std::uint64_t shifted = std::uint64_t{numbers[i]} << (at % 32);
    words[at / 32 * kPackLanes + lane] |= static_cast<std::uint32_t>(shifted);
    if (shifted >> 32 != 0)
      words[(at / 32 + 1) * kPackLanes + lane] |= static_cast<std::uint32_t>(shifted >> 32);
  }
}

std::uint32_t packed_number(const std::uint32_t* words, int bits, std::size_t i) {
  const std::size_t at = i / kPackLanes * static_cast<std::size_t>(bits), lane = i % kPackLanes;
  std::uint64_t two = words[at / 32 * kPackLanes + lane];
  if (at % 32 + static_cast<std::size_t>(bits) > 32)
    two |= std::uint64_t{words[(at / 32 + 1) * kPackLanes + lane]} << 32;
  return static_cast<std::uint32_t>(two >> (at % 32)) & ((1U << bits) - 1);
}

std::uint64_t revenue_of(std::uint32_t date, std::uint32_t discount, std::uint32_t quantity,
                         std::uint32_t price) {
  const bool keep = date >= 730 && date < 1095 && discount >= 5 && discount <= 7 && quantity < 24;
  return keep ? std::uint64_t{price} * discount : 0;
}

}  // namespace ridgepoint
