// SPDX-License-Identifier: Apache-2.0
#include "reports/svg_parts.h"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "reports/escape.h"

namespace ridgepoint::report {
namespace {

/// A regular polygon, first corner upwards (or turned by `turn` degrees).
std::string polygon(Pixel at, int corners, double radius, double turn) {
  std::string path;
  for (int i = 0; i < corners; ++i) {
    const double angle = (turn + 360.0 * i / corners) * std::numbers::pi / 180;
    path += (i == 0 ? "M" : "L") + svg_number(at.x + radius * std::sin(angle)) + " " +
            svg_number(at.y - radius * std::cos(angle));
  }
  return path + "Z";
}

std::string strokes(Pixel at, double reach, double turn) {
  std::string path;
  for (const double degrees : {turn, turn + 90}) {
    const double angle = degrees * std::numbers::pi / 180;
    const double x = reach * std::sin(angle), y = reach * std::cos(angle);
    path += "M" + svg_number(at.x - x) + " " + svg_number(at.y - y) + "L" + svg_number(at.x + x) + " " +
            svg_number(at.y + y);
  }
  return path;
}

}  // namespace

/// One decimal, no locale, no "-0.0".
std::string svg_number(double value) {
  char buffer[64];
  const double rounded = std::round(value * 10) / 10 + 0.0;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, rounded, std::chars_format::fixed, 1).ptr;
  return {buffer, end};
}

std::string svg_attribute(std::string_view name, const std::string& value) {
  return " " + std::string(name) + "=\"" + html_attribute(value) + "\"";
}

std::string svg_line(Pixel from, Pixel to, std::string_view style) {
  return "<line" + svg_attribute("class", std::string(style)) + svg_attribute("x1", svg_number(from.x)) +
         svg_attribute("y1", svg_number(from.y)) + svg_attribute("x2", svg_number(to.x)) +
         svg_attribute("y2", svg_number(to.y)) + "/>\n";
}

std::string svg_words(const Label& label, std::string_view style) {
  constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};
  std::string out =
      "<text" + svg_attribute("class", std::string(style)) + svg_attribute("x", svg_number(label.at.x)) +
      svg_attribute("y", svg_number(label.at.y)) + " dy=\"0.35em\"" +
      svg_attribute("text-anchor", std::string(kAnchors[static_cast<std::size_t>(label.anchor)]));
  if (label.degrees != 0)
    out += svg_attribute("transform", "rotate(" + svg_number(-label.degrees) + " " + svg_number(label.at.x) +
                                          " " + svg_number(label.at.y) + ")");
  return out + ">" + html_text(label.words) + "</text>\n";
}

/// The shapes that marker_name() names, in its order.
std::string svg_marker(Pixel at, std::size_t index) {
  const std::size_t shape = index % 8;
  const bool second = index / 8 % 2 == 1;
  if (shape == 0)
    return "<circle" + svg_attribute("class", second ? "rl-hollow" : "rl-mark") +
           svg_attribute("cx", svg_number(at.x)) + svg_attribute("cy", svg_number(at.y)) + " r=\"5.5\"/>\n";
  std::string path;
  switch (shape) {
    case 1:
      path = polygon(at, 4, 7.1, 45);
      break;
    case 2:
      path = polygon(at, 3, 7.4, 0);
      break;
    case 3:
      path = polygon(at, 4, 7.4, 0);
      break;
    case 4:
      path = strokes(at, 6.5, 45);
      break;
    case 5:
      path = strokes(at, 6.5, 0);
      break;
    case 6:
      path = polygon(at, 3, 7.4, 180);
      break;
    default:
      path = polygon(at, 6, 6.5, 0);
      break;
  }
  const bool open = shape == 4 || shape == 5;
  const std::string style = open ? (second ? "rl-heavy" : "rl-stroke") : (second ? "rl-hollow" : "rl-mark");
  return "<path" + svg_attribute("class", style) + svg_attribute("d", path) + "/>\n";
}

std::string svg_frame(const Box& plot) {
  return "<rect class=\"rl-frame\"" + svg_attribute("x", svg_number(plot.left)) +
         svg_attribute("y", svg_number(plot.top)) +
         svg_attribute("width", svg_number(plot.right - plot.left)) +
         svg_attribute("height", svg_number(plot.bottom - plot.top)) + "/>\n";
}

std::string svg_open(const std::string& id, double width, double height, const std::string& title,
                     const std::string& description) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"roofline\" role=\"img\"" +
         svg_attribute("id", id) + svg_attribute("aria-labelledby", id + "-title " + id + "-desc") +
         svg_attribute("viewBox", "0 0 " + svg_number(width) + " " + svg_number(height)) + ">\n<title" +
         svg_attribute("id", id + "-title") + ">" + html_text(title) + "</title>\n<desc" +
         svg_attribute("id", id + "-desc") + ">" + html_text(description) + "</desc>\n";
}

std::string_view marker_name(std::size_t index) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "circle",        "square",          "triangle",
      "diamond",       "cross",           "plus",
      "down triangle", "hexagon",         "hollow circle",
      "hollow square", "hollow triangle", "hollow diamond",
      "heavy cross",   "heavy plus",      "hollow down triangle",
      "hollow hexagon"};
  return kNames[index % kNames.size()];
}

}  // namespace ridgepoint::report
