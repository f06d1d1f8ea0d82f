// SPDX-License-Identifier: Apache-2.0
// The same question with fewer platforms, or with other prices, demand, stock and electricity.
#include <algorithm>
#include <cmath>
#include <set>

#include "model/core/format.h"
#include "model/plan/planner.h"

namespace ridgepoint {
namespace {

/// Only these offers may be bought or rented; what is owned stays. A limit on one vendor's share would forbid
/// the question, so it is lifted.
PlanQuestion only(PlanQuestion q, const std::set<std::string>& offers) {
  for (ServerOffer& o : q.scenario.offers)
    if (!offers.contains(o.id)) {
      o.buy_usd.reset();
      o.rent_usd_per_h.reset();
    }
  q.scenario.policy.max_vendor_share.reset();
  return q;
}

PlanVariant variant_of(const std::string& name, const Plan& plan) {
  PlanVariant v;
  v.name = name;
  v.status = plan.status;
  v.lower_bound_usd = plan.lower_bound_usd;
  if (plan.months.empty()) return v;
  v.usd = plan.sums.usd;
  v.energy_kwh = plan.sums.energy_kwh;
  v.co2e_kg = plan.sums.co2e_kg;
  v.unmet_usd = plan.sums.unmet_usd;
  v.stranded_server_months = plan.sums.stranded_server_months;
  return v;
}

struct Priced {
  std::optional<double> usd, bound;
};

Result<Priced> priced_at(const PlanQuestion& q, const PlanOptions& options, Speed speed) {
  return bare_plan(q, options, speed).map([](const Plan& p) {
    return Priced{p.months.empty() ? std::nullopt : std::optional(p.sums.usd), p.lower_bound_usd};
  });
}

struct NamedSet {
  std::string name;
  std::set<std::string> offers;
};

std::vector<NamedSet> sets_of(const Scenario& s) {
  std::vector<NamedSet> sets(1, {"free portfolio", {}});
  NamedSet gpus{"GPU only", {}}, cpus{"CPU only", {}};
  std::set<std::string> platforms;
  for (const ServerOffer& o : s.offers) {
    sets.front().offers.insert(o.id);
    if (o.kind == "gpu") gpus.offers.insert(o.id);
    if (o.kind == "cpu" || o.kind == "manycore-cpu") cpus.offers.insert(o.id);
    platforms.insert(o.platform);
  }
  for (const NamedSet& kind : {gpus, cpus})
    if (!kind.offers.empty()) sets.push_back(kind);
  for (const std::string& platform : platforms) {
    NamedSet one{"only " + platform, {}};
    for (const ServerOffer& o : s.offers)
      if (o.platform == platform) one.offers.insert(o.id);
    sets.push_back(std::move(one));
  }
  return sets;
}

PlanOptions shorter(const PlanOptions& options) {
  PlanOptions less = options;
  less.seconds = std::max(2.0, options.seconds / 4);
  return less;
}

/// Both ends of both: slow and fast throughput, plan and bound.
Result<void> value_diversity(const PlanQuestion& q, const PlanOptions& options, const NamedSet& free_set,
                             const NamedSet& single_set, PlanVariant& free, PlanVariant& single, Plan& plan) {
  Interval value{*single.usd - *free.usd, 0, 0};
  value.lo = single.lower_bound_usd.value_or(*single.usd) - *free.usd;
  value.hi = *single.usd - free.lower_bound_usd.value_or(*free.usd);
  for (const Speed speed : {Speed::slow, Speed::fast}) {
    const auto a = priced_at(only(q, free_set.offers), options, speed);
    if (!a) return tl::make_unexpected(a.error());
    const auto b = priced_at(only(q, single_set.offers), options, speed);
    if (!b) return tl::make_unexpected(b.error());
    (speed == Speed::slow ? free.usd_if_slow : free.usd_if_fast) = a->usd;
    (speed == Speed::slow ? single.usd_if_slow : single.usd_if_fast) = b->usd;
    if (!a->usd || !b->usd) continue;
    value.lo = std::min(value.lo, b->bound.value_or(*b->usd) - *a->usd);
    value.hi = std::max(value.hi, *b->usd - a->bound.value_or(*a->usd));
  }
  plan.diversity_usd = value;
  return {};
}

Result<void> change(Scenario& s, const std::string& words) {
  const auto parts = split(words, '=');
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorKind::bad_input, "--what-if '" + printable(words) + "' cannot be asked", why,
                "write price=1.2, demand=0.8, stock=0.5 or electricity=2: a factor");
  };
  if (parts.size() != 2) return refuse("it has no factor");
  const auto factor = parse_number(parts[1], "--what-if");
  if (!factor) return tl::make_unexpected(factor.error());
  if (*factor < 0 || *factor > 1000) return refuse("the factor is not within 0 to 1000");
  const auto scale = [&](std::optional<double>& value) {
    if (value) *value *= *factor;
  };
  if (parts[0] == "demand") {
    for (Demand& d : s.demands) d.requests_per_s *= *factor;
  } else if (parts[0] == "electricity") {
    for (SupplySite& site : s.sites) site.electricity_usd_per_kwh *= *factor;
  } else if (parts[0] == "price" || parts[0] == "stock") {
    for (ServerOffer& o : s.offers) {
      if (parts[0] == "price") {
        scale(o.buy_usd);
        scale(o.rent_usd_per_h);
      } else if (o.stock_per_month) {
        *o.stock_per_month = std::llround(std::floor(static_cast<double>(*o.stock_per_month) * *factor));
      }
    }
  } else {
    return refuse("known are price, demand, stock and electricity");
  }
  return {};
}

}  // namespace

Result<void> add_portfolio(const PlanQuestion& q, const PlanOptions& all, Plan& plan) {
  const PlanOptions options = shorter(all);
  const std::vector<NamedSet> sets = sets_of(q.scenario);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    options.progress(sets[i].name, static_cast<double>(i) / static_cast<double>(sets.size()));
    const auto solved = bare_plan(only(q, sets[i].offers), options, speed_of(q.scenario.caution));
    if (!solved) return tl::make_unexpected(solved.error());
    plan.portfolio.push_back(variant_of(sets[i].name, *solved));
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < sets.size(); ++i)
    if (sets[i].name.starts_with("only ") && plan.portfolio[i].usd &&
        (best == 0 || *plan.portfolio[i].usd < *plan.portfolio[best].usd))
      best = i;
  if (best == 0 || !plan.portfolio[0].usd) {
    plan.warnings.push_back(
        {"no-single-platform",
         "no single platform has a plan, so diversity has no price: without it there is none",
         "see the portfolio"});
    return {};
  }
  return value_diversity(q, options, sets[0], sets[best], plan.portfolio[0], plan.portfolio[best], plan);
}

Result<void> add_what_if(const PlanQuestion& q, const PlanOptions& all,
                         const std::vector<std::string>& changes, Plan& plan) {
  for (const std::string& words : changes) {
    PlanQuestion changed = q;
    for (const std::string& one : split(words, ','))
      if (const auto done = change(changed.scenario, one); !done) return tl::make_unexpected(done.error());
    const auto solved = bare_plan(changed, shorter(all), speed_of(q.scenario.caution));
    if (!solved) return tl::make_unexpected(solved.error());
    plan.what_if.push_back(variant_of(words, *solved));
  }
  return {};
}

}  // namespace ridgepoint
