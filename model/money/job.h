// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/core/recommendation.h"
#include "model/money/factor.h"
#include "model/money/power.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

/// What one job of a known time costs in money, energy and carbon.
struct JobMoney {
  Bill cost;    ///< usd; its total is the sum of the items, with the error of the time counted once
  Bill energy;  ///< j
  Bill carbon;  ///< g
  std::optional<PriceUsed> price;  ///< of a rented machine
};

/// What a second of a platform costs; every job on it is a multiple.
struct Rates {
  Bill hour;            ///< usd/h
  Bill energy, carbon;  ///< j and g a second
  std::optional<PriceUsed> price;
  std::optional<Power> power;
};

Rates rates_of(const Platform& platform, const std::string& as_of, const Settings& settings);

JobMoney job_money(const Rates& rates, const std::string& title, const Interval& time_s);
JobMoney job_money(const Platform& platform, const std::string& as_of, const Settings& settings,
                   const Interval& time_s);

/// USD of one useful hour under the settings' basis.
Bill useful_hour(const Platform& platform, const std::string& as_of, const Settings& settings);

/// How cost is counted, in a sentence, for the list of assumptions.
std::string method_of(const Settings& settings);

/// "owned", "rented on demand", "reserved for 3 years", "spot".
std::string title_of(const Settings& settings);

}  // namespace ridgepoint::money
