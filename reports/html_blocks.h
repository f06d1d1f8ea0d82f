// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/page.h"

namespace ridgepoint::report {

/// Spans as HTML: words escaped, tones as classes, numbers as <data value="..."> with the exact base-unit
/// value.
std::string html_inline(const Text& text);

/// Makes the blocks of one page. Counts them, so that ids and region names are unique and the same every
/// time.
class HtmlBlocks {
 public:
  std::string html(const Block& block);

 private:
  std::string block(const Paragraph& paragraph);
  std::string block(const List& list);
  std::string block(const KeyValues& list);
  std::string block(const Table& table);
  std::string block(const Cards& cards);
  std::string block(const Figure& figure);

  int tables_ = 0, figures_ = 0;
};

/// The one style sheet, inline in every page.
extern const char* const kHtmlStyle;

}  // namespace ridgepoint::report
