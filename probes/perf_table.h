// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "model/core/ports.h"
#include "probes/counters.h"
#include "probes/perf_event.h"

namespace ridgepoint {

/// One event of a process that this program asks for, and what the known loop (counters_loop.h) must give.
struct WantedEvent {
  std::string key;  ///< of the fact: "events.cycles"
  std::string unit = "1";
  CounterKind kind = CounterKind::hardware;
  std::string name = {};  ///< the kernel's or the manual's
  std::vector<PerfCode> codes = {};
  Together together = Together::summed;
  double least = 1;
  double most = std::numeric_limits<double>::infinity();
  std::string absent = {};  ///< why this processor has no such event; then there are no codes
};

/// What to try on this machine. Generic events come from the kernel's table; floating-point operations have
/// none there and are counted by the codes of the makers' manuals, where the processor is one of theirs.
std::vector<WantedEvent> wanted_events(const Host& host);

}  // namespace ridgepoint
