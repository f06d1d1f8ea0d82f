// SPDX-License-Identifier: Apache-2.0
#include "model/networks/graph.h"

#include <charconv>

namespace ridgepoint::net {

std::int64_t elements(const Shape& shape) {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) product *= extent;
  return product;
}

std::string shape_text(const Shape& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

Result<Shape> parse_shape(std::string_view text, const std::string& name) {
  constexpr std::size_t kMostAxes = 8;
  constexpr std::int64_t kLongest = std::int64_t{1} << 31;
  Shape shape;
  for (const std::string& part : split(text, 'x')) {
    std::int64_t extent = 0;
    const auto [end, trouble] = std::from_chars(part.data(), part.data() + part.size(), extent);
    if (trouble != std::errc{} || end != part.data() + part.size() || extent < 1 || extent > kLongest ||
        shape.size() == kMostAxes)
      return fail(ErrorKind::bad_input, name + " '" + printable(text) + "' is not a shape", "",
                  "write batch, channels and extents joined by x, for example 1x1x128x128x128");
    shape.push_back(extent);
  }
  if (shape.size() < 2)
    return fail(ErrorKind::bad_input, name + " '" + printable(text) + "' has no channels", "",
                "write batch, channels and extents joined by x, for example 1x1x128x128x128");
  return shape;
}

}  // namespace ridgepoint::net
