// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "probes/counters.h"

namespace ridgepoint {

/// An event to try: our name, the names by which a library may know it (first that counts wins), and the
/// least value that the known loop must give. A smaller value means that the counter does not count.
struct Wanted {
  std::string name;
  CounterKind kind;
  std::vector<std::string> candidates;
  double least;
  double scale = 1;  ///< from the library's unit to ours (task clock: ns to s)
};

const std::vector<Wanted>& wanted_counters();

/// Floating-point operations of the known loop: a multiplication and an addition an iteration.
inline constexpr double kKnownFlop = 2e6;

/// Work with known lower bounds: so many iterations of a floating-point loop, fresh pages touched, lines of a
/// large buffer read, voluntary sleeps.
void known_loop();

/// The software events from getrusage, for where perf_event_open is forbidden. Order and names as wanted.
std::vector<Counter> rusage_counters();

/// The survey of this process by the library built in (papi_counters.cpp, or its twin without PAPI).
CounterSurvey survey_here();

}  // namespace ridgepoint
