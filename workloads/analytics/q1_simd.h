// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

__extension__ using Int128 = __int128;

/// The columns of a grouped aggregation in the manner of TPC-H query 1: 4 + 1 + 1 + 4 * 8 = 38 bytes a row.
struct Q1Columns {
  const std::int32_t* date;
  const std::uint8_t* return_flag;  ///< dictionary codes 0 to 2
  const std::uint8_t* line_status;  ///< 0 or 1
  const std::int64_t* quantity;     ///< 0 to 127
  const std::int64_t* price;        ///< cents, 0 to 2^24 - 1
  const std::int64_t* discount;     ///< percent, 0 to 15
  const std::int64_t* tax;          ///< percent, 0 to 27
};

/// The sums of one group; the averages are quotients of them.
struct Q1Group {
  std::int64_t count = 0, quantity = 0, price = 0, discount = 0;
  Int128 discounted = 0;  ///< price (100 - discount), 1/100 cents
  Int128 charge = 0;      ///< price (100 - discount) (100 + tax), 1/10000 cents
  bool operator==(const Q1Group&) const = default;
  void add(const Q1Group& o) {
    count += o.count, quantity += o.quantity, price += o.price, discount += o.discount;
    discounted += o.discounted, charge += o.charge;
  }
  double average_quantity() const { return static_cast<double>(quantity) / static_cast<double>(count); }
  double average_price() const { return static_cast<double>(price) / static_cast<double>(count); }
  double average_discount() const { return static_cast<double>(discount) / static_cast<double>(count); }
};

/// Group of return flag f and line status s: 2 f + s.
using Q1Groups = std::array<Q1Group, 6>;

/// Adds rows [begin, end) with date <= last to `groups`; exact. Branch-free: every group has sums of its own
/// in each lane, so no sum waits for a store. Two or three sums share a lane of 64 bits for 512 rows, which
/// the ranges above allow, and go to 64 and 128 bits then. Reads 38 B a row; some 24 operations a row (date,
/// group code, two products, eight sums).
void q1_sum(const Q1Columns& columns, std::size_t begin, std::size_t end, std::int32_t last,
            Q1Groups& groups);

std::string q1_isa();

}  // namespace ridgepoint
