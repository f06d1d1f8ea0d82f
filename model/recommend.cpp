// SPDX-License-Identifier: Apache-2.0
#include "model/recommend.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "model/core/format.h"
#include "model/core/team.h"
#include "model/decision/outlook.h"
#include "model/decision/tornado.h"
#include "model/estimate.h"
#include "model/money/job.h"
#include "model/verdict.h"

namespace ridgepoint {
namespace {

/// How time was found, with the errors seen when platforms were left out.
std::vector<std::string> time_method(const std::optional<Calibration>& c) {
  if (!c)
    return {
        "time = sum over stages of max(work / compute roof, traffic / bandwidth) / efficiency of its class",
        "class efficiencies are measured on this machine where its kernels ran and carried to other "
        "platforms "
        "with a spread of 25 %; error bars are the 10 % to 90 % interval of a log-normal error"};
  std::vector<std::string> out = {
      "time = sum over stages of the 2-norm of the overlapping terms (compute, memory, on-chip) plus "
      "launches, links "
      "and serial parts, each divided by the efficiency fitted to " +
          std::to_string(c->rows) + " published results, pooled over kernel classes and platform families",
      "software is taken to be as tuned as in those results; error bars are the 10 % to 90 % interval"};
  for (const ClassError& e : c->leave_platform_out)
    if (e.kernel_class == "all")
      out.push_back(
          "with each platform left out of the fit in turn, its published results were predicted with a "
          "median error of " +
          show_percent(e.median) + " (90th percentile " + show_percent(e.p90) + "); " +
          show_percent(e.coverage) + " fell inside the interval");
  return out;
}

std::vector<std::string> method(const Question& q) {
  std::vector<std::string> out = time_method(q.calibration);
  for (const std::string& line : std::vector<std::string>{
           "a measured roof is used as measured; a nominal one is derated to 77 % (compute) or 81 % "
           "(bandwidth) "
           "before efficiencies apply",
           "CPUs and GPUs are taken to run every workload; other chips are ranked for inference, for "
           "training "
           "where they are known to be sold for it, and FPGAs for any kernel (a design is assumed to exist)",
           "one device or socket each; data loading, transfers between host and device and several devices "
           "together are not part of these workloads",
           "memory: the whole footprint must fit in one tier; no splitting, checkpointing or down-sampling",
           money::method_of(q.money),
           "energy = time x the power of device and host under load, cooling left out; carbon = energy x PUE "
           "x grid + the "
           "job's share of making the machine; every share of TDP is that of its class, not of the machine",
           "chances and regrets: half of a typical error's variance is shared by all platforms and a fifth "
           "by those "
           "of one class; the rest is each one's own (assumed)"})
    out.push_back(line);
  return out;
}

/// The measured machine as one more platform, with its owner's price if given.
Platform as_platform(const Question& q) {
  Platform p = q.machine->platform;
  if (q.machine_usd_per_hour) {
    Offer o;
    o.provider = "user";
    o.terms = "on-demand";
    o.devices = 1;
    o.from = o.to = q.as_of;
    o.price.value = *q.machine_usd_per_hour;
    o.price.unit = "usd/h";
    o.price.basis = Basis::assumed;
    o.price.source = "--machine-price";
    if (!q.money.region.empty()) o.region = q.money.region;  // the owner knows where the machine stands
    p.offers.push_back(std::move(o));
  }
  return p;
}

void warn(const Question& q, Recommendation& r) {
  if (!q.machine) {
    r.warnings.push_back(
        {"no-machine", "no measured machine took part", "give --machine machine.json (ridgepoint probe)"});
  } else if (q.machine->interrupted) {
    r.warnings.push_back({"interrupted-machine", "the probes were stopped before the end", "probe again"});
  }
  if (!q.money.region.empty() && q.money.basis != CostBasis::owned)
    r.warnings.push_back({"region", "only offers that name the region '" + q.money.region + "' have a price",
                          "leave --region out to see the others"});
  if (!q.calibration && (!q.runs || q.runs->runs.empty()))
    r.warnings.push_back({"no-runs", "no kernel ran, so every class efficiency is assumed",
                          "give --runs runs.json (ridgepoint run)"});
}

/// Answers do not depend on each other. Same bytes whatever the number of processors.
void each_on_all_processors(std::size_t n, const std::function<void(std::size_t)>& work) {
  const std::size_t threads = std::min(n, allowed_cpus().size());
  if (threads < 2) {
    for (std::size_t i = 0; i < n; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> crew;
  crew.reserve(threads);
  for (std::size_t t = 0; t < threads; ++t)
    crew.emplace_back([&] {
      for (std::size_t i = next++; i < n; i = next++) work(i);
    });
}

}  // namespace

Recommendation recommend(const Question& q) {
  Recommendation r;
  r.as_of = q.as_of;
  r.objective = q.objective;
  r.method = method(q);
  warn(q, r);
  if (q.machine && q.runs) r.kernels = kernel_points(*q.machine, *q.runs, r.warnings);
  EstimateContext context{q.as_of,
                          q.objective,
                          efficiencies(r.kernels),
                          q.machine ? q.machine->platform.id : "",
                          q.money,
                          {},
                          q.calibration ? std::make_shared<const Calibration>(*q.calibration) : nullptr,
                          {}};
  std::vector<Platform> platforms = q.platforms;
  if (q.machine) {
    r.machine = as_platform(q);
    platforms.push_back(*r.machine);
  }
  for (const Platform& p : platforms) {
    context.rates.emplace(&p, money::rates_of(p, q.as_of, q.money));
    if (context.calibration) context.resources.emplace(&p, resources_of(p));
  }
  const PlatformOf platform_of = [&](const std::string& id) {
    const auto it = std::ranges::find(platforms, id, &Platform::id);
    return it == platforms.end() ? nullptr : &*it;
  };
  r.answers.resize(q.workloads.size());
  each_on_all_processors(q.workloads.size(), [&](std::size_t i) {
    const Workload& w = q.workloads[i];
    Answer& a = r.answers[i];
    a.workload_id = w.id;
    a.workload_name = w.name;
    a.family = w.family;
    a.unit_of_work = w.unit_of_work;
    a.estimates.reserve(platforms.size());
    for (const Platform& p : platforms) a.estimates.push_back(estimate(w, p, context));
    conclude(a, q.objective, w.kernel);
    a.break_evens = break_evens(a, q.objective, w, platform_of);
    a.tornado = tornado(a, w, context, platform_of);
    const bool waited_for = w.phase == Phase::inference || w.phase == Phase::query;
    if (const auto& limit = waited_for ? q.slo_s : q.deadline_s)
      add_time_limit(a, waited_for ? "slo" : "deadline", *limit);
  });
  return r;
}

}  // namespace ridgepoint
