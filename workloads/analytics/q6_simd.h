// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// The columns of a scan in the manner of TPC-H query 6 (wide layout, 28 bytes a row): ship date in days,
/// discount in percent, quantity in units, extended price in cents. Data are generated here; no result is a
/// TPC-H result.
struct Q6Columns {
  const std::int32_t* date;
  const std::int64_t* discount;
  const std::int64_t* quantity;
  const std::int64_t* price;
};

/// sum(price * discount) where date in [from, from + 365) and discount in [5, 7] and quantity < 24.
/// Exact: price < 2^31 and discount <= 10, so a product fits 35 bits and 2^28 rows fit 63.
/// Reads all 28 bytes of every row (branch-free); cost per row: 28 B read.
/// Rows [begin, end); begin a multiple of 16.
std::int64_t q6_sum(const Q6Columns& columns, std::size_t begin, std::size_t end, std::int32_t from);

/// The same row by row, the slow reference.
std::int64_t q6_reference(const Q6Columns& columns, std::size_t begin, std::size_t end, std::int32_t from);

std::string q6_isa();

}  // namespace ridgepoint
