// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/core/recommendation.h"
#include "model/money/factor.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

/// An hourly price and how it was come by.
struct HourlyPrice {
  Factor device;               ///< usd/h of one device or socket
  std::optional<Factor> host;  ///< usd/h of the machine an add-on device needs
  PriceUsed used;              ///< for the document
};

/// The price under the settings' basis and region. Reserved and spot without an offer of their own: the
/// on-demand price times the assumed share. Add-on devices where no whole machine is offered: with an assumed
/// host. Nothing when there is no offer. Precondition: the basis is not `owned`.
std::optional<HourlyPrice> price_of(const Platform& platform, const std::string& as_of,
                                    const Settings& settings);

/// USD of one useful hour. Reserved machines are paid for all hours, so their idle hours stand as an item;
/// spot ones pay for lost work, restarts and checkpoints at the best interval.
Bill rented_hour(const Platform& platform, const std::string& as_of, const Settings& settings);

}  // namespace ridgepoint::money
