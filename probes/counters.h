// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/core/codec.h"
#include "model/core/ports.h"

namespace ridgepoint {

enum class CounterKind { hardware, software };

constexpr auto names(CounterKind) {
  return enum_names<CounterKind>({{CounterKind::hardware, "hardware"}, {CounterKind::software, "software"}});
}

/// One event, and whether it counts here: opened, started, read after a known loop, and the value plausible.
/// A list of available events is not enough: on a virtual machine without a PMU the list is full and nothing
/// counts.
struct Counter {
  std::string name;  ///< ours: cycles, instructions, fp_ops, llc_misses, task_clock ...
  CounterKind kind = CounterKind::hardware;
  bool truly_counts = false;
  bool listed_by_papi = false;
  std::string
      via;  ///< what counted: "PAPI_TOT_CYC", "perf::TASK-CLOCK", "getrusage"; else the last one tried
  double value = 0;    ///< over the known loop; seconds for task_clock
  std::string reason;  ///< why it does not count
};

template <class Io>
void fields(Io& io, Counter& c) {
  io.field("name", c.name);
  io.field("kind", c.kind);
  io.field("truly_counts", c.truly_counts);
  io.field("listed_by_papi", c.listed_by_papi);
  io.field("via", c.via);
  io.field("value", c.value);
  io.field("reason", c.reason);
}

struct CounterSurvey {
  std::string library;  ///< "PAPI 7.0.0", or why there is none
  std::vector<Counter> counters;

  int usable(CounterKind kind) const;
};

template <class Io>
void fields(Io& io, CounterSurvey& s) {
  io.field("library", s.library);
  io.field("counters", s.counters);
}

/// Tries every event once, in a child process: whatever the counter library does in an odd environment
/// (crash, hang, print), this process goes on and the survey says what happened. Takes well under half a
/// second.
CounterSurvey survey_counters();

/// What the machine says about why hardware counters are missing.
struct CounterObstacle {
  std::string reason, fix;
};

/// `why` is the reason a hardware event gave. Looks for the kernel's PMU, perf_event_paranoid and a
/// hypervisor.
CounterObstacle counter_obstacle(const Host& host, const std::string& why);

}  // namespace ridgepoint
