// SPDX-License-Identifier: Apache-2.0
#include "model/money/break_even.h"

#include "model/money/formulas.h"

namespace ridgepoint::money {

std::optional<double> utilisation_to_own(const OwnedMonth& owned, double rent_usd_per_hour) {
  const double saved = kHoursPerMonth * owned.availability * rent_usd_per_hour - owned.busy_power_usd;
  if (saved <= 0) return std::nullopt;
  const double u = (owned.fixed_usd + owned.idle_power_usd) / saved;
  if (u > 1) return std::nullopt;
  return u;
}

std::optional<double> rent_to_match(const OwnedMonth& owned, double utilisation) {
  const double hours = kHoursPerMonth * owned.availability * utilisation;
  if (hours <= 0) return std::nullopt;
  return (owned.fixed_usd + owned.idle_power_usd + owned.busy_power_usd * utilisation) / hours;
}

std::optional<double> electricity_price_to_flip(const JobCost& a, const JobCost& b) {
  if (a.kwh == b.kwh) return std::nullopt;
  const double price = (b.rest_usd - a.rest_usd) / (a.kwh - b.kwh);
  if (price <= 0) return std::nullopt;
  return price;
}

std::optional<double> factor_to_match(double a_usd, double b_usd) {
  if (a_usd <= 0 || b_usd <= 0) return std::nullopt;
  return a_usd / b_usd;
}

std::optional<double> volume_to_recover(double fixed_usd, double saving_usd_per_unit) {
  if (saving_usd_per_unit <= 0) return std::nullopt;
  return fixed_usd / saving_usd_per_unit;
}

}  // namespace ridgepoint::money
