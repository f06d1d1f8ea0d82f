// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/events.h"
#include "model/core/ports.h"

namespace ridgepoint {

/// Energy meters in the processor (RAPL), as the kernel's powercap folder shows them; AMD's stand there too.
/// Joules since the meter was made: the counters wrap, so ask more often than they do (a minute is safe).
class EnergyMeter {
 public:
  explicit EnergyMeter(const Host& host);
  std::vector<EventTotal> totals();
  /// Why there is none, if there is none.
  std::optional<Missing> missing() const;

 private:
  struct Zone {
    std::string folder, key;
    double range_uj = 0;  ///< where the counter starts again at zero
    double last_uj = 0;
    double sum_uj = 0;
  };
  const Host& host_;
  std::vector<Zone> zones_;
  bool listed_ = false;  ///< zones exist, readable or not
};

/// Microjoules between two readings of a counter that starts again at zero after `range`. Nothing where the
/// counter ran backwards without a known range.
std::optional<double> energy_step(double before_uj, double after_uj, double range_uj);

}  // namespace ridgepoint
