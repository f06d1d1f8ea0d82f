// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/column_file.h"

#include <array>
#include <bit>
#include <cstring>

#include "model/core/random.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

static_assert(std::endian::native == std::endian::little, "the column file is little-endian");

constexpr std::size_t kMostBlockByte = 16U << 20;
constexpr std::array<std::pair<const char*, int>, 4> kColumns = {
    {{"date", kDateBits}, {"discount", kDiscountBits}, {"quantity", kQuantityBits}, {"price", kPriceBits}}};

}  // namespace

ColumnFileHeader column_header(std::uint64_t rows) {
  ColumnFileHeader h;
  h.rows = rows;
  h.block_rows = kBlockGroups * kPackGroup;
  h.block_byte = kColumnBlockByte;
  h.columns = kColumns.size();
  for (std::size_t c = 0; c < kColumns.size(); ++c) {
    std::strncpy(h.column[c].name, kColumns[c].first, sizeof h.column[c].name - 1);
    h.column[c].bits = static_cast<std::uint32_t>(kColumns[c].second);
  }
  return h;
}

Result<ColumnFileHeader> parse_column_header(const std::byte* page, double file_byte,
                                             const std::string& name) {
  ColumnFileHeader h;
  std::memcpy(&h, page, sizeof h);
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorKind::bad_input, "'" + printable(name) + "' is no column file", why,
                "see 'column file' in docs/explanation/workloads.md");
  };
  const ColumnFileHeader ours = column_header(1);
  if (std::memcmp(h.magic, ours.magic, sizeof h.magic) != 0) return wrong("it does not begin with RPCOLS01");
  if (h.columns != ours.columns || std::memcmp(h.column, ours.column, sizeof h.column) != 0)
    return wrong("its columns are not date, discount, quantity and price of 12, 4, 6 and 24 bits");
  if (h.block_byte == 0 || h.block_byte % kHeaderByte != 0 || h.block_byte > kMostBlockByte)
    return wrong("its blocks are not whole multiples of 4 KiB up to 16 MiB");
  if (h.block_rows == 0 || h.block_rows % kPackGroup != 0 ||
      h.block_rows / kPackGroup * packed_byte(kRowBits) > h.block_byte)
    return wrong("the rows of a block are not whole groups of 1024, or more than fit it");
  const double blocks = (static_cast<double>(h.rows) + h.block_rows - 1) / h.block_rows;
  if (h.rows == 0 || h.rows > (std::uint64_t{1} << 48))
    return wrong("its number of rows is 0 or beyond 2^48");
  if (file_byte < kHeaderByte + static_cast<double>(static_cast<std::uint64_t>(blocks)) * h.block_byte)
    return wrong("it is shorter than its header says");
  return h;
}

PlainRow generated_row(std::uint64_t seed, std::uint64_t row) {
  const std::uint32_t quantity = 1 + random_below(seed + 2, row, 50);
  return {random_below(seed, row, 2526), random_below(seed + 1, row, 11), quantity,
          quantity * (90000 + random_below(seed + 3, row, 119900))};
}

PackedRows columns_of(const std::byte* block, std::size_t groups) {
  const auto* words = reinterpret_cast<const std::uint32_t*>(block);
  PackedRows r{};
  r.date = words;
  r.discount = r.date + groups * packed_word(kDateBits);
  r.quantity = r.discount + groups * packed_word(kDiscountBits);
  r.price = r.quantity + groups * packed_word(kQuantityBits);
  return r;
}

std::uint64_t fill_block(std::uint64_t seed, const ColumnFileHeader& h, std::size_t block, std::byte* data) {
  const std::size_t groups = h.block_rows / kPackGroup;
  const PackedRows at = columns_of(data, groups);
  std::uint64_t sum = 0;
  std::array<std::array<std::uint32_t, kPackGroup>, 4> numbers{};
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < kPackGroup; ++i) {
      const std::uint64_t row = block * std::uint64_t{h.block_rows} + g * kPackGroup + i;
      const PlainRow r = row < h.rows ? generated_row(seed, row) : PlainRow{};
      numbers[0][i] = r.date;
      numbers[1][i] = r.discount;
      numbers[2][i] = r.quantity;
      numbers[3][i] = r.price;
      sum += revenue_of(r.date, r.discount, r.quantity, r.price);
    }
    const std::array<const std::uint32_t*, 4> columns = {at.date, at.discount, at.quantity, at.price};
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto bits = static_cast<int>(h.column[c].bits);
      pack_group(numbers[c].data(), bits, const_cast<std::uint32_t*>(columns[c]) + g * packed_word(bits));
    }
  }
  const std::size_t used = groups * packed_byte(kRowBits);
  std::memset(data + used, 0, h.block_byte - used);
  return sum;
}

std::uint64_t block_revenue(const std::byte* block, std::size_t groups) {
  const PackedRows r = columns_of(block, groups);
  std::uint64_t sum = 0;
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t i = 0; i < kPackGroup; ++i)
      sum += revenue_of(packed_number(r.date + g * packed_word(kDateBits), kDateBits, i),
                        packed_number(r.discount + g * packed_word(kDiscountBits), kDiscountBits, i),
                        packed_number(r.quantity + g * packed_word(kQuantityBits), kQuantityBits, i),
                        packed_number(r.price + g * packed_word(kPriceBits), kPriceBits, i));
  return sum;
}

}  // namespace ridgepoint
