// SPDX-License-Identifier: Apache-2.0
// The twin of papi_counters.cpp for builds without PAPI: software events from getrusage, no hardware events.
#include <algorithm>
#include <iterator>

#include "probes/counters_loop.h"

namespace ridgepoint {

CounterSurvey survey_here() {
  CounterSurvey survey{.library = "built without PAPI", .counters = {}};
  for (const Wanted& w : wanted_counters())
    if (w.kind == CounterKind::hardware)
      survey.counters.push_back({.name = w.name, .kind = w.kind, .via = {}, .reason = survey.library});
  std::ranges::move(rusage_counters(), std::back_inserter(survey.counters));
  return survey;
}

}  // namespace ridgepoint
