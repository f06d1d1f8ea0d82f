// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ridgepoint::report {

/// One code point at the start of a text. `length` is in bytes, at least 1.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
  bool valid = false;  ///< false: the first byte begins no well-formed UTF-8 sequence
};

/// Precondition: text is not empty.
CodePoint first_code_point(std::string_view text);

/// `text` as it may be shown to a person: tabs and line breaks become spaces; other control characters,
/// direction overrides, invisible marks and bytes that are not UTF-8 become '?'. Names in a document come
/// from firmware and files, so every renderer passes every text through here.
std::string visible(std::string_view text);

/// Terminal columns of a visible text: 2 for East Asian wide characters and pictographs, otherwise 1.
/// Combining marks count 1, which errs towards shorter lines.
std::size_t columns_of(std::string_view text);

}  // namespace ridgepoint::report
