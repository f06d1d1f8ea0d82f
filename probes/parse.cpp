// SPDX-License-Identifier: Apache-2.0
#include "probes/parse.h"

#include <algorithm>
#include <charconv>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

std::optional<std::uint64_t> digits(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) { return digits(trim(text), 10); }

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  text = trim(text);
  if (starts_with(text, "0x")) text.remove_prefix(2);
  return digits(text, 16);
}

std::optional<std::vector<int>> parse_cpu_list(std::string_view text) {
  constexpr std::uint64_t kMost =
      65536;  // no kernel counts further; a hostile "0-4294967295" allocates nothing
  std::vector<int> list;
  text = trim(text);
  if (text.empty()) return list;
  for (const std::string& part : split(text, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = parse_count(part.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_count(part.substr(dash + 1));
    if (!first || !last || *first > *last || *last >= kMost || list.size() > kMost) return std::nullopt;
    for (std::uint64_t i = *first; i <= *last; ++i) list.push_back(static_cast<int>(i));
  }
  return list;
}

std::string show_cpu_list(std::vector<int> list) {
  std::ranges::sort(list);
  std::string text;
  for (std::size_t i = 0; i < list.size();) {
    std::size_t end = i;
    while (end + 1 < list.size() && list[end + 1] == list[end] + 1) ++end;
    if (!text.empty()) text += ',';
    text += std::to_string(list[i]);
    if (end > i) text += "-" + std::to_string(list[end]);
    i = end + 1;
  }
  return text;
}

std::string bracketed(std::string_view text) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find(']', open);
  if (close == std::string_view::npos) return {};
  return first_line(text.substr(open + 1, close - open - 1));
}

std::string first_line(std::string_view text, std::size_t limit) {
  text = text.substr(0, text.find('\n'));
  std::string out;
  for (const std::string& word : words(printable(trim(text)))) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::map<std::string, std::string> parse_colon_lines(std::string_view text, bool first_block) {
  std::map<std::string, std::string> out;
  for (const std::string& line : lines(text)) {
    if (first_block && !out.empty() && trim(line).empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    out.emplace(trim(std::string_view(line).substr(0, colon)),
                trim(std::string_view(line).substr(colon + 1)));
  }
  return out;
}

std::vector<std::string> words(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  std::vector<std::string> out;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = std::min(text.find_first_of(kBlank, begin), text.size());
    out.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

std::vector<std::string> lines(std::string_view text) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.empty()) return {};
  return split(text, '\n');
}

}  // namespace ridgepoint
