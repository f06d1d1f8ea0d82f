// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// One code as perf_event_open takes it.
struct PerfCode {
  std::uint32_t type = 0;
  std::uint64_t config = 0, config1 = 0, config2 = 0;
  double weight = 1;  ///< what one count is worth, in the unit of its event
};

/// Whose events count.
struct PerfScope {
  pid_t pid = 0;           ///< 0 = this thread; -1 = everybody on `cpu`
  int cpu = -1;            ///< -1 = wherever the process runs
  bool from_exec = false;  ///< start at the next exec of `pid`
};

/// An event with its descendants' part, counting until it is destroyed.
class PerfEvent {
 public:
  /// With the kernel's part where that is permitted, else the user's part only: user_only() tells.
  static Result<PerfEvent> open(const PerfCode& code, const PerfScope& scope);
  PerfEvent(PerfEvent&& other) noexcept;
  PerfEvent& operator=(PerfEvent&&) = delete;
  PerfEvent(const PerfEvent&) = delete;
  PerfEvent& operator=(const PerfEvent&) = delete;
  ~PerfEvent();

  struct Reading {
    double value = 0;
    double share = 1;  ///< running / enabled time
  };
  Result<Reading> read() const;
  bool user_only() const { return user_only_; }
  double weight() const { return weight_; }

 private:
  PerfEvent(int fd, bool user_only, double weight) : fd_(fd), user_only_(user_only), weight_(weight) {}
  int fd_;
  bool user_only_;
  double weight_;
};

/// How the codes of one event belong together.
enum class Together {
  summed,      ///< each counts another part all the time (instructions of several widths)
  alternating  ///< each counts on its own kind of core, so one of them at a time (hybrid processors)
};

/// One figure from the readings of an event's codes. Scaled up where the event took turns with others;
/// nothing where it never ran.
struct Combined {
  double value = 0, share = 1;
};
std::optional<Combined> combine(const std::vector<PerfEvent::Reading>& readings,
                                const std::vector<double>& weights, Together together);

}  // namespace ridgepoint
