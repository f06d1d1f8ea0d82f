// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/answer.h"

#include <algorithm>
#include <array>

#include "model/core/format.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {

ObjectiveWords words_of(Objective objective) {
  switch (objective) {
    case Objective::cost:
      return {"cost", "lowest cost", "usd"};
    case Objective::time:
      return {"time", "shortest time", "s"};
    case Objective::energy:
      return {"energy", "least energy", "j"};
    case Objective::carbon:
      return {"carbon", "least carbon", "g"};
  }
  return {"cost", "lowest cost", "usd"};
}

const std::optional<Interval>& objective_of(const Estimate& estimate, Objective objective) {
  switch (objective) {
    case Objective::cost:
      return estimate.cost_usd;
    case Objective::time:
      return estimate.time_s;
    case Objective::energy:
      return estimate.energy_j;
    case Objective::carbon:
      return estimate.carbon_g;
  }
  return estimate.cost_usd;
}

CostScale cost_scale(const Answer& answer) {
  double least = 0;
  for (const Estimate& e : answer.estimates)
    if (e.cost_usd && e.cost_usd->value > 0)
      least = least == 0 ? e.cost_usd->value : std::min(least, e.cost_usd->value);
  static const std::array<CostScale, 4> kScales = {
      {{1, ""}, {1e3, " per 1,000"}, {1e6, " per million"}, {1e9, " per billion"}}};
  if (least == 0) return kScales.front();
  for (const CostScale& s : kScales)
    if (least * s.units >= 0.01) return s;
  return kScales.back();
}

Text amount(double value, std::string_view unit, const CostScale& scale) {
  Text text = quantity(value, unit);
  if (unit == "usd") text.spans.front().text = show_usd(value * scale.units);
  return text;
}

Text amount_range(const Interval& i, std::string_view unit, const CostScale& scale) {
  return between(amount(i.lo, unit, scale), amount(i.hi, unit, scale));
}

Text amount_cell(const std::optional<Interval>& interval, std::string_view unit, const CostScale& scale,
                 const std::string& missing) {
  if (!interval) return quiet(missing);
  return amount(interval->value, unit, scale) + aside(amount_range(*interval, unit, scale));
}

const Estimate* find_estimate(const Answer& answer, const std::string& platform_id) {
  if (platform_id.empty()) return nullptr;
  const auto it = std::ranges::find(answer.estimates, platform_id, &Estimate::platform_id);
  return it == answer.estimates.end() ? nullptr : &*it;
}

std::string name_of(const Estimate& e) { return e.platform_name.empty() ? e.platform_id : e.platform_name; }

std::string name_of(const Answer& a) { return a.workload_name.empty() ? a.workload_id : a.workload_name; }

}  // namespace ridgepoint::report
