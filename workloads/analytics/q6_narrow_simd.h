// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// The columns of Q6Columns in the narrowest whole bytes: 2 + 1 + 1 + 4 = 8 bytes a row.
struct Q6Narrow {
  const std::uint16_t* date;  ///< days since 1970
  const std::uint8_t* discount;
  const std::uint8_t* quantity;
  const std::uint32_t* price;  ///< below 2^24
};

/// sum(price * discount) where date in [from, from + 365), discount in [5, 7], quantity < 24; exact. Reads
/// all 8 bytes of every row (branch-free). Rows [begin, end).
std::int64_t q6_narrow_sum(const Q6Narrow& columns, std::size_t begin, std::size_t end, std::int32_t from);

std::string q6_narrow_isa();

}  // namespace ridgepoint
