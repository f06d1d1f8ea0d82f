// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

// The arithmetic of cost, on plain numbers whose names say their units. Each has a worked example in
// tests/model/money/formulas.test.cpp. Sources: docs/explanation/cost.md.

namespace ridgepoint::money {

inline constexpr double kHoursPerMonth = 730;
inline constexpr double kMonthsPerYear = 12;
inline constexpr double kHoursPerYear = 8760;
inline constexpr double kJoulesPerKwh = 3.6e6;

/// The monthly rate that compounds to `rate_per_year` in 12 months.
double monthly_rate(double rate_per_year);

/// Level monthly payment that repays 1 over `months` at `rate` a month: r / (1 - (1 + r)^-n); 1 / n at r = 0.
double annuity(double rate, double months);

/// What having a thing costs a month: (price - residual (1 + r)^-n) annuity(r, n). `residual` in money, at
/// the end.
double capital_usd_per_month(double price_usd, double residual_usd, double rate_per_year, double life_year);

/// Mean power at utilisation u: idle + (load - idle) u.
double mean_power_w(double idle_w, double load_w, double utilisation);

/// kWh a month at the meter of the building.
double energy_kwh_per_month(double power_w, double pue);

/// The checkpoint interval that loses least: sqrt(2 save mtti) (Young 1974), first order in interval / mtti.
double best_checkpoint_interval_s(double save_s, double mtti_s);

/// Hours paid a useful hour on machines that are taken away: 1 + (interval / 2 + restart) / mtti + save /
/// interval.
double spot_hours_per_hour(double mtti_s, double save_s, double restart_s, double interval_s);

/// What one useful hour costs when every hour is paid: price / u. Nothing when the machine does no work.
std::optional<double> per_useful_hour(double usd_per_hour, double utilisation);

/// TCO of a month to one job: usd / (730 * 3600 * u * availability) * seconds * machines.
std::optional<double> owned_usd_per_job(double usd_per_month, double utilisation, double availability,
                                        double job_s, double machines);

/// Grams: energy * PUE * grid + embodied * share of the machine's useful life.
double carbon_g(double energy_j, double pue, double grid_g_per_kwh, double embodied_g, double share_of_life);

}  // namespace ridgepoint::money
