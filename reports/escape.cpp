// SPDX-License-Identifier: Apache-2.0
#include "reports/escape.h"

#include "model/core/text.h"
#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

std::string html(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += quotes ? "&quot;" : "\"";
        break;
      case '\'':
        out += quotes ? "&#39;" : "'";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// GitHub links a bare address ("https://...", "www. ..."); an escaped ':' or '.' keeps it text.
bool begins_address(std::string_view rest, std::string_view before) {
  return (rest.front() == ':' && starts_with(rest, "://")) ||
         (rest.front() == '.' && before.ends_with("www"));
}

/// A '-', '+', '#' or "1. " that begins a text would make it a list item or a heading.
bool begins_block(std::string_view text, std::size_t i) {
  const std::string_view before = trim(text.substr(0, i));
  const char c = text[i];
  if (c == '#' || c == '-' || c == '+') return before.empty();
  const bool ends_word = i + 1 == text.size() || text[i + 1] == ' ';
  const bool ordinal = !before.empty() && before.find_first_not_of("0123456789") == std::string_view::npos;
  return (c == '.' || c == ')') && ends_word && ordinal;
}

}  // namespace

std::string html_text(std::string_view text) { return html(text, false); }

std::string html_attribute(std::string_view text) { return html(text, true); }

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]|~$";
  const std::string shown = visible(text);
  std::string out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    const std::string_view view(shown);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      const bool active = kMarkup.find(c) != std::string_view::npos || begins_block(view, i) ||
                          begins_address(view.substr(i), view.substr(0, i));
      if (active) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace ridgepoint::report
