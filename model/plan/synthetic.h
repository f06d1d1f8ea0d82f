// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "model/core/scenario.h"

namespace ridgepoint {

/// A made-up scenario of a size, "TYPESxWORKLOADSxMONTHSxSITES". Same seed, same scenario.
Result<Scenario> synthetic_scenario(const std::string& size, std::uint64_t seed);

}  // namespace ridgepoint
