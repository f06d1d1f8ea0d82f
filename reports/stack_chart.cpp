// SPDX-License-Identifier: Apache-2.0
#include "reports/stack_chart.h"

#include <algorithm>
#include <cmath>

#include "model/core/contract.h"
#include "model/core/format.h"
#include "model/core/text.h"
#include "reports/axis.h"
#include "reports/label_placement.h"
#include "reports/log_scale.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

constexpr Box kPlot{70, 16, 560, 408};
constexpr double kLegend = 580, kLegendStep = 24;

double total(const StackChart& chart, std::size_t column) {
  double sum = 0;
  for (const Layer& l : chart.layers) sum += l.values[column];
  return sum;
}

double highest(const StackChart& chart) {
  double most = 0;
  for (std::size_t i = 0; i < chart.columns.size(); ++i) most = std::max(most, total(chart, i));
  return most;
}

/// Full layers and hollow ones in turn, ever lighter: they differ without colour.
std::string bar(double x, double y, double width, double height, std::size_t layer) {
  const double shade = std::max(0.15, 1 - 0.22 * static_cast<double>(layer % 5));
  return "<rect" + svg_attribute("class", layer % 2 == 0 ? "rl-bar" : "rl-bar rl-bar-other") +
         svg_attribute("x", svg_number(x)) + svg_attribute("y", svg_number(y)) +
         svg_attribute("width", svg_number(width)) + svg_attribute("height", svg_number(height)) +
         svg_attribute("fill-opacity", svg_number(shade)) + "/>\n";
}

std::string axes(const StackChart& chart, double most, double slot) {
  std::string out = "<g>\n" + svg_frame(kPlot);
  const double scale = (kPlot.bottom - kPlot.top) / most;
  const double step = round_step(most);
  for (int i = 0; i * step <= most * 1.0001; ++i) {
    const double y = kPlot.bottom - i * step * scale;
    out += svg_line({kPlot.left, y}, {kPlot.right, y}, "rl-grid");
    out += svg_words(level_label(show_number(i * step), {kPlot.left - 8, y}, Anchor::end), "rl-tick");
  }
  const std::size_t every = std::max<std::size_t>(1, (chart.columns.size() + 7) / 8);
  for (std::size_t i = 0; i < chart.columns.size(); i += every)
    out += svg_words(
        level_label(chart.columns[i], {kPlot.left + (static_cast<double>(i) + 0.5) * slot, kPlot.bottom + 16},
                    Anchor::middle),
        "rl-tick");
  out += svg_words(slanted_label(chart.y_title, {16, (kPlot.top + kPlot.bottom) / 2}, 90), "rl-title");
  return out + "</g>\n";
}

}  // namespace

bool StackChart::drawable() const {
  const auto fine = [this](const Layer& l) {
    return l.values.size() == columns.size() &&
           std::ranges::all_of(l.values, [](double v) { return std::isfinite(v) && v >= 0 && v < 1e15; });
  };
  return !columns.empty() && !layers.empty() && std::ranges::all_of(layers, fine) && highest(*this) > 0;
}

std::string stack_summary(const StackChart& chart) {
  std::vector<std::string> sentences;
  for (const Layer& l : chart.layers)
    sentences.push_back(l.name + ": " + show_number(l.values.front()) + " in " + chart.columns.front() +
                        ", " + show_number(l.values.back()) + " in " + chart.columns.back() + ".");
  return join(sentences, " ");
}

std::string svg_stack(const StackChart& chart, const std::string& id) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const double most = highest(chart),
               slot = (kPlot.right - kPlot.left) / static_cast<double>(chart.columns.size());
  std::string bars = "<g>\n";
  for (std::size_t i = 0; i < chart.columns.size(); ++i) {
    double y = kPlot.bottom;
    for (std::size_t l = 0; l < chart.layers.size(); ++l) {
      const double height = chart.layers[l].values[i] * (kPlot.bottom - kPlot.top) / most;
      if (height <= 0) continue;
      y -= height;
      bars += bar(kPlot.left + (static_cast<double>(i) + 0.1) * slot, y, slot * 0.8, height, l);
    }
  }
  for (std::size_t l = 0; l < chart.layers.size() && l < 16; ++l) {
    const double y = kPlot.top + 12 + kLegendStep * static_cast<double>(l);
    bars += bar(kLegend, y - 7, 14, 14, l);
    bars += svg_words(level_label(shortened(chart.layers[l].name, 22), {kLegend + 20, y}, Anchor::start),
                      "rl-label");
  }
  return svg_open(id, kChartWidth, kChartHeight, chart.title, stack_summary(chart)) +
         axes(chart, most, slot) + bars + "</g>\n</svg>\n";
}

}  // namespace ridgepoint::report
