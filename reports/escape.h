// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// One escaper a context. Each one starts with visible(), so a caller cannot forget it.

namespace ridgepoint::report {

/// Between tags of HTML or SVG.
std::string html_text(std::string_view text);

/// Inside a double-quoted attribute of HTML or SVG.
std::string html_attribute(std::string_view text);

/// Inside a GitHub Markdown paragraph, heading, list item or table cell: nothing in it is markup, HTML or a
/// link.
std::string markdown_text(std::string_view text);

}  // namespace ridgepoint::report
