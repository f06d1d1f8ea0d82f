// SPDX-License-Identifier: Apache-2.0
#include "reports/bar_chart.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "model/core/text.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

constexpr double kLeft = 262, kRight = 612, kTop = 40, kSlot = 28, kFoot = 58;
constexpr std::size_t kNameColumns = 36, kValueColumns = 20;

struct Scale {
  double first = 0, last = 1;  ///< decades on a logarithmic axis
  Spread spread = Spread::linear;

  double pixel(double value) const {
    const double v = spread == Spread::logarithmic ? std::log10(value) : value;
    return kLeft + (v - first) / (last - first) * (kRight - kLeft);
  }
};

Extent extent_of(const BarChart& chart) {
  Extent extent{chart.bars.front().from, chart.bars.front().from};
  for (const Bar& b : chart.bars)
    for (const double v : {b.from, b.to, b.reach.value_or(b.to)}) extent.hold(v);
  for (const AxisMark& m : chart.marks) extent.hold(m.at);
  return extent;
}

/// Bars from zero keep their foot at the frame; others get air on both sides.
Scale scale_of(const BarChart& chart) {
  const Extent extent = extent_of(chart);
  if (chart.spread == Spread::logarithmic) {
    const LogScale log = log_scale(extent, 0.08, 0.08, 0.3, kLeft, kRight);
    return {log.first, log.last, chart.spread};
  }
  const double span = extent.most > extent.least ? extent.most - extent.least : 1;
  return {extent.least - (extent.least == 0 ? 0 : 0.06 * span), extent.most + 0.06 * span, chart.spread};
}

std::vector<double> ticks(const Scale& scale, const std::string& unit) {
  if (scale.spread == Spread::logarithmic) return log_ticks({scale.first, scale.last, kLeft, kRight}, unit);
  std::vector<double> out;
  const double step = round_step(scale.last - scale.first);
  for (double i = std::ceil(scale.first / step); i * step <= scale.last; ++i) out.push_back(i * step);
  return out;
}

double bottom_of(const BarChart& chart) { return kTop + kSlot * static_cast<double>(chart.bars.size()); }

std::string grid(const BarChart& chart, const Scale& scale) {
  const double bottom = bottom_of(chart);
  std::string out = "<g>\n" + svg_frame({kLeft, kTop, kRight, bottom});
  double free_from = 0;
  for (const double v : ticks(scale, chart.axis.unit)) {
    const double x = scale.pixel(v);
    out += svg_line({x, kTop}, {x, bottom}, "rl-grid");
    const Label label = level_label(on_axis(v, chart.axis), {x, bottom + 16}, Anchor::middle);
    if (label.boxes.front().left < free_from) continue;
    free_from = label.boxes.front().right + 4;
    out += svg_words(label, "rl-tick");
  }
  out += svg_words(level_label(chart.axis.title, {(kLeft + kRight) / 2, bottom + 40}, Anchor::middle),
                   "rl-title");
  return out + "</g>\n";
}

std::string bars(const BarChart& chart, const Scale& scale) {
  std::string out = "<g>\n";
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& b = chart.bars[i];
    const double y = kTop + kSlot * (static_cast<double>(i) + 0.5);
    const double left = scale.pixel(std::min(b.from, b.to)), right = scale.pixel(std::max(b.from, b.to));
    out += "<rect" + svg_attribute("class", b.marked ? "rl-bar rl-bar-marked" : "rl-bar rl-bar-pale") +
           svg_attribute("x", svg_number(left)) + svg_attribute("y", svg_number(y - 8)) +
           svg_attribute("width", svg_number(std::max(1.0, right - left))) + " height=\"16.0\"/>\n";
    if (b.reach) {
      const double end = scale.pixel(*b.reach);
      out += svg_line({right, y}, {end, y}, "rl-error") + svg_line({end, y - 5}, {end, y + 5}, "rl-error");
    }
    out += svg_words(level_label(shortened(b.name, kNameColumns), {kLeft - 10, y}, Anchor::end),
                     b.marked ? "rl-label rl-kernel" : "rl-label");
  }
  return out + "</g>\n";
}

std::string words_of(const Bar& b, const BarChart& chart) {
  const bool from_zero = b.from == 0 && chart.spread == Spread::linear;
  const std::string end = on_axis(b.to, chart.axis);
  return from_zero ? end : on_axis(b.from, chart.axis) + " to " + end;
}

/// What each bar is worth, to the right of the frame, and the marks' names above it.
std::string words(const BarChart& chart, const Scale& scale) {
  std::string out = "<g>\n";
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    out += svg_words(level_label(shortened(words_of(chart.bars[i], chart), kValueColumns),
                                 {kRight + 10, kTop + kSlot * (static_cast<double>(i) + 0.5)}, Anchor::start),
                     "rl-label");
  LabelPlacer placer({0, 0, kChartWidth, kTop});
  for (const AxisMark& m : chart.marks) {
    const double x = scale.pixel(m.at);
    out += svg_line({x, kTop - 4}, {x, bottom_of(chart)}, "rl-ridge-line");
    std::vector<Label> places;
    for (const double y : {kTop - 12, kTop - 28})
      for (const Anchor anchor : {Anchor::middle, Anchor::end, Anchor::start})
        places.push_back(level_label(shortened(m.name, 30), {x, y}, anchor));
    if (const auto label = placer.place(places)) out += svg_words(*label, "rl-label");
  }
  return out + "</g>\n";
}

}  // namespace

bool BarChart::drawable() const {
  const auto fine = [this](double v) {
    return std::isfinite(v) &&
           (spread == Spread::logarithmic ? v >= 1e-15 && v <= 1e15 : std::abs(v) <= 1e15);
  };
  return !bars.empty() && std::ranges::all_of(bars, [&](const Bar& b) {
    return fine(b.from) && fine(b.to) && fine(b.reach.value_or(b.to));
  }) && std::ranges::all_of(marks, [&](const AxisMark& m) { return fine(m.at); });
}

std::string bar_summary(const BarChart& chart) {
  std::vector<std::string> sentences;
  for (const Bar& b : chart.bars) {
    std::string words = b.name + ": " + words_of(b, chart);
    if (b.reach) words += ", up to " + on_axis(*b.reach, chart.axis);
    if (b.marked && !chart.mark_words.empty()) words += ", " + chart.mark_words;
    sentences.push_back(words + ".");
  }
  for (const AxisMark& m : chart.marks)
    sentences.push_back("A line at " + on_axis(m.at, chart.axis) + ": " + m.name + ".");
  return join(sentences, " ");
}

std::string svg_bars(const BarChart& chart, const std::string& id) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const Scale scale = scale_of(chart);
  return svg_open(id, kChartWidth, bottom_of(chart) + kFoot, chart.title, bar_summary(chart)) +
         grid(chart, scale) + bars(chart, scale) + words(chart, scale) + "</svg>\n";
}

}  // namespace ridgepoint::report
