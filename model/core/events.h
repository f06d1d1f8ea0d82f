// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <memory>
#include <string>
#include <vector>

#include "model/core/fact.h"

namespace ridgepoint {

/// A figure that somebody may look for and that is not there: absent, never zero.
struct Missing {
  std::string subject;  ///< "cycles", "energy", "dram bytes"
  std::string reason;
  std::string fix;  ///< the next command, or what to change
};

template <class Io>
void fields(Io& io, Missing& m) {
  io.field("subject", m.subject);
  io.field("reason", m.reason);
  io.field("fix", m.fix);
}

/// What something has counted since it was opened.
struct EventTotal {
  std::string key;  ///< of the fact it becomes: "events.cycles", "traffic.dram.read", "energy.package.0"
  std::string unit;
  double value = 0;
  double share = 1;  ///< of the time it really counted; below 1 it took turns and `value` is scaled up
  std::string via;   ///< what counted, for whom: goes into the fact's source
};

/// Counts from the moment it is made.
class EventCounter {
 public:
  virtual ~EventCounter() = default;
  /// Events that could not be read now are left out. Ask at least once a minute: energy counters wrap.
  virtual std::vector<EventTotal> totals() = 0;
};

/// Where counts come from: the machine's counters, or made-up ones in a test.
class EventSource {
 public:
  virtual ~EventSource() = default;
  /// For this process and the threads and children it starts from now on.
  virtual std::unique_ptr<EventCounter> count_self() = 0;
  /// For another process, from its next exec on, with all its descendants.
  virtual std::unique_ptr<EventCounter> count_from_exec(pid_t pid) = 0;
  /// What does not count here, why, and the remedy.
  virtual std::vector<Missing> missing() = 0;
};

/// A share below this means that an event took turns with others.
inline constexpr double kWholeTime = 0.99;

/// Facts of what was counted between two readings, per execution where there were several. An event without
/// a second reading, or one that ran backwards, is left out.
Facts event_facts(const std::vector<EventTotal>& before, const std::vector<EventTotal>& after,
                  double executions = 1);

/// Keys of the events that took turns, if any.
std::vector<std::string> multiplexed(const std::vector<EventTotal>& totals);

}  // namespace ridgepoint
