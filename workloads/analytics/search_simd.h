// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ridgepoint {

/// The first place in [begin, end) whose number is above `least`; `end` where none is. Cost a number: 8 B
/// read, 1 comparison.
std::size_t first_above(const std::int64_t* numbers, std::size_t begin, std::size_t end, std::int64_t least);

/// The k largest, descending: the smallest of the best k so far is the bar that others must pass, so that a
/// number costs one comparison and only about k ln(n / k) enter the heap.
std::vector<std::int64_t> largest(const std::int64_t* numbers, std::size_t begin, std::size_t end,
                                  std::size_t k);

/// Bytes that may be read behind the text given to text_find.
inline constexpr std::size_t kTextPad = 256;

/// The first place in [begin, end) where `pattern` (2 .. 64 bytes) begins in `text`; `end` where none does. A
/// vector of places is settled by two comparisons, with the pattern's first and its last byte. Cost a byte: 1
/// B read, 3 operations in as many lanes as the vector has bytes.
std::size_t text_find(const char* text, std::size_t begin, std::size_t end, const std::string& pattern);

std::string search_isa();

}  // namespace ridgepoint
