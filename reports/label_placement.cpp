// SPDX-License-Identifier: Apache-2.0
#include "reports/label_placement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

bool free_of(const Label& label, const std::vector<Box>& others) {
  return std::ranges::none_of(label.boxes, [&](const Box& b) {
    return std::ranges::any_of(others, [&](const Box& o) { return overlap(b, o); });
  });
}

}  // namespace

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

bool inside(const Box& inner, const Box& outer) {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top &&
         inner.bottom <= outer.bottom;
}

Box box_around(Pixel c, double reach) { return {c.x - reach, c.y - reach, c.x + reach, c.y + reach}; }

std::vector<Box> boxes_along(Pixel from, Pixel to, double thickness) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const int steps = std::max(1, static_cast<int>(std::ceil(length / thickness)));
  std::vector<Box> boxes;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    boxes.push_back(box_around({from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)}, thickness / 2));
  }
  return boxes;
}

double width_of(const std::string& words) {
  constexpr double kWidest = 7.2;  // 0.6 em: wider than the average letter of any common sans-serif face
  return kWidest * static_cast<double>(columns_of(words));
}

std::string shortened(const std::string& words, std::size_t columns) {
  std::string shown = visible(words);
  if (columns_of(shown) <= columns) return shown;
  std::string out;
  std::size_t used = 1;  // the ellipsis
  for (std::string_view rest = shown; !rest.empty();) {
    const CodePoint c = first_code_point(rest);
    const std::string_view letter = rest.substr(0, c.length);
    used += columns_of(letter);
    if (used > columns) break;
    out += letter;
    rest.remove_prefix(c.length);
  }
  return out + "\xE2\x80\xA6";
}

Label level_label(std::string words, Pixel at, Anchor anchor) {
  const double width = width_of(words);
  const double left = anchor == Anchor::start ? at.x
                      : anchor == Anchor::end ? at.x - width
                                              : at.x - width / 2;
  const Box box{left, at.y - kLabelHeight / 2, left + width, at.y + kLabelHeight / 2};
  return {std::move(words), at, anchor, 0, {box}};
}

Label slanted_label(std::string words, Pixel middle, double degrees) {
  const double half = width_of(words) / 2;
  const double angle = degrees * std::numbers::pi / 180;
  const Pixel reach{half * std::cos(angle), -half * std::sin(angle)};
  // A square of side h turned by 45 degrees needs h * sqrt(2).
  std::vector<Box> boxes =
      boxes_along({middle.x - reach.x, middle.y - reach.y}, {middle.x + reach.x, middle.y + reach.y},
                  kLabelHeight * std::numbers::sqrt2 * 0.8);
  return {std::move(words), middle, Anchor::middle, degrees, std::move(boxes)};
}

void LabelPlacer::keep_clear(const std::vector<Box>& boxes) {
  taken_.insert(taken_.end(), boxes.begin(), boxes.end());
}

void LabelPlacer::avoid(const std::vector<Box>& boxes) {
  lines_.insert(lines_.end(), boxes.begin(), boxes.end());
}

std::optional<Label> LabelPlacer::place(const std::vector<Label>& candidates) {
  const Label* second_best = nullptr;
  for (const Label& label : candidates) {
    const bool in_area = std::ranges::all_of(label.boxes, [&](const Box& b) { return inside(b, area_); });
    if (!in_area || !free_of(label, taken_)) continue;
    if (free_of(label, lines_)) {
      keep_clear(label.boxes);
      return label;
    }
    if (second_best == nullptr) second_best = &label;
  }
  if (second_best == nullptr) return std::nullopt;
  keep_clear(second_best->boxes);
  return *second_best;
}

}  // namespace ridgepoint::report
