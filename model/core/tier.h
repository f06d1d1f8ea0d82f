// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/codec.h"

namespace ridgepoint {

/// How well founded a predicted time is, best first.
enum class Tier {
  calibrated,   ///< this platform was seen with this kernel class
  same_family,  ///< another platform of the same microarchitecture was
  datasheet,    ///< only the class, on other microarchitectures
  assumed       ///< the class itself was never seen
};

constexpr auto names(Tier) {
  return enum_names<Tier>({{Tier::calibrated, "calibrated"},
                           {Tier::same_family, "same-family"},
                           {Tier::datasheet, "datasheet"},
                           {Tier::assumed, "assumed"}});
}

}  // namespace ridgepoint
