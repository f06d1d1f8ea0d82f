// SPDX-License-Identifier: Apache-2.0
#include "model/sweep/sweep.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/core/contract.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kCurves = 6;

struct Contestant {
  const Platform* platform;
  CompiledJob job;
  std::vector<double> objective;
};

struct Factor {
  const char* name;
  double WhatIf::*input;
};

constexpr Factor kFactors[] = {
    {"work", &WhatIf::work},           {"traffic", &WhatIf::traffic},       {"compute", &WhatIf::compute},
    {"bandwidth", &WhatIf::bandwidth}, {"efficiency", &WhatIf::efficiency}, {"price", &WhatIf::price}};

std::string unit_of(Objective objective) {
  switch (objective) {
    case Objective::time:
      return "s";
    case Objective::energy:
      return "j";
    case Objective::carbon:
      return "g";
    case Objective::cost:
      break;
  }
  return "usd";
}

std::size_t best_at(const std::vector<Contestant>& all, std::size_t point) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].objective[point] < all[best].objective[point]) best = i;
  return best;
}

/// The factor at which two contestants cost the same, by bisection in the logarithm: `a` is better at `low`,
/// `b` at `high`.
double crossing(const Contestant& a, const Contestant& b, const SweepQuestion& q, double low, double high) {
  const auto value = [&](const Contestant& c, double factor) {
    const bool varied = q.on.empty() || c.platform->id == q.on;
    return c.job.value(varied ? what_if(q.vary, factor) : WhatIf{});
  };
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (value(a, middle) <= value(b, middle) ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

/// Those that win somewhere, and the next best at factor 1, best at factor 1 first.
std::vector<SweepCurve> curves_of(std::vector<Contestant>& all, const std::vector<std::size_t>& winners) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return all[i].job.value({}); });
  std::vector<SweepCurve> out;
  std::size_t others = 0;
  const std::size_t room = kCurves > winners.size() ? kCurves - winners.size() : 0;
  for (const std::size_t i : order) {
    if (std::ranges::find(winners, i) == winners.end() && others++ >= room) continue;
    out.push_back({all[i].platform->id, all[i].platform->name, std::move(all[i].objective)});
  }
  return out;
}

Result<std::vector<Contestant>> contestants(const Workload& workload, const std::vector<Platform>& platforms,
                                            const EstimateContext& context) {
  std::vector<Contestant> all;
  for (const Platform& p : platforms)
    if (auto job = CompiledJob::make(estimate(workload, p, context), context.objective))
      all.push_back({&p, std::move(*job), {}});
  if (all.empty())
    return fail(ErrorKind::failed_check,
                "no platform has a figure for '" + workload.id + "' in " + context.as_of, "",
                "see ridgepoint recommend --workload " + workload.id + " for the reasons");
  return all;
}

}  // namespace

const std::vector<std::string>& sweep_factors() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> list;
    for (const Factor& f : kFactors) list.emplace_back(f.name);
    return list;
  }();
  return words;
}

WhatIf what_if(const std::string& vary, double factor) {
  const auto* const it = std::ranges::find_if(kFactors, [&](const Factor& f) { return vary == f.name; });
  RIDGEPOINT_EXPECT(it != std::end(kFactors));
  WhatIf w;
  w.*(it->input) = factor;
  return w;
}

Result<Sweep> sweep(const SweepQuestion& q, const Workload& workload, const std::vector<Platform>& platforms,
                    const EstimateContext& context) {
  auto all = contestants(workload, platforms, context);
  if (!all) return tl::make_unexpected(all.error());
  if (!q.on.empty() &&
      std::ranges::none_of(*all, [&](const Contestant& c) { return c.platform->id == q.on; })) {
    std::vector<std::string> known;
    for (const Contestant& c : *all) known.push_back(c.platform->id);
    const std::string near = nearest(q.on, known);
    return fail(
        ErrorKind::bad_input, "'" + printable(q.on) + "' has no figure for '" + workload.id + "'", "",
        near.empty() ? "see ridgepoint recommend --workload " + workload.id : "did you mean '" + near + "'?");
  }
  Sweep s;
  s.as_of = context.as_of;
  s.workload_id = workload.id;
  s.workload_name = workload.name;
  s.unit_of_work = workload.unit_of_work;
  s.objective = context.objective;
  s.unit = unit_of(context.objective);
  s.vary = q.vary;
  s.on = q.on;
  s.compared = std::ssize(*all);
  for (int i = 0; i < q.points; ++i) {
    const double factor = q.from * std::pow(q.to / q.from, static_cast<double>(i) / (q.points - 1));
    s.values.push_back(factor);
    const WhatIf changed = what_if(q.vary, factor);
    for (Contestant& c : *all)
      c.objective.push_back(c.job.value(q.on.empty() || c.platform->id == q.on ? changed : WhatIf{}));
  }
  std::vector<std::size_t> winners;
  for (std::size_t i = 0; i < s.values.size(); ++i) {
    const std::size_t best = best_at(*all, i);
    if (i > 0 && (*all)[best].platform->id != s.best.back()) {
      const std::size_t before = best_at(*all, i - 1);
      s.crossovers.push_back({crossing((*all)[before], (*all)[best], q, s.values[i - 1], s.values[i]),
                              (*all)[before].platform->id, (*all)[best].platform->id});
    }
    s.best.push_back((*all)[best].platform->id);
    if (std::ranges::find(winners, best) == winners.end()) winners.push_back(best);
  }
  s.curves = curves_of(*all, winners);
  s.method = {
      "the terms of each estimate by the calibrated law, with one input multiplied by the factor; "
      "efficiencies "
      "and the memory footprint are taken not to change with it",
      "a crossover between two neighbouring values of the factor is found by bisection; two that lie between "
      "the same neighbours are seen as one"};
  return s;
}

}  // namespace ridgepoint
