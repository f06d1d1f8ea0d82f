// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

namespace ridgepoint::money {

/// An owned machine's month as a line in the utilisation u: fixed + idle energy, and what a busy month adds.
struct OwnedMonth {
  double fixed_usd = 0;       ///< all but electricity
  double idle_power_usd = 0;  ///< electricity of a month without work
  double busy_power_usd = 0;  ///< what a month of nothing but work adds to it
  double availability = 1;
};

/// u* = (fixed + idle) / (730 a p - busy): from this utilisation on, owning is cheaper than renting the same
/// hours at p USD an hour. Nothing when renting wins even at full use.
std::optional<double> utilisation_to_own(const OwnedMonth& owned, double rent_usd_per_hour);

/// The hourly price at which renting costs the same as owning at utilisation u: (fixed + idle + busy u) /
/// (730 a u).
std::optional<double> rent_to_match(const OwnedMonth& owned, double utilisation);

/// One job's cost as a line in the electricity price: rest + kwh * price.
struct JobCost {
  double rest_usd = 0;
  double kwh = 0;  ///< at the meter: PUE and the job's share of idle hours included
};

/// The electricity price (USD/kWh) at which two jobs cost the same: (rest_b - rest_a) / (kwh_a - kwh_b).
/// Nothing when the lines do not cross at a positive price. Below it the one with more kWh is cheaper, above
/// it the other.
std::optional<double> electricity_price_to_flip(const JobCost& a, const JobCost& b);

/// The factor on b's time or price at which b costs what a does: a / b. Below 1: b must improve by that much.
std::optional<double> factor_to_match(double a_usd, double b_usd);

/// How many units must be done before a one-off cost is won back: fixed / saving per unit; nothing without a
/// saving.
std::optional<double> volume_to_recover(double fixed_usd, double saving_usd_per_unit);

}  // namespace ridgepoint::money
