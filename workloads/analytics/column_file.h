// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/analytics/bit_pack.h"
#include "workloads/block_io.h"

namespace ridgepoint {

/// The column file (docs/explanation/workloads.md holds the layout): one header of 4 KiB, then blocks of one
/// size, each with the same number of rows, column after column bit-packed (bit_pack.h). Places behind the
/// last row hold zeros. All numbers are little-endian.
struct ColumnFileHeader {
  char magic[8] = {'R', 'P', 'C', 'O', 'L', 'S', '0', '1'};
  std::uint64_t rows = 0;
  std::uint32_t block_rows = 0, block_byte = 0, columns = 0, zero = 0;
  struct Column {
    char name[12] = {};
    std::uint32_t bits = 0;
  } column[4] = {};
};

inline constexpr std::size_t kHeaderByte = 4096, kColumnBlockByte = 1U << 20;
/// Groups of 1024 rows in a block of 1 MiB.
inline constexpr std::size_t kBlockGroups = kColumnBlockByte / (packed_byte(kRowBits));

ColumnFileHeader column_header(std::uint64_t rows);
/// Checks everything against the file's size. Errors: bad_input.
Result<ColumnFileHeader> parse_column_header(const std::byte* page, double file_byte,
                                             const std::string& name);

/// Row `row` of the generated table, in the distributions of TPC-H's lineitem (never a TPC-H result).
struct PlainRow {
  std::uint32_t date, discount, quantity, price;
};
PlainRow generated_row(std::uint64_t seed, std::uint64_t row);

/// Fills block `block` from the generator; returns the sum over its rows, reckoned row by row.
std::uint64_t fill_block(std::uint64_t seed, const ColumnFileHeader& header, std::size_t block,
                         std::byte* data);
/// The columns of a block of `groups` groups.
PackedRows columns_of(const std::byte* block, std::size_t groups);
/// The slow reference over a block: number by number.
std::uint64_t block_revenue(const std::byte* block, std::size_t groups);

}  // namespace ridgepoint
