// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "model/plan/planner.h"

namespace ridgepoint {
namespace {

struct NamedSum {
  const char* metric;
  const char* unit;
  double PlanSums::*value;
};

constexpr NamedSum kSums[] = {{"cost.capex", "usd", &PlanSums::capex_usd},
                              {"cost.rent", "usd", &PlanSums::rent_usd},
                              {"cost.energy", "usd", &PlanSums::energy_usd},
                              {"cost.space", "usd", &PlanSums::space_usd},
                              {"cost.maintenance", "usd", &PlanSums::maintenance_usd},
                              {"cost.unmet", "usd", &PlanSums::unmet_usd},
                              {"cost.carbon", "usd", &PlanSums::carbon_usd},
                              {"energy", "kWh", &PlanSums::energy_kwh},
                              {"carbon", "kg", &PlanSums::co2e_kg}};

}  // namespace

std::string month_after(const std::string& start, std::int64_t offset) {
  const std::int64_t n = std::stoll(start.substr(0, 4)) * 12 + std::stoll(start.substr(5, 2)) - 1 + offset;
  char text[48];
  std::snprintf(text, sizeof text, "%04lld-%02lld", static_cast<long long>(n / 12),
                static_cast<long long>(n % 12 + 1));
  return text;
}

void add_rows(Plan& plan) {
  const auto row = [&](std::int64_t month, const std::string& site, const std::string& platform,
                       const std::string& workload, const char* metric, const char* unit, double value) {
    plan.rows.push_back({month_after(plan.scenario.start, month),
                         plan.scenario.id,
                         site,
                         platform,
                         workload,
                         metric,
                         unit,
                         value,
                         {},
                         {}});
  };
  for (const FleetRow& f : plan.fleet) {
    row(f.month, f.site, f.offer, "", "servers.owned", "1", static_cast<double>(f.owned));
    row(f.month, f.site, f.offer, "", "servers.rented", "1", static_cast<double>(f.rented));
    row(f.month, f.site, f.offer, "", "servers.ordered", "1", static_cast<double>(f.ordered));
    row(f.month, f.site, f.offer, "", "utilisation.peak", "1", f.utilisation);
  }
  for (const PlacedWork& w : plan.work) row(w.month, w.site, w.offer, w.demand, "share", "1", w.share);
  for (const Shortfall& s : plan.shortfall) row(s.month, "", "", s.demand, "shortfall", "1", s.share);
  for (std::size_t t = 0; t < plan.months.size(); ++t)
    for (const NamedSum& sum : kSums)
      row(static_cast<std::int64_t>(t), "", "", "", sum.metric, sum.unit, plan.months[t].*sum.value);
}

}  // namespace ridgepoint
