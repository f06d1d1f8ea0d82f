// SPDX-License-Identifier: Apache-2.0
#include "reports/visible.h"

#include <algorithm>
#include <array>

#include "model/core/text.h"

namespace ridgepoint::report {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool within(char32_t c, const std::array<Range, N>& ranges) {
  return std::ranges::any_of(ranges, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

// C1 controls drive terminals as ESC does. Direction marks can make "exe.txt" of "txt.exe". Zero-width and
// tag characters make two different names look the same.
constexpr std::array<Range, 11> kUnseen = {{{0x0080, 0x009F},
                                            {0x00AD, 0x00AD},
                                            {0x061C, 0x061C},
                                            {0x180E, 0x180E},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0xFDD0, 0xFDEF},
                                            {0xE0000, 0xE0FFF}}};

// The East Asian Wide and Fullwidth blocks of Unicode's EastAsianWidth, and the pictographs, rounded
// outwards.
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2600, 0x27BF},
                                         {0x2E80, 0xA4CF},
                                         {0xA960, 0xA97F},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFFE6},
                                         {0x16FE0, 0x3FFFD}}};

/// Bytes after the first, and the smallest code point such a sequence may hold (a longer form is not UTF-8).
struct Lead {
  std::size_t more;
  char32_t bits, smallest;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, static_cast<char32_t>(byte & 0x1F), 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {2, static_cast<char32_t>(byte & 0x0F), 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {3, static_cast<char32_t>(byte & 0x07), 0x10000};
  return {0, 0, 0};
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x80) return {byte, 1, true};
  const Lead lead = lead_of(byte);
  if (lead.more == 0 || text.size() <= lead.more) return {};
  char32_t value = lead.bits;
  for (std::size_t i = 1; i <= lead.more; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    value = (value << 6) | (next & 0x3F);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.smallest || value > 0x10FFFF || surrogate) return {};
  return {value, lead.more + 1, true};
}

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    if (!c.valid || within(c.value, kUnseen))
      out += '?';
    else if (c.value == '\n' || c.value == '\r' || c.value == '\t')
      out += ' ';
    else
      out += text.substr(0, c.length);
    text.remove_prefix(c.length);
  }
  return printable(out);
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    columns += within(c.value, kWide) ? 2 : 1;
    text.remove_prefix(c.length);
  }
  return columns;
}

}  // namespace ridgepoint::report
