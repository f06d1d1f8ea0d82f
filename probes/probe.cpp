// SPDX-License-Identifier: Apache-2.0
#include "probes/probe.h"

namespace ridgepoint {

double LevelSeconds::at(Level level) const {
  constexpr double kSmoke = 0.02;
  switch (level) {
    case Level::smoke:
      return quick > 0 || standard > 0 || full > 0 ? kSmoke : 0;
    case Level::quick:
      return quick;
    case Level::standard:
      return standard;
    case Level::full:
      return full;
  }
  return quick;
}

}  // namespace ridgepoint
