// SPDX-License-Identifier: Apache-2.0
#include "probes/sampler.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "model/core/stats.h"

namespace ridgepoint {
namespace {

bool rests(const std::vector<double>& values, const SamplingRule& rule) {
  const int n = static_cast<int>(values.size());
  if (n < rule.min_samples) return false;
  if (n >= rule.max_samples) return true;
  const double iqr = quantile(values, 0.75) - quantile(values, 0.25);
  return 1.57 * iqr / std::sqrt(n) <= rule.target * quantile(values, 0.5);
}

}  // namespace

SamplingRule rule_for(const ProbeContext& context) {
  if (context.level == Level::smoke)
    return {.seconds = 0, .min_samples = 1, .max_samples = 1, .only = context.cells};
  return {.seconds = context.budget_s, .only = context.cells};
}

bool asked_for(const std::string& key, const std::vector<std::string>& patterns) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& p) {
           return p.ends_with('*') ? key.starts_with(p.substr(0, p.size() - 1)) : key == p;
         });
}

bool any_asked_for(const std::string& prefix, const ProbeContext& context) {
  const auto may_match = [&](const std::string& p) {
    const std::string stem = p.ends_with('*') ? p.substr(0, p.size() - 1) : p;
    return stem.starts_with(prefix) || (p.ends_with('*') && prefix.starts_with(stem));
  };
  return context.cells.empty() || std::ranges::any_of(context.cells, may_match);
}

bool sample_cells(const std::vector<Cell>& all, const SamplingRule& rule, ProbeOutcome& outcome) {
  using Clock = std::chrono::steady_clock;
  std::vector<Cell> cells;
  std::ranges::copy_if(all, std::back_inserter(cells),
                       [&](const Cell& c) { return asked_for(c.key, rule.only); });
  std::vector<std::vector<double>> values(cells.size());
  const auto begin = Clock::now();
  const auto spent = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  bool stopped = false, busy = true;
  for (int round = rule.max_samples > 1 ? -1 : 0; busy && !stopped; ++round) {  // round -1 warms up
    busy = round < 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool enough = static_cast<int>(values[i].size()) >= rule.min_samples;
      if (round >= 0 && (rests(values[i], rule) || (enough && spent() >= rule.seconds))) continue;
      if ((stopped = Interrupt::requested())) break;
      const double value = cells[i].sample();
      if (round >= 0) values[i].push_back(value);
      busy = true;
    }
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!values[i].empty())
      outcome.samples.push_back(
          {cells[i].key, cells[i].unit, cells[i].source, std::move(values[i]), cells[i].headline});
  return !stopped;
}

}  // namespace ridgepoint
