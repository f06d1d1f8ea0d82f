// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/core/random.h"

namespace ridgepoint {

/// One row in the manner of TPC-H's lineitem: its distributions, but generated here; no result is a TPC-H
/// result. Any row can be made alone, so that a reference needs no table.
struct LineItem {
  std::int32_t date;         ///< days since 1970
  std::int32_t discount;     ///< percent, 0 to 10
  std::int32_t tax;          ///< percent, 0 to 8
  std::int32_t quantity;     ///< 1 to 50
  std::int32_t price;        ///< cents: quantity times a part price of 900.00 to 2,098.99; below 2^24
  std::uint8_t return_flag;  ///< code in "ANR"
  std::uint8_t line_status;  ///< code in "FO"
};

inline constexpr std::int32_t kFirstDate = 8036;    ///< 1992-01-02
inline constexpr std::int32_t kDates = 2526;        ///< ship dates spread over so many days
inline constexpr std::int32_t kCurrentDate = 9298;  ///< 1995-06-17: later rows are open and not returned

inline LineItem line_item(std::uint64_t seed, std::uint64_t row) {
  LineItem r{};
  r.date = kFirstDate + static_cast<std::int32_t>(random_below(seed, row, kDates));
  r.discount = static_cast<std::int32_t>(random_below(seed + 1, row, 11));
  r.quantity = 1 + static_cast<std::int32_t>(random_below(seed + 2, row, 50));
  r.price = r.quantity * static_cast<std::int32_t>(90000 + random_below(seed + 3, row, 119900));
  const std::uint64_t more = random_bits(seed + 4, row);
  r.tax = static_cast<std::int32_t>((more & 0xFFFF) * 9 >> 16);
  // Received up to 30 days after it was shipped; what came before the current date was returned half the
  // time.
  const auto received = r.date + 1 + static_cast<std::int32_t>((more >> 16 & 0xFFFF) * 30 >> 16);
  r.return_flag = received > kCurrentDate ? 1 : (more >> 63) != 0 ? 2 : 0;
  r.line_status = r.date > kCurrentDate ? 1 : 0;
  return r;
}

}  // namespace ridgepoint
