// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/money/break_even.h"
#include "model/money/factor.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

/// What owning one device or socket, with its share of a server and a room, costs a month. Every number that
/// is not known stands in `missing`, and then there is no total.
Bill owned_month(const Platform& platform, const std::string& as_of, const Settings& settings);

/// The month to one useful hour: / (730 * utilisation * availability). No total at zero utilisation.
Bill owned_useful_hour(const Bill& month, const Settings& settings);

/// The same month as a line in the utilisation; nothing when a number is missing.
std::optional<OwnedMonth> owned_line(const Platform& platform, const std::string& as_of,
                                     const Settings& settings);

}  // namespace ridgepoint::money
