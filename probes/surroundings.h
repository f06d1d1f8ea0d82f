// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/core/fact.h"
#include "model/core/ports.h"
#include "probes/noise_reading.h"

namespace ridgepoint {

/// What the kernel counts up around a run, at one moment. What it does not say is absent.
struct Surroundings {
  std::optional<CpuTicks> ticks;
  std::map<std::string, double> pressure_s;           ///< "cpu.some", "memory.full" ...: see parse_pressure
  std::string pressure_of;                            ///< whose: "/proc/pressure" or a control group's folder
  std::optional<double> throttle_events, throttle_s;  ///< by CPU quotas of this group and its parents
};

/// nr_throttled of cpu.stat, and seconds of throttled_usec (v2) or throttled_time (v1, nanoseconds).
struct Throttling {
  double events = 0, seconds = 0;
};
std::optional<Throttling> parse_cpu_stat(std::string_view text);

/// Pressure of the own control group where it tells (v2), else of the whole machine.
Surroundings read_surroundings(const Host& host);

/// Facts pressure.<resource>.<some|full> (s), steal (share of the wanted time), throttle.events,
/// throttle.time (s) of what happened in between.
Facts surroundings_between(const Surroundings& before, const Surroundings& after);

}  // namespace ridgepoint
