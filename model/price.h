// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/core/platform.h"
#include "model/core/recommendation.h"

namespace ridgepoint {

/// Months from a to b, both YYYY-MM; negative when b is earlier.
int months_between(const std::string& a, const std::string& b);

/// The hourly price of one platform at a date: the cheapest dated on-demand offer seen in that month, else
/// the most recently seen earlier one (the cheapest of them), marked stale when older than three months.
/// Offers that begin later, are undated, do not say how many devices they hold, or price an add-on without
/// the machine it needs are not used. No offer: no price.
std::optional<PriceUsed> hourly_price(const Platform& platform, const std::string& as_of);

/// Can it be had at that date? Empty when yes, else the reason: launched later, or sales ended and nobody
/// rents it.
std::string not_on_sale(const Platform& platform, const std::string& as_of);

}  // namespace ridgepoint
