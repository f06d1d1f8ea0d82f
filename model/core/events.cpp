// SPDX-License-Identifier: Apache-2.0
#include "model/core/events.h"

#include <algorithm>

#include "model/core/format.h"

namespace ridgepoint {

Facts event_facts(const std::vector<EventTotal>& before, const std::vector<EventTotal>& after,
                  double executions) {
  Facts facts;
  for (const EventTotal& end : after) {
    const auto begin = std::ranges::find(before, end.key, &EventTotal::key);
    const double counted = end.value - (begin == before.end() ? 0 : begin->value);
    if (counted < 0 || executions <= 0) continue;
    Fact fact = measured(counted / executions, end.unit, end.via);
    if (end.share < kWholeTime)
      fact.note =
          "took turns with other events: counted " + show_percent(end.share) + " of the time, scaled up";
    facts[end.key] = std::move(fact);
  }
  return facts;
}

std::vector<std::string> multiplexed(const std::vector<EventTotal>& totals) {
  std::vector<std::string> keys;
  for (const EventTotal& t : totals)
    if (t.share < kWholeTime) keys.push_back(t.key);
  return keys;
}

}  // namespace ridgepoint
