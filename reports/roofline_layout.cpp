// SPDX-License-Identifier: Apache-2.0
#include "reports/roofline_layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/core/contract.h"
#include "model/core/format.h"

namespace ridgepoint::report {
namespace {

constexpr std::size_t kLabelColumns = 30;
constexpr double kBefore = 0.25, kSpan = 2;  // decades: air before the lowest value, least extent of an axis

LogScale x_scale(const RooflineChart& chart, const Ridge& ridge) {
  Extent extent{ridge.intensity, ridge.intensity};
  constexpr double kLabelRoom = 3;  // half a decade left of the fastest memory's ridge, where its name stands
  for (const Roof& b : chart.bandwidth) extent.hold(ridge.rate / b.rate / kLabelRoom);
  for (const RooflinePoint& p : chart.points) extent.hold(p.intensity);
  // The names of the compute roofs stand right of the ridge, so much of the width is kept for them.
  const double after = std::max(0.7, 0.3 * std::log10(extent.most / extent.least));
  return log_scale(extent, kBefore, after, kSpan, kPlot.left, kPlot.right);
}

LogScale y_scale(const RooflineChart& chart, const Ridge& ridge) {
  // Two decades below the highest roof show the slopes even when no kernel lies there.
  Extent extent{ridge.rate / 100, ridge.rate};
  for (const Roof& c : chart.compute) extent.hold(c.rate);
  for (const RooflinePoint& p : chart.points) {
    extent.hold(p.lo);
    extent.hold(p.hi);
  }
  return log_scale(extent, kBefore, 0.25, kSpan, kPlot.bottom, kPlot.top);
}

std::string roof_words(const Roof& roof, std::string_view unit) {
  return shortened(roof.name, kLabelColumns - 12) + " " + show_rate(roof.rate, unit);
}

/// From the lower left edge of the plot up to the highest compute roof.
RoofLine bandwidth_line(const Roof& roof, double top_rate, const LogScale& x, const LogScale& y) {
  const double least = std::max(std::pow(10.0, x.first), std::pow(10.0, y.first) / roof.rate);
  return {
      {x.pixel(least), y.pixel(least * roof.rate)}, {x.pixel(top_rate / roof.rate), y.pixel(top_rate)}, {}};
}

/// From the fastest memory's slope to the right edge: left of it no kernel can reach this roof.
RoofLine compute_line(const Roof& roof, double best_bandwidth, const LogScale& x, const LogScale& y) {
  const double left = std::max(x.pixel(roof.rate / best_bandwidth), kPlot.left);
  return {{left, y.pixel(roof.rate)}, {kPlot.right, y.pixel(roof.rate)}, {}};
}

/// Along the line, first above it and then below, from its lower end upwards.
std::vector<Label> bandwidth_candidates(const std::string& words, const RoofLine& line) {
  const double dx = line.to.x - line.from.x, dy = line.from.y - line.to.y;
  const double length = std::hypot(dx, dy), width = width_of(words);
  const double degrees = std::atan2(dy, dx) * 180 / std::numbers::pi;
  constexpr double kOff = 11, kStep = 8;
  std::vector<Label> candidates;
  for (const double side : {1.0, -1.0})
    for (double along = width / 2 + 12; along + width / 2 + 6 <= length; along += kStep) {
      const double t = along / length;
      const Pixel on{line.from.x + t * dx, line.from.y - t * dy};
      candidates.push_back(slanted_label(
          words, {on.x - side * kOff * dy / length, on.y - side * kOff * dx / length}, degrees));
    }
  return candidates;
}

/// At the right end, above the line or below it, then further left.
std::vector<Label> compute_candidates(const std::string& words, const RoofLine& line) {
  constexpr double kOff = 9, kStep = 24;
  std::vector<Label> candidates;
  for (double right = line.to.x - 6; right - width_of(words) > line.from.x; right -= kStep)
    for (const double off : {-kOff, kOff})
      candidates.push_back(level_label(words, {right, line.to.y + off}, Anchor::end));
  return candidates;
}

/// Around a mark: right, left, above, below, then the corners, at growing distance.
std::vector<Label> around(const std::string& words, Pixel at) {
  std::vector<Label> candidates;
  for (const double off : {11.0, 18.0, 28.0, 42.0}) {
    candidates.push_back(level_label(words, {at.x + off, at.y}, Anchor::start));
    candidates.push_back(level_label(words, {at.x - off, at.y}, Anchor::end));
    candidates.push_back(level_label(words, {at.x, at.y - off - 4}, Anchor::middle));
    candidates.push_back(level_label(words, {at.x, at.y + off + 4}, Anchor::middle));
    for (const double down : {off, -off}) {
      candidates.push_back(level_label(words, {at.x + off * 0.7, at.y + down}, Anchor::start));
      candidates.push_back(level_label(words, {at.x - off * 0.7, at.y + down}, Anchor::end));
    }
  }
  return candidates;
}

void place_lines(RooflineLayout& out, LabelPlacer& placer) {
  for (const auto* lines : {&out.bandwidth, &out.compute})
    for (const RoofLine& line : *lines) placer.avoid(boxes_along(line.from, line.to, 2));
  placer.avoid(boxes_along(out.ridge, {out.ridge.x, kPlot.bottom}, 2));
  placer.keep_clear({box_around(out.ridge, 7)});
  for (const PointMark& p : out.points) {
    placer.keep_clear({box_around(p.at, 8)});
    placer.keep_clear({{p.at.x - 4, p.top, p.at.x + 4, p.bottom}});
  }
}

/// The longest story first: roofs have few free places, a point has many.
void place_labels(RooflineLayout& out, const RooflineChart& chart, const Ridge& ridge) {
  LabelPlacer placer(kPlot);
  place_lines(out, placer);
  for (std::size_t i = 0; i < chart.compute.size(); ++i)
    out.compute[i].label =
        placer.place(compute_candidates(roof_words(chart.compute[i], "FLOP/s"), out.compute[i]));
  for (std::size_t i = 0; i < chart.bandwidth.size(); ++i)
    out.bandwidth[i].label =
        placer.place(bandwidth_candidates(roof_words(chart.bandwidth[i], "B/s"), out.bandwidth[i]));
  const std::string ridge_words = "ridge " + show_number(ridge.intensity) + " FLOP/B";
  out.ridge_label =
      placer.place({level_label(ridge_words, {out.ridge.x + 8, kPlot.bottom - 12}, Anchor::start),
                    level_label(ridge_words, {out.ridge.x - 8, kPlot.bottom - 12}, Anchor::end),
                    level_label(ridge_words, {out.ridge.x + 8, kPlot.bottom - 30}, Anchor::start),
                    level_label(ridge_words, {out.ridge.x - 8, kPlot.bottom - 30}, Anchor::end)});
  for (std::size_t i = 0; i < chart.points.size(); ++i)
    out.points[i].label =
        placer.place(around(shortened(chart.points[i].name, kLabelColumns), out.points[i].at));
}

}  // namespace

RooflineLayout lay_out(const RooflineChart& chart) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const Ridge ridge = ridge_of(chart);
  RooflineLayout out;
  out.x = x_scale(chart, ridge);
  out.y = y_scale(chart, ridge);
  out.ridge = {out.x.pixel(ridge.intensity), out.y.pixel(ridge.rate)};
  const double best_bandwidth = std::ranges::max(chart.bandwidth, {}, &Roof::rate).rate;
  for (const Roof& b : chart.bandwidth) out.bandwidth.push_back(bandwidth_line(b, ridge.rate, out.x, out.y));
  for (const Roof& c : chart.compute) out.compute.push_back(compute_line(c, best_bandwidth, out.x, out.y));
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const RooflinePoint& p = chart.points[i];
    out.points.push_back(
        {{out.x.pixel(p.intensity), out.y.pixel(p.rate)}, out.y.pixel(p.hi), out.y.pixel(p.lo), i, {}});
  }
  place_labels(out, chart, ridge);
  return out;
}

}  // namespace ridgepoint::report
