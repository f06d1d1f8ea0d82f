// SPDX-License-Identifier: Apache-2.0
#include "reports/front_chart.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "model/core/contract.h"
#include "model/core/text.h"
#include "reports/svg_parts.h"

namespace ridgepoint::report {
namespace {

constexpr Box kPlot{92, 16, 744, 408};
constexpr std::size_t kOnFront = 0, kChosen = 3, kThisMachine = 1;  // circle, diamond, square

bool drawable_value(double v) { return std::isfinite(v) && v >= 1e-15 && v <= 1e15; }

LogPlot plot_of(const FrontChart& chart) {
  const Candidate& first = chart.candidates.front();
  Extent x{first.x, first.x}, y{first.y, first.y};
  for (const Candidate& c : chart.candidates) {
    x.hold(c.x);
    y.hold(c.y);
  }
  return {log_scale(x, 0.15, 0.25, 1, kPlot.left, kPlot.right),
          log_scale(y, 0.15, 0.25, 1, kPlot.bottom, kPlot.top), kPlot};
}

/// Between two candidates of the front one pays more before one waits less: a staircase.
std::string staircase(const FrontChart& chart, const std::vector<std::size_t>& front, const LogPlot& plot) {
  std::string path;
  Pixel last;
  for (const std::size_t i : front) {
    const Pixel p = plot.at(chart.candidates[i].x, chart.candidates[i].y);
    if (path.empty())
      path = "M" + svg_number(p.x) + " " + svg_number(kPlot.top) + "L";
    else
      path += "L" + svg_number(p.x) + " " + svg_number(last.y) + "L";
    path += svg_number(p.x) + " " + svg_number(p.y);
    last = p;
  }
  path += "L" + svg_number(kPlot.right) + " " + svg_number(last.y);
  return "<path class=\"rl-curve\"" + svg_attribute("d", path) + "/>\n";
}

std::string dot(Pixel at) {
  return "<circle class=\"rl-dot\"" + svg_attribute("cx", svg_number(at.x)) +
         svg_attribute("cy", svg_number(at.y)) + " r=\"3.0\"/>\n";
}

std::string marks(const FrontChart& chart, const std::vector<std::size_t>& front, const LogPlot& plot) {
  std::string dots, others;
  for (std::size_t i = 0; i < chart.candidates.size(); ++i) {
    const Candidate& c = chart.candidates[i];
    const Pixel at = plot.at(c.x, c.y);
    const bool on_front = std::ranges::find(front, i) != front.end();
    if (c.chosen || c.this_machine || on_front)
      others += svg_marker(at, c.chosen ? kChosen : c.this_machine ? kThisMachine : kOnFront);
    else
      dots += dot(at);
  }
  return "<g>\n" + dots + others + "</g>\n";
}

/// The front, the choice and this machine have names; the others are in the table.
std::string names(const FrontChart& chart, const std::vector<std::size_t>& front, const LogPlot& plot) {
  LabelPlacer placer(kPlot);
  for (const Candidate& c : chart.candidates) placer.avoid({box_around(plot.at(c.x, c.y), 4)});
  for (const std::size_t i : front)
    placer.keep_clear({box_around(plot.at(chart.candidates[i].x, chart.candidates[i].y), 6)});
  std::string out = "<g>\n";
  for (std::size_t i = 0; i < chart.candidates.size(); ++i) {
    const Candidate& c = chart.candidates[i];
    if (!c.chosen && !c.this_machine && std::ranges::find(front, i) == front.end()) continue;
    const Pixel at = plot.at(c.x, c.y);
    const std::string words = shortened(c.this_machine ? c.name + " (this machine)" : c.name, 32);
    std::vector<Label> places;
    for (const double y : {0.0, 15.0, -15.0, 30.0, -30.0, 45.0})
      for (const Anchor anchor : {Anchor::start, Anchor::end})
        places.push_back(level_label(words, {at.x + (anchor == Anchor::start ? 11 : -11), at.y + y}, anchor));
    if (const auto label = placer.place(places))
      out += svg_words(*label, c.chosen ? "rl-label rl-kernel" : "rl-label");
  }
  return out + "</g>\n";
}

}  // namespace

bool FrontChart::drawable() const {
  return candidates.size() >= 2 && std::ranges::all_of(candidates, [](const Candidate& c) {
           return drawable_value(c.x) && drawable_value(c.y);
         });
}

std::vector<std::size_t> front_of(const std::vector<Candidate>& candidates) {
  std::vector<std::size_t> order(candidates.size()), front;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::tie(candidates[a].x, candidates[a].y) < std::tie(candidates[b].x, candidates[b].y);
  });
  for (const std::size_t i : order)
    if (front.empty() || candidates[i].y < candidates[front.back()].y) front.push_back(i);
  return front;
}

std::string front_summary(const FrontChart& chart) {
  const std::vector<std::size_t> front = front_of(chart.candidates);
  std::vector<std::string> words;
  words.reserve(front.size());
  for (const std::size_t i : front) {
    const Candidate& c = chart.candidates[i];
    words.push_back(c.name + " (" + on_axis(c.x, chart.x) + ", " + on_axis(c.y, chart.y) + ")");
  }
  return std::to_string(front.size()) + " of " + std::to_string(chart.candidates.size()) +
         " are on the front, from the least " + chart.x.title + " to the least " + chart.y.title + ": " +
         join(words, "; ") + ".";
}

std::string svg_front(const FrontChart& chart, const std::string& id) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const LogPlot plot = plot_of(chart);
  const std::vector<std::size_t> front = front_of(chart.candidates);
  return svg_open(id, kChartWidth, kChartHeight, chart.title, front_summary(chart)) +
         svg_grid(plot, chart.x, chart.y) + staircase(chart, front, plot) + marks(chart, front, plot) +
         names(chart, front, plot) + "</svg>\n";
}

}  // namespace ridgepoint::report
