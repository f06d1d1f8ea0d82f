// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// Numbers below 2^bits packed in groups of 1024, laid out over 32 lanes so that any vector width reads it
/// without shuffles: number i of a group is the (i / 32)-th of lane i % 32; the numbers of a lane follow one
/// another bit by bit, lowest first, and word w of lane l stands at w * 32 + l. A group takes 32 * bits
/// words.
inline constexpr std::size_t kPackGroup = 1024, kPackLanes = 32;
constexpr std::size_t packed_word(int bits) { return kPackLanes * static_cast<std::size_t>(bits); }
constexpr std::size_t packed_byte(int bits) { return packed_word(bits) * 4; }

/// One group, number by number. Precondition: 0 < bits < 32.
void pack_group(const std::uint32_t* numbers, int bits, std::uint32_t* words);
/// The slow reference: one number of a group.
std::uint32_t packed_number(const std::uint32_t* words, int bits, std::size_t i);

/// Unpacks whole groups to 32-bit numbers. Cost a number: bits / 8 B read, 4 B written, 4 integer operations
/// (two shifts, or, and), 3 where a number ends its word.
void unpack_groups(const std::uint32_t* words, std::size_t groups, int bits, std::uint32_t* numbers);

/// The same with each code looked up in a dictionary of at least 2^bits entries: 1 gather more a number.
void unpack_dictionary(const std::uint32_t* words, std::size_t groups, int bits, const std::uint32_t* entries,
                       std::uint32_t* numbers);

/// Sum of numbers in 64 bits. Cost a number: 1 operation and a half.
std::uint64_t sum_numbers(const std::uint32_t* numbers, std::size_t n);

/// A number that stands `length` times, one after the other.
struct NumberRun {
  std::uint32_t number, length;
};
/// Writes out `n` runs; returns how many numbers that were. Up to kRunOver places behind them are written
/// too. Cost a run: 8 B read, 4 B a number written, whole vectors at a time.
inline constexpr std::size_t kRunOver = 64;
std::size_t expand_runs(const NumberRun* runs, std::size_t n, std::uint32_t* numbers);

/// The four columns of one stretch of packed rows: days since 1992-01-02 (12 bits), discount in percent (4),
/// quantity (6), price in cents (24): 5.75 B a row.
inline constexpr int kDateBits = 12, kDiscountBits = 4, kQuantityBits = 6, kPriceBits = 24;
inline constexpr int kRowBits = kDateBits + kDiscountBits + kQuantityBits + kPriceBits;
struct PackedRows {
  const std::uint32_t *date, *discount, *quantity, *price;
};

/// sum(price * discount) where date in [730, 1095) and discount in [5, 7] and quantity < 24, in registers, no
/// number is stored. Cost a row: 5.75 B read, 4 x 4 operations to unpack, 8 to compare, multiply and add.
/// Exact: 32 products below 7 * 2^24 fit 32 bits unsigned, and are widened then.
std::uint64_t packed_revenue(const PackedRows& rows, std::size_t groups);
/// The slow reference, row by row.
std::uint64_t revenue_of(std::uint32_t date, std::uint32_t discount, std::uint32_t quantity,
                         std::uint32_t price);

std::string bit_pack_isa();

}  // namespace ridgepoint
