// SPDX-License-Identifier: Apache-2.0
#include "model/money/job.h"

#include <cmath>

#include "model/core/units.h"
#include "model/estimate.h"
#include "model/money/owned.h"
#include "model/money/power.h"
#include "model/money/rented.h"

namespace ridgepoint::money {
namespace {

/// Items share the time, so its error does not average out between them: it is counted once, in the total.
std::optional<Interval> once(const std::optional<Interval>& rate, double to_base, const Interval& time_s) {
  if (!rate) return std::nullopt;
  return log_normal(rate->value * to_base * time_s.value, std::hypot(sigma_of(*rate), sigma_of(time_s)));
}

/// A bill per second of use, times a time.
Bill for_time(const Bill& per_second, double to_base, const Interval& time_s, const std::string& title,
              const std::string& unit) {
  const Factor time{time_s.value * to_base, sigma_of(time_s), Basis::modelled, {}};
  Bill job = scaled(per_second, time, title, unit);
  job.total = once(per_second.total, to_base, time_s);
  return job;
}

}  // namespace

std::string title_of(const Settings& s) {
  switch (s.basis) {
    case CostBasis::owned:
      return "owned";
    case CostBasis::spot:
      return "spot";
    case CostBasis::reserved:
      return s.reserved_years == 3 ? "reserved for 3 years" : "reserved for 1 year";
    case CostBasis::rented:
      break;
  }
  return "rented on demand";
}

std::string method_of(const Settings& s) {
  switch (s.basis) {
    case CostBasis::owned:
      return "cost = time x (capital, room, electricity, upkeep and administration of a month) / (730 h x "
             "utilisation x availability), of one device or socket with its share of a server";
    case CostBasis::reserved:
      return "cost = time x reserved price / utilisation: every hour of the term is paid; without a reserved "
             "offer an assumed share of the on-demand price";
    case CostBasis::spot:
      return "cost = time x spot price x (1 + lost work, restarts and checkpoints at the best interval); "
             "without "
             "a spot offer an assumed share of the on-demand price";
    case CostBasis::rented:
      break;
  }
  return "cost = time x the cheapest on-demand price per device, host included, seen at or before the date; "
         "no "
         "price, no cost";
}

Bill useful_hour(const Platform& p, const std::string& as_of, const Settings& s) {
  if (s.basis == CostBasis::owned) return owned_useful_hour(owned_month(p, as_of, s), s);
  Bill bill = rented_hour(p, as_of, s);
  bill.title = title_of(s) + ", a useful hour";
  return bill;
}

Rates rates_of(const Platform& p, const std::string& as_of, const Settings& s) {
  const Factor second{1, 0, Basis::modelled, {}};
  Rates r{
      useful_hour(p, as_of, s), energy_of_job(p, s, second), carbon_of_job(p, s, second), {}, power_of(p, s)};
  if (s.basis != CostBasis::owned)
    if (const auto price = price_of(p, as_of, s)) r.price = price->used;
  return r;
}

JobMoney job_money(const Rates& r, const std::string& title, const Interval& time_s) {
  return {for_time(r.hour, 1 / kSecondsPerHour, time_s, title + ", one job", "usd"),
          for_time(r.energy, 1, time_s, "energy of one job", "j"),
          for_time(r.carbon, 1, time_s, "carbon of one job", "g"), r.price};
}

JobMoney job_money(const Platform& p, const std::string& as_of, const Settings& s, const Interval& time_s) {
  return job_money(rates_of(p, as_of, s), title_of(s), time_s);
}

}  // namespace ridgepoint::money
