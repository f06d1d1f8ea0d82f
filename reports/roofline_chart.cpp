// SPDX-License-Identifier: Apache-2.0
#include "reports/roofline_chart.h"

#include <algorithm>

#include "model/core/contract.h"
#include "model/core/format.h"
#include "model/core/text.h"

namespace ridgepoint::report {
namespace {

std::string roofs_words(const std::vector<Roof>& roofs, std::string_view unit) {
  std::vector<std::string> words;
  words.reserve(roofs.size());
  for (const Roof& r : roofs) words.push_back(r.name + " " + show_rate(r.rate, unit));
  return join(words, ", ");
}

}  // namespace

Ridge ridge_of(const RooflineChart& chart) {
  RIDGEPOINT_EXPECT(chart.drawable());
  const Roof& memory = *std::ranges::min_element(chart.bandwidth, {}, &Roof::rate);
  const Roof& compute = *std::ranges::max_element(chart.compute, {}, &Roof::rate);
  return {compute.rate / memory.rate, compute.rate, memory.name, compute.name};
}

std::string roofline_summary(const RooflineChart& chart) {
  const Ridge ridge = ridge_of(chart);
  std::string out = "Bandwidth roofs: " + roofs_words(chart.bandwidth, "B/s") +
                    ". Compute roofs: " + roofs_words(chart.compute, "FLOP/s") + ". The ridge of " +
                    ridge.bandwidth + " and " + ridge.compute + " is at " + show_number(ridge.intensity) +
                    " FLOP/B.";
  if (chart.points.empty()) return out;
  std::vector<std::string> words;
  for (const RooflinePoint& p : chart.points)
    words.push_back(p.name + " at " + show_number(p.intensity) + " FLOP/B reaches " +
                    show_rate(p.rate, "FLOP/s"));
  return out + " Kernels: " + join(words, "; ") + ".";
}

}  // namespace ridgepoint::report
