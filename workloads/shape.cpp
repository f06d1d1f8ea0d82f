// SPDX-License-Identifier: Apache-2.0
#include "workloads/shape.h"

#include <charconv>
#include <vector>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 40;

Result<std::map<std::string, std::int64_t>> words(std::string_view text) {
  std::map<std::string, std::int64_t> out;
  for (const std::string& word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    std::int64_t value = 0;
    const char* end = word.data() + word.size();
    const char* begin = equals == std::string::npos ? end : word.data() + equals + 1;
    const auto [stop, code] = std::from_chars(begin, end, value);
    if (begin == end || code != std::errc() || stop != end || value < 1 || value > kLargest)
      return fail(ErrorKind::bad_input, "shape word '" + printable(word) + "' is not key=number",
                  "numbers are whole, 1 to 2^40", "write for example rows=16000000");
    out[word.substr(0, equals)] = value;
  }
  return out;
}

}  // namespace

Result<Shape> Shape::parse(std::string_view text, std::string_view defaults) {
  Shape shape;
  auto base = words(defaults);
  auto given = words(text);
  if (!base) return tl::make_unexpected(base.error());
  if (!given) return tl::make_unexpected(given.error());
  shape.values_ = std::move(*base);
  std::vector<std::string> known;
  for (const auto& [k, v] : shape.values_) known.push_back(k);
  for (const auto& [k, v] : *given) {
    const auto it = shape.values_.find(k);
    if (it == shape.values_.end()) {
      const std::string near = nearest(k, known);
      return fail(ErrorKind::bad_input, "the shape has no key '" + printable(k) + "'",
                  "known are " + join(known, ", "),
                  near.empty() ? "use one of these" : "did you mean '" + near + "'?");
    }
    it->second = v;
  }
  return shape;
}

std::string Shape::text() const {
  std::vector<std::string> parts;
  for (const auto& [k, v] : values_) parts.push_back(k + "=" + std::to_string(v));
  return join(parts, " ");
}

}  // namespace ridgepoint
