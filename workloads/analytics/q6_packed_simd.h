// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// Rows of one packed block, and the bytes of its four columns: 12 + 4 + 6 + 24 bits a row, 5.75 B.
inline constexpr std::size_t kQ6Block = 512;
inline constexpr std::size_t kQ6DateByte = kQ6Block * 12 / 8, kQ6DiscountByte = kQ6Block * 4 / 8,
                             kQ6QuantityByte = kQ6Block * 6 / 8, kQ6PriceByte = kQ6Block * 24 / 8;

/// Bit-packed columns of whole blocks. Within a block the values are interleaved over 64 bytes, so that one
/// vector of any width holds neighbouring rows and unpacking needs shifts and masks alone: a column of W-bit
/// words has 512 / W lanes, row r stands in lane r mod lanes. Discounts stand two in an 8-bit word. The
/// others take three quarters of their word, so four values fill three words: v0 | v1 << 3W/4, v1 >> W/4 | v2
/// << W/2, v2 >> W/2 | v3 << W/4.
struct Q6Packed {
  std::uint16_t* date;  ///< days since kFirstDate
  std::uint8_t* discount;
  std::uint8_t* quantity;
  std::uint32_t* price;
};

/// 512 rows that are not packed.
struct Q6Rows {
  std::uint16_t date[kQ6Block];
  std::uint8_t discount[kQ6Block], quantity[kQ6Block];
  std::uint32_t price[kQ6Block];
};

/// Writes block number `block`. Precondition: every value fits its bits.
void q6_pack(const Q6Rows& rows, const Q6Packed& columns, std::size_t block);

/// As q6_narrow_sum over blocks [begin, end), unpacking in registers; `from` in days since kFirstDate. Rows
/// that fill the last block up need a discount of 0.
std::int64_t q6_packed_sum(const Q6Packed& columns, std::size_t begin, std::size_t end, std::int32_t from);

std::string q6_packed_isa();

}  // namespace ridgepoint
