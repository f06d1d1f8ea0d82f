// SPDX-License-Identifier: Apache-2.0
#include "reports/svg_roofline.h"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "reports/escape.h"
#include "reports/roofline_layout.h"

namespace ridgepoint::report {
namespace {

/// One decimal, no locale, no "-0.0".
std::string fixed(double value) {
  char buffer[64];
  const double rounded = std::round(value * 10) / 10 + 0.0;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, rounded, std::chars_format::fixed, 1).ptr;
  return {buffer, end};
}

std::string attribute(std::string_view name, const std::string& value) {
  return " " + std::string(name) + "=\"" + html_attribute(value) + "\"";
}

std::string line(Pixel from, Pixel to, std::string_view style) {
  return "<line" + attribute("class", std::string(style)) + attribute("x1", fixed(from.x)) +
         attribute("y1", fixed(from.y)) + attribute("x2", fixed(to.x)) + attribute("y2", fixed(to.y)) +
         "/>\n";
}

std::string words(const Label& label, std::string_view style) {
  constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};
  std::string out = "<text" + attribute("class", std::string(style)) + attribute("x", fixed(label.at.x)) +
                    attribute("y", fixed(label.at.y)) + " dy=\"0.35em\"" +
                    attribute("text-anchor", std::string(kAnchors[static_cast<std::size_t>(label.anchor)]));
  if (label.degrees != 0)
    out += attribute("transform", "rotate(" + fixed(-label.degrees) + " " + fixed(label.at.x) + " " +
                                      fixed(label.at.y) + ")");
  return out + ">" + html_text(label.words) + "</text>\n";
}

/// 0.001 to 100000 as they are, others as 1e7.
std::string tick_words(int decade) {
  if (decade < -4 || decade > 5) return "1e" + std::to_string(decade);
  if (decade < 0) return "0." + std::string(static_cast<std::size_t>(-decade - 1), '0') + "1";
  return "1" + std::string(static_cast<std::size_t>(decade), '0');
}

std::string grid(const RooflineLayout& layout) {
  std::string out = "<g>\n<rect class=\"rl-frame\"" + attribute("x", fixed(kPlot.left)) +
                    attribute("y", fixed(kPlot.top)) + attribute("width", fixed(kPlot.right - kPlot.left)) +
                    attribute("height", fixed(kPlot.bottom - kPlot.top)) + "/>\n";
  for (const int d : layout.x.decades()) {
    const double x = layout.x.pixel(std::pow(10.0, d));
    out += line({x, kPlot.top}, {x, kPlot.bottom}, "rl-grid");
    out += words(level_label(tick_words(d), {x, kPlot.bottom + 16}, Anchor::middle), "rl-tick");
  }
  constexpr int kGiga = 9;  // the axis is in GFLOP/s, the scale in flop/s
  for (const int d : layout.y.decades()) {
    const double y = layout.y.pixel(std::pow(10.0, d));
    out += line({kPlot.left, y}, {kPlot.right, y}, "rl-grid");
    out += words(level_label(tick_words(d - kGiga), {kPlot.left - 8, y}, Anchor::end), "rl-tick");
  }
  out += words(level_label("Arithmetic intensity (FLOP/B)",
                           {(kPlot.left + kPlot.right) / 2, kChartHeight - 18}, Anchor::middle),
               "rl-title");
  out += words(slanted_label("Performance (GFLOP/s)", {16, (kPlot.top + kPlot.bottom) / 2}, 90), "rl-title");
  return out + "</g>\n";
}

std::string roofs(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const RoofLine& r : layout.bandwidth) out += line(r.from, r.to, "rl-bandwidth");
  for (const RoofLine& r : layout.compute) out += line(r.from, r.to, "rl-compute");
  out += line(layout.ridge, {layout.ridge.x, kPlot.bottom}, "rl-ridge-line");
  out += "<circle class=\"rl-ridge\"" + attribute("cx", fixed(layout.ridge.x)) +
         attribute("cy", fixed(layout.ridge.y)) + " r=\"5\"/>\n";
  return out + "</g>\n";
}

/// A regular polygon, first corner upwards (or turned by `turn` degrees).
std::string polygon(Pixel at, int corners, double radius, double turn) {
  std::string path;
  for (int i = 0; i < corners; ++i) {
    const double angle = (turn + 360.0 * i / corners) * std::numbers::pi / 180;
    path += (i == 0 ? "M" : "L") + fixed(at.x + radius * std::sin(angle)) + " " +
            fixed(at.y - radius * std::cos(angle));
  }
  return path + "Z";
}

std::string strokes(Pixel at, double reach, double turn) {
  std::string path;
  for (const double degrees : {turn, turn + 90}) {
    const double angle = degrees * std::numbers::pi / 180;
    const double x = reach * std::sin(angle), y = reach * std::cos(angle);
    path += "M" + fixed(at.x - x) + " " + fixed(at.y - y) + "L" + fixed(at.x + x) + " " + fixed(at.y + y);
  }
  return path;
}

/// The shapes that marker_name() names, in its order.
std::string marker(Pixel at, std::size_t index) {
  const std::size_t shape = index % 8;
  const bool second = index / 8 % 2 == 1;
  if (shape == 0)
    return "<circle" + attribute("class", second ? "rl-hollow" : "rl-mark") + attribute("cx", fixed(at.x)) +
           attribute("cy", fixed(at.y)) + " r=\"5.5\"/>\n";
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
  return "<path" + attribute("class", style) + attribute("d", path) + "/>\n";
}

std::string points(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const PointMark& p : layout.points) {
    if (p.bottom - p.top >= 0.1) {
      out += line({p.at.x, p.top}, {p.at.x, p.bottom}, "rl-error");
      for (const double end : {p.top, p.bottom})
        out += line({p.at.x - 4, end}, {p.at.x + 4, end}, "rl-error");
    }
    out += marker(p.at, p.index);
  }
  return out + "</g>\n";
}

std::string labels(const RooflineLayout& layout) {
  std::string out = "<g>\n";
  for (const RoofLine& r : layout.bandwidth)
    if (r.label) out += words(*r.label, "rl-label");
  for (const RoofLine& r : layout.compute)
    if (r.label) out += words(*r.label, "rl-label");
  if (layout.ridge_label) out += words(*layout.ridge_label, "rl-label");
  for (const PointMark& p : layout.points)
    if (p.label) out += words(*p.label, "rl-label rl-kernel");
  return out + "</g>\n";
}

}  // namespace

std::string svg_roofline(const RooflineChart& chart, const std::string& id) {
  const RooflineLayout layout = lay_out(chart);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"roofline\" role=\"img\"" + attribute("id", id) +
         attribute("aria-labelledby", id + "-title " + id + "-desc") +
         attribute("viewBox", "0 0 " + fixed(kChartWidth) + " " + fixed(kChartHeight)) + ">\n<title" +
         attribute("id", id + "-title") + ">Roofline of this machine</title>\n<desc" +
         attribute("id", id + "-desc") + ">" + html_text(roofline_summary(chart)) + "</desc>\n" +
         grid(layout) + roofs(layout) + points(layout) + labels(layout) + "</svg>\n";
}

}  // namespace ridgepoint::report
