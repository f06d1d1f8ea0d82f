// SPDX-License-Identifier: Apache-2.0
#include "model/money/sheet.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/core/format.h"
#include "model/efficiency.h"
#include "model/estimate.h"
#include "model/money/formulas.h"
#include "model/money/job.h"
#include "model/money/owned.h"
#include "model/money/rented.h"
#include "model/price.h"

namespace ridgepoint::money {
namespace {

/// Every way of paying, in the order in which a buyer thinks of them.
std::vector<Settings> ways(const Settings& asked) {
  std::vector<Settings> out;
  for (const auto& [basis, years] :
       {std::pair{CostBasis::rented, 1}, std::pair{CostBasis::reserved, 1}, std::pair{CostBasis::reserved, 3},
        std::pair{CostBasis::spot, 1}, std::pair{CostBasis::owned, 1}}) {
    Settings s = asked;
    s.basis = basis;
    s.reserved_years = years;
    out.push_back(std::move(s));
  }
  return out;
}

Interval times(const Interval& i, double factor) { return {i.value * factor, i.lo * factor, i.hi * factor}; }

CostLine line_of(const SheetQuestion& q, const Settings& s, const std::optional<Interval>& time_s) {
  CostLine line;
  line.basis = s.basis;
  line.title = title_of(s);
  line.usd_per_useful_hour = useful_hour(q.platform, q.as_of, s).total;
  const double used = number(s.assumptions, "utilisation").value_or(0);
  if (s.basis == CostBasis::owned)
    line.usd_per_month = owned_month(q.platform, q.as_of, s).total;
  else if (line.usd_per_useful_hour && used > 0)
    line.usd_per_month = times(*line.usd_per_useful_hour, kHoursPerMonth * used);
  if (time_s) line.usd_per_job = job_money(q.platform, q.as_of, s, *time_s).cost.total;
  return line;
}

void add_time(const SheetQuestion& q, CostSheet& sheet) {
  if (!q.workload) return;
  sheet.workload_id = q.workload->id;
  sheet.workload_name = q.workload->name;
  sheet.unit_of_work = q.workload->unit_of_work;
  const Estimate e =
      estimate(*q.workload, q.platform,
               {q.as_of, Objective::time, efficiencies({}), "", q.settings, {}, q.calibration});
  sheet.time_s = e.time_s;
  if (!e.time_s) sheet.no_time = e.reason;
}

void add_job_bills(const SheetQuestion& q, CostSheet& sheet) {
  if (!sheet.time_s) return;
  JobMoney m = job_money(q.platform, q.as_of, q.settings, *sheet.time_s);
  sheet.job_bills = {std::move(m.cost), std::move(m.energy), std::move(m.carbon)};
}

std::string own_or_rent(const OwnedMonth& month, double rent, const Settings& s) {
  const auto u = utilisation_to_own(month, rent);
  if (!u) return "owning never pays against " + show_usd(rent) + " an hour on demand, not even at full use";
  const double now = number(s.assumptions, "utilisation").value_or(0);
  return "owning pays against renting on demand from a utilisation of " + show_percent(*u) +
         " on; asked is " + show_percent(now) + ", so " + (now >= *u ? "owning" : "renting") + " is cheaper";
}

/// Fixed cost and kWh of an owned month against the same useful hours rented.
std::optional<double> electricity_against(const OwnedMonth& month, double rent, const Settings& s) {
  const auto price = number(s.assumptions, "electricity.price");
  const double u = number(s.assumptions, "utilisation").value_or(0);
  if (!price || *price <= 0) return std::nullopt;
  const double kwh = (month.idle_power_usd + month.busy_power_usd * u) / *price;
  return electricity_price_to_flip({month.fixed_usd, kwh},
                                   {rent * kHoursPerMonth * u * month.availability, 0});
}

void add_findings(const SheetQuestion& q, CostSheet& sheet) {
  Settings rented = q.settings;
  rented.basis = CostBasis::rented;
  const auto price = price_of(q.platform, q.as_of, rented);
  const auto month = owned_line(q.platform, q.as_of, q.settings);
  if (!month) return;
  const double u = number(q.settings.assumptions, "utilisation").value_or(0);
  if (price) {
    const double rent = price->used.usd_per_hour;
    sheet.findings.push_back(own_or_rent(*month, rent, q.settings));
    if (const auto flip = electricity_against(*month, rent, q.settings))
      sheet.findings.push_back("at " + show_percent(u) + " use owning is cheaper below " + show_usd(*flip) +
                               " a kWh of electricity, renting above");
  }
  if (const auto rent = rent_to_match(*month, u))
    sheet.findings.push_back("at " + show_percent(u) + " use owning costs as much as renting at " +
                             show_usd(*rent) + " an hour");
}

/// Ways of renting often lack the same number: it is told once.
void warn_missing(CostSheet& sheet, const Bill& bill) {
  for (const MissingNumber& m : bill.missing) {
    const auto said = std::ranges::find_if(sheet.warnings, [&](const Warning& w) {
      return w.code == "missing-number" && w.what.ends_with(": " + m.what);
    });
    if (said == sheet.warnings.end())
      sheet.warnings.push_back({"missing-number", bill.title + " has no total: " + m.what, m.fix});
  }
}

void add_warnings(CostSheet& sheet) {
  if (!sheet.not_on_sale.empty())
    sheet.warnings.push_back(
        {"not-on-sale", "it could not be had then: " + sheet.not_on_sale, "ask for another --as-of"});
  for (const Bill& bill : sheet.bills) {
    if (bill.stale)
      sheet.warnings.push_back({"stale-price",
                                bill.title + ": the price was last seen over 3 months before " + sheet.as_of,
                                "look the price up, and add it to a price file"});
    warn_missing(sheet, bill);
  }
}

}  // namespace

CostSheet cost_sheet(const SheetQuestion& q) {
  CostSheet sheet;
  sheet.platform_id = q.platform.id;
  sheet.platform_name = q.platform.name;
  sheet.as_of = q.as_of;
  sheet.region = q.settings.region;
  sheet.units = q.units;
  sheet.not_on_sale = not_on_sale(q.platform, q.as_of);
  add_time(q, sheet);
  for (const Settings& s : ways(q.settings)) {
    sheet.lines.push_back(line_of(q, s, sheet.time_s));
    sheet.method.push_back(title_of(s) + ": " + method_of(s));
    Bill bill = s.basis == CostBasis::owned ? owned_month(q.platform, q.as_of, s)
                                            : useful_hour(q.platform, q.as_of, s);
    sheet.bills.push_back(std::move(bill));
  }
  add_job_bills(q, sheet);
  add_findings(q, sheet);
  add_warnings(sheet);
  sheet.assumptions = q.settings.assumptions;
  sheet.method.push_back(
      "one device or socket with its share of a server; storage, network traffic, software "
      "licences and taxes are left out; prices are in US dollars of their month");
  return sheet;
}

}  // namespace ridgepoint::money
