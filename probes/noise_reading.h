// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/ports.h"

namespace ridgepoint {

/// First line of /proc/stat, in clock ticks over all processors, since boot.
struct CpuTicks {
  double stolen = 0;  ///< runnable, but the hypervisor ran something else
  double wanted = 0;  ///< all but idle and waiting for I/O: ran, or was stolen
};

std::optional<CpuTicks> parse_cpu_ticks(std::string_view proc_stat);

/// Context switches since boot: the line "ctxt" of /proc/stat.
std::optional<double> parse_context_switches(std::string_view proc_stat);

/// Seconds since boot in which some task waited: "total=" in the line "some" of /proc/pressure/<resource>; or
/// in which all did, in the line "full".
std::optional<double> parse_pressure(std::string_view text, std::string_view line = "some");

/// What the kernel says about disturbance at one moment. What it does not say is absent.
struct NoiseReading {
  std::optional<CpuTicks> ticks;
  std::map<std::string, double> pressure_s;  ///< cpu, memory, io: see parse_pressure
  std::optional<double> frequency_hz;        ///< the lowest of the processors looked at
  std::optional<double> throttle_events;     ///< thermal, since boot, of the processors looked at
  std::optional<double> context_switches;    ///< since boot, all processes
  std::optional<double> load;                ///< average of the last minute
};

/// `cpus`: whose clock and thermal events are looked at; a few, because each is a file or three.
NoiseReading read_noise(const Host& host, const std::vector<int>& cpus);

}  // namespace ridgepoint
