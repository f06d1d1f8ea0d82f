// SPDX-License-Identifier: Apache-2.0
#include "model/estimate.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "model/core/contract.h"
#include "model/core/format.h"
#include "model/core/units.h"
#include "model/money/job.h"
#include "model/price.h"
#include "model/roofs.h"

namespace ridgepoint {
namespace {

/// What one stage takes, and why.
struct StageTime {
  Seconds time;
  double variance = 0;
  std::string bound_by, precision;
};

Term term(const Stage& s, std::string name, double value, std::string unit, std::string how, Basis basis) {
  return {s.id, std::move(name), value, std::move(unit), std::move(how), basis};
}

const Roof& bandwidth_of(const std::vector<MemoryTier>& tiers, const std::string& name) {
  const auto it = std::ranges::find(tiers, name, &MemoryTier::name);
  RIDGEPOINT_EXPECT(it != tiers.end() && it->bandwidth);
  return *it->bandwidth;
}

Result<StageTime> time_stage(const Stage& s, const Facts& facts, const std::string& tier, const Efficiency& u,
                             bool here, std::vector<Term>& terms) {
  const Bytes traffic(s.read.number() + s.written.number());
  const auto tiers = memory_tiers(facts, write_share(s.read.number(), s.written.number()));
  const Roof& bandwidth = bandwidth_of(tiers, tier);
  const Seconds memory = traffic / BytesPerSecond(bandwidth.sustained);
  terms.push_back(term(s, "memory", memory.in_base_units(), "s",
                       show_bytes(traffic.in_base_units()) + " / " + show_rate(bandwidth.sustained, "B/s") +
                           " (" + bandwidth.key + ")",
                       bandwidth.basis));
  Seconds compute(0);
  double sigma_roof = std::hypot(bandwidth.sigma, interval_sigma(s.read));  // read and written err together
  std::string bound = "memory (" + tier + ")", precision;
  if (s.work) {
    const auto roof = compute_roof(facts, s.precisions, is_dense(s.kernel_class));
    if (!roof)
      return fail(ErrorKind::unavailable, "no compute roof for " + join(s.precisions, " or ") + " is known",
                  "", "");
    const Flops work(s.work->number());
    compute = work / FlopsPerSecond(roof->sustained);
    precision = split(roof->key, '.')[1];
    terms.push_back(term(s, "compute", compute.in_base_units(), "s",
                         show(work.in_base_units(), "flop") + " / " + show_rate(roof->sustained, "FLOP/s") +
                             " (" + roof->key + ")",
                         roof->basis));
    if (compute > memory) {
      sigma_roof = std::hypot(roof->sigma, interval_sigma(*s.work));
      bound = "compute (" + precision + ")";
    }
  }
  const double sigma_u = here ? u.sigma_here : u.sigma;
  terms.push_back(term(s, "efficiency", u.value, "1", u.source, u.basis));
  return StageTime{std::max(compute, memory) / u.value, sigma_roof * sigma_roof + sigma_u * sigma_u, bound,
                   precision};
}

/// What people call a resource when it is the one that binds.
std::string bound_words(const TermShare& t, const PredictedTime& p) {
  if (t.term.kind == TermKind::compute) return "compute (" + p.precision + ")";
  if (t.term.kind == TermKind::memory && !p.memory_tier.empty()) return "memory (" + p.memory_tier + ")";
  return std::string(name_of(t.term.kind)) + " (" + t.term.resource + ")";
}

/// Software is taken to be as tuned as the published results that the law was fitted to.
Setting setting_for(const Resources& r, const EstimateContext& context) {
  Setting s;
  s.software = "tuned";
  const bool dated = r.launched && r.launched->size() >= 7 && context.as_of.size() >= 7;
  s.age_years =
      dated ? std::clamp(months_between(r.launched->substr(0, 7), context.as_of) / 12.0, 0.0, 3.0) : 1.0;
  return s;
}

/// add_time by the calibrated law.
bool add_calibrated_time(const Workload& w, const Platform& p, const EstimateContext& context, Estimate& e) {
  std::optional<Resources> own;
  const auto known = context.resources.find(&p);
  if (known == context.resources.end()) own = resources_of(p);
  const Resources& resources = own ? *own : known->second;
  const Setting setting = setting_for(resources, context);
  const auto stages = law_terms(w, resources, setting);
  if (!stages) {
    e.reason = stages.error().what;
    return false;
  }
  const PredictedTime t =
      predict_time(*stages, occasion_of(w, *stages, false), resources, setting, *context.calibration);
  const TermShare* most = nullptr;
  for (const TermShare& s : t.terms) {
    e.terms.push_back({s.stage, std::string(name_of(s.term.kind)), s.seconds, "s",
                       show_seconds(s.term.seconds) + " at the roof (" + s.term.resource + ") / efficiency " +
                           show_number(s.efficiency) + "; " + show_percent(s.share) + " of the time",
                       Basis::modelled});
    if (most == nullptr || s.share > most->share) most = &s;
  }
  e.time_s = log_normal(t.seconds, t.sd);
  e.bound_by = bound_words(*most, t);
  e.precision = t.precision;
  e.tier = t.tier;
  return true;
}

/// Were this platform's own kernels measured in every class that the job needs?
bool measured_here(const Workload& w, const Platform& p, const EstimateContext& context) {
  return p.id == context.measured_id && std::ranges::all_of(w.stages, [&](const Stage& s) {
           const auto u = context.efficiency.find(s.kernel_class);
           return u != context.efficiency.end() && u->second.basis == Basis::measured;
         });
}

/// Fills time, bound and precision; on trouble says why and leaves the estimate without a time.
bool add_time(const Workload& w, const Platform& p, const EstimateContext& context, Estimate& e) {
  Seconds total(0), longest(0);
  double variance = 0;
  for (const Stage& s : w.stages) {
    const auto u = context.efficiency.find(s.kernel_class);
    if (u == context.efficiency.end()) {
      e.reason = "no efficiency is known for the kernel class '" + s.kernel_class + "'";
      return false;
    }
    const auto stage = time_stage(s, p.facts, e.fit.tier, u->second, p.id == context.measured_id, e.terms);
    if (!stage) {
      e.reason = stage.error().what;
      return false;
    }
    total = total + stage->time;
    // Stages share roofs and class, so their errors are taken as fully correlated: standard deviations add.
    variance += std::sqrt(stage->variance) * stage->time.in_base_units();
    if (stage->time > longest) {
      longest = stage->time;
      e.bound_by = stage->bound_by;
      e.precision = stage->precision;
    }
  }
  e.time_s = log_normal(total.in_base_units(), variance / total.in_base_units());
  return true;
}

void add_cost_and_energy(const money::Rates& rates, const EstimateContext& context, Estimate& e) {
  money::JobMoney job = money::job_money(rates, money::title_of(context.money), *e.time_s);
  e.cost_usd = job.cost.total;
  if (e.cost_usd) e.cost_items = std::move(job.cost.items);
  e.price = std::move(job.price);
  if (e.price)
    e.terms.push_back({"", "price", e.price->usd_per_hour, "usd/h", e.price->offer, Basis::published});
  e.energy_j = job.energy.total;
  e.carbon_g = job.carbon.total;
  if (rates.power) {
    const money::Factor load = rates.power->load();
    e.terms.push_back({"", "power", load.value, "w", rates.power->how, load.basis});
  }
  if (e.carbon_g)
    for (const CostItem& i : job.carbon.items)
      e.terms.push_back({"", "carbon: " + i.name, i.value, i.unit, i.how, i.basis});
}

std::string why_no_figure(const money::Rates& rates, Objective objective) {
  if (objective == Objective::energy) return "no board power is known";
  const Bill& bill = objective == Objective::carbon ? rates.carbon : rates.hour;
  return bill.missing.empty() ? "no figure is known" : bill.missing.front().what;
}

/// Is there evidence that this kind of platform runs this kind of job? Empty when yes. A roofline alone would
/// send SQL to an inference chip: what a chip was never shown to run is refused, not ranked.
std::string not_known_to_run(const Workload& w, const Platform& p) {
  const bool programmable =
      p.kind == PlatformClass::cpu || p.kind == PlatformClass::manycore_cpu || p.kind == PlatformClass::gpu;
  if (programmable) return "";
  const std::string kind(name_of(p.kind));
  if (w.phase == Phase::training) {
    const auto it = p.facts.find("support.training");
    const bool* trains = it == p.facts.end() ? nullptr : std::get_if<bool>(&it->second.value);
    if (trains == nullptr) return "nothing known says that this " + kind + " trains networks";
    return *trains ? "" : "sold for inference, not for training";
  }
  if (w.phase == Phase::inference || p.kind == PlatformClass::fpga) return "";
  return "nothing known says that this " + kind + " runs a general " + std::string(name_of(w.phase));
}

}  // namespace

Interval log_normal(double median, double sigma) {
  return {median, median * std::exp(-kQuantile90 * sigma), median * std::exp(kQuantile90 * sigma)};
}

double sigma_of(const Interval& i) {
  return i.lo > 0 && i.hi > i.lo ? std::log(i.hi / i.lo) / (2 * kQuantile90) : 0;
}

const std::optional<Interval>& objective_of(const Estimate& e, Objective objective) {
  switch (objective) {
    case Objective::time:
      return e.time_s;
    case Objective::energy:
      return e.energy_j;
    case Objective::carbon:
      return e.carbon_g;
    case Objective::cost:
      break;
  }
  return e.cost_usd;
}

Fit fit_memory(const Workload& workload, const Facts& facts) {
  Fit fit;
  fit.need_byte = workload.footprint.number();
  double best = 0;
  for (const MemoryTier& tier : memory_tiers(facts, 0)) {
    if (!tier.capacity_byte) continue;
    fit.have_byte = std::max(fit.have_byte.value_or(0), *tier.capacity_byte);
    if (*tier.capacity_byte < fit.need_byte || !tier.bandwidth || tier.bandwidth->sustained <= best) continue;
    fit.fits = true;
    fit.tier = tier.name;
    best = tier.bandwidth->sustained;
  }
  return fit;
}

Estimate estimate(const Workload& w, const Platform& p, const EstimateContext& context) {
  Estimate e;
  e.platform_id = p.id;
  e.platform_name = p.name;
  e.platform_class = p.kind;
  e.measured_machine = !context.measured_id.empty() && p.id == context.measured_id;
  e.fit = fit_memory(w, p.facts);
  e.reason = not_on_sale(p, context.as_of);
  if (!e.reason.empty()) {
    e.standing = Standing::not_on_sale;
    return e;
  }
  if (!e.fit.fits) {
    const bool too_small = e.fit.have_byte && *e.fit.have_byte < e.fit.need_byte;
    e.standing = too_small ? Standing::does_not_fit : Standing::unknown;
    e.reason = too_small ? "needs " + show_bytes(e.fit.need_byte) + ", has " + show_bytes(*e.fit.have_byte)
                         : "no memory tier with known capacity and bandwidth";
    return e;
  }
  e.reason = not_known_to_run(w, p);
  const bool by_law = context.calibration != nullptr && !measured_here(w, p, context);
  if (!e.reason.empty() || !(by_law ? add_calibrated_time : add_time)(w, p, context, e)) {
    e.standing = Standing::unknown;
    e.terms.clear();
    return e;
  }
  std::optional<money::Rates> own;
  const auto known = context.rates.find(&p);
  if (known == context.rates.end()) own = money::rates_of(p, context.as_of, context.money);
  const money::Rates& rates = own ? *own : known->second;
  add_cost_and_energy(rates, context, e);
  if (objective_of(e, context.objective)) {
    e.standing = Standing::ranked;
    e.reason = "bound by " + e.bound_by;
  } else {
    e.standing = Standing::no_figure;
    e.reason = why_no_figure(rates, context.objective);
  }
  return e;
}

}  // namespace ridgepoint
