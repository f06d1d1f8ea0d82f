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

/// What is asked of the offers.
struct OfferQuestion {
  std::string as_of;
  std::string terms = "on-demand";
  std::string region;   ///< only offers of this region; empty = any
  bool add_on = false;  ///< devices that need a machine of their own, instead of whole ones
};

/// The offer that hourly_price would use; nullptr when there is none.
const Offer* best_offer(const Platform& platform, const OfferQuestion& question);

/// The purchase price at a date: the one seen last, a vendor's before a reseller's or an estimate, then the
/// lowest.
const Offer* best_purchase(const Platform& platform, const std::string& as_of);

/// An hourly offer as a price of one platform.
PriceUsed price_used(const Offer& offer, const std::string& as_of);

/// Was it last seen more than three months before? Precondition: the offer is dated.
bool is_stale(const Offer& offer, const std::string& as_of);

/// Can it be had at that date? Empty when yes, else the reason: launched later, or sales ended and nobody
/// rents it.
std::string not_on_sale(const Platform& platform, const std::string& as_of);

/// Can it be bought new at that date? Empty when yes, else the reason: "was launched 2022-09" and the like.
std::string not_sold(const Platform& platform, const std::string& as_of);

}  // namespace ridgepoint
