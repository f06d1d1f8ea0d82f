// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/core/events.h"
#include "model/core/ports.h"
#include "probes/perf_table.h"

namespace ridgepoint {

/// What became of one event in the trial: usable when `reason` is empty.
struct TriedEvent {
  std::string key;
  double value = 0;  ///< over the known loop
  std::string reason;
};

template <class Io>
void fields(Io& io, TriedEvent& t) {
  io.field("key", t.key);
  io.field("value", t.value);
  io.field("reason", t.reason);
}

/// Opens each event, runs the known loop, reads. An event whose value the loop cannot have given does not
/// count, whatever the system says.
std::vector<TriedEvent> try_events(const std::vector<WantedEvent>& wanted);

/// The verdict on one event.
std::string why_not_believed(const WantedEvent& wanted, const std::optional<Combined>& counted);

/// The counters of this machine: processor and software events of a process tree, and, for everybody on the
/// machine, DRAM traffic and energy. The trial runs at the first question, in a child process, and takes
/// about 0.1 s.
std::unique_ptr<EventSource> live_events();

}  // namespace ridgepoint
