// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint {

// Text of the kernel's pseudo-files to values. None of these needs a machine; all take any bytes.

/// Decimal digits and nothing else, after blanks around them are removed. No sign, no overflow.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// As parse_count for hexadecimal digits with or without "0x".
std::optional<std::uint64_t> parse_hex(std::string_view text);

/// "0-3,8,10-11" -> {0, 1, 2, 3, 8, 10, 11}; empty text is an empty list. Nothing for a malformed list, a
/// range that runs backwards, or a number of 65536 and more.
std::optional<std::vector<int>> parse_cpu_list(std::string_view text);

/// The kernel's notation of a list in any order: {2, 0, 1, 8} -> "0-2,8".
std::string show_cpu_list(std::vector<int> list);

/// The choice in force of "always [madvise] never": "madvise". Empty when no word stands in brackets.
std::string bracketed(std::string_view text);

/// First line, control bytes and surrounding blanks removed, inner blanks single, at most `limit` characters.
std::string first_line(std::string_view text, std::size_t limit = 200);

/// "key : value" lines; the first of equal keys wins. Stops at the first empty line when `first_block`.
std::map<std::string, std::string> parse_colon_lines(std::string_view text, bool first_block = false);

/// Blank-separated words.
std::vector<std::string> words(std::string_view text);

/// Lines without their line ends.
std::vector<std::string> lines(std::string_view text);

}  // namespace ridgepoint
