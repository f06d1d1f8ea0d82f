// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/events.h"
#include "model/core/ports.h"
#include "probes/perf_event.h"

namespace ridgepoint {

/// The words of one event in the kernel's folder of a PMU, with what one count is worth.
struct UncoreEvent {
  PerfCode code;  ///< weight in byte
  bool written = false;
};

/// A memory controller's counters as sysfs shows them. They count for the whole machine.
struct UncorePmu {
  std::string name;       ///< uncore_imc_0, amd_df ...
  std::vector<int> cpus;  ///< on which it is opened: one a socket
  std::vector<UncoreEvent> traffic = {};
};

/// "event=0x04,umask=0x03" by the PMU's format files ("config:0-7" for event ...). Nothing for a word
/// without format, a value that does not fit, or a malformed text.
std::optional<PerfCode> parse_event(std::string_view text, const std::map<std::string, std::string>& formats);

/// Bytes of one count: "6.103515625e-5" and "MiB" -> 64.
std::optional<double> count_bytes(std::string_view scale, std::string_view unit);

/// Memory-controller and fabric counters that the kernel has a driver for; `traffic` is empty where sysfs
/// names no read or write event.
std::vector<UncorePmu> uncore_pmus(const Host& host);

/// DRAM bytes of the whole machine, or why not.
class DramTraffic {
 public:
  static Result<DramTraffic> open(const Host& host);
  std::vector<EventTotal> totals() const;

 private:
  struct Part {
    PerfEvent event;
    bool written;
  };
  std::vector<Part> parts_;
};

}  // namespace ridgepoint
