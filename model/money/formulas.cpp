// SPDX-License-Identifier: Apache-2.0
#include "model/money/formulas.h"

#include <cmath>

namespace ridgepoint::money {

double monthly_rate(double rate_per_year) { return std::pow(1 + rate_per_year, 1 / kMonthsPerYear) - 1; }

double annuity(double rate, double months) {
  // expm1 and log1p: at a small rate 1 - (1 + r)^-n loses its digits.
  return rate == 0 ? 1 / months : rate / -std::expm1(-months * std::log1p(rate));
}

double capital_usd_per_month(double price_usd, double residual_usd, double rate_per_year, double life_year) {
  const double r = monthly_rate(rate_per_year), months = life_year * kMonthsPerYear;
  return (price_usd - residual_usd * std::pow(1 + r, -months)) * annuity(r, months);
}

double mean_power_w(double idle_w, double load_w, double utilisation) {
  return idle_w + (load_w - idle_w) * utilisation;
}

double energy_kwh_per_month(double power_w, double pue) { return power_w / 1000 * kHoursPerMonth * pue; }

double best_checkpoint_interval_s(double save_s, double mtti_s) { return std::sqrt(2 * save_s * mtti_s); }

double spot_hours_per_hour(double mtti_s, double save_s, double restart_s, double interval_s) {
  return 1 + (interval_s / 2 + restart_s) / mtti_s + save_s / interval_s;
}

std::optional<double> per_useful_hour(double usd_per_hour, double utilisation) {
  if (utilisation <= 0) return std::nullopt;
  return usd_per_hour / utilisation;
}

std::optional<double> owned_usd_per_job(double usd_per_month, double utilisation, double availability,
                                        double job_s, double machines) {
  const double useful_s = kHoursPerMonth * 3600 * utilisation * availability;
  if (useful_s <= 0) return std::nullopt;
  return usd_per_month / useful_s * job_s * machines;
}

double carbon_g(double energy_j, double pue, double grid_g_per_kwh, double embodied_g, double share_of_life) {
  return energy_j / kJoulesPerKwh * pue * grid_g_per_kwh + embodied_g * share_of_life;
}

}  // namespace ridgepoint::money
