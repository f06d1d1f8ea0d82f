// SPDX-License-Identifier: Apache-2.0
#include "model/plan/suitability.h"

#include <algorithm>
#include <map>

#include "model/core/format.h"
#include "model/estimate.h"

namespace ridgepoint {
namespace {

double pick(Speed speed, double lo, double median, double hi) {
  return speed == Speed::slow ? lo : speed == Speed::fast ? hi : median;
}

struct Sources {
  const std::vector<Platform>& platforms;
  const std::vector<Workload>& workloads;
  EstimateContext context;
};

void from_model(Suitability& out, const Demand& d, const ServerOffer& o, Speed speed,
                const Sources& sources) {
  if (!d.workload) {
    out.reason = "the scenario gives neither a workload nor this throughput";
    return;
  }
  const auto w = std::ranges::find(sources.workloads, *d.workload, &Workload::id);
  const auto p = std::ranges::find(sources.platforms, o.platform, &Platform::id);
  if (w == sources.workloads.end() || p == sources.platforms.end()) {
    out.reason = w == sources.workloads.end() ? "the catalogue has no workload '" + *d.workload + "'"
                                              : "the catalogue has no platform '" + o.platform + "'";
    return;
  }
  const Estimate e = estimate(*w, *p, sources.context);
  if (!e.time_s || !e.fit.fits) {
    out.reason = e.reason;
    return;
  }
  const double units = d.units_per_request.value_or(1);
  out.per_s = 1 / (units * pick(speed, e.time_s->hi, e.time_s->value, e.time_s->lo));
  out.per_s_median = 1 / (units * e.time_s->value);
  out.basis = Basis::modelled;
  out.source = "estimate of " + w->id + " on " + p->id + ", bound by " + e.bound_by;
}

void check_latency(Suitability& out, const Demand& d) {
  if (d.kind != DemandKind::interactive || !out.per_s) return;
  const double service = 1 / *out.per_s;
  if (service >= *d.latency_s) {
    out.reason = "one request takes " + show_seconds(service) + " of the " + show_seconds(*d.latency_s) +
                 " allowed, before any wait";
    return;
  }
  out.patience_s = *d.latency_s - service;
}

}  // namespace

std::vector<Suitability> suitabilities(const Scenario& s, const std::vector<Platform>& platforms,
                                       const std::vector<Workload>& workloads, Speed speed,
                                       const std::shared_ptr<const Calibration>& calibration) {
  Sources sources{platforms, workloads, {s.start, Objective::time, efficiencies({}), ""}};
  sources.context.calibration = calibration;
  std::map<std::pair<std::string, std::string>, const Throughput*> given_of;
  for (const Throughput& t : s.throughputs) given_of.emplace(std::pair(t.demand, t.offer), &t);
  std::vector<Suitability> table;
  for (const Demand& d : s.demands)
    for (const ServerOffer& o : s.offers) {
      Suitability out;
      out.demand = d.id;
      out.offer = o.id;
      const auto known = given_of.find({d.id, o.id});
      const Throughput* given = known == given_of.end() ? nullptr : known->second;
      if (!d.offers.empty() && std::ranges::find(d.offers, o.id) == d.offers.end()) {
        out.reason = "the scenario does not let it run here";
      } else if (given != nullptr) {
        out.per_s =
            pick(speed, given->lo.value_or(given->per_s), given->per_s, given->hi.value_or(given->per_s));
        out.per_s_median = given->per_s;
        out.basis = given->basis;
        out.source = given->source;
      } else {
        from_model(out, d, o, speed, sources);
      }
      check_latency(out, d);
      out.suitable = out.per_s.has_value() && out.reason.empty();
      table.push_back(std::move(out));
    }
  return table;
}

}  // namespace ridgepoint
