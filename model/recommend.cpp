// SPDX-License-Identifier: Apache-2.0
#include "model/recommend.h"

#include "model/core/format.h"
#include "model/estimate.h"
#include "model/verdict.h"

namespace ridgepoint {
namespace {

std::vector<std::string> method() {
  return {
      "time = sum over stages of max(work / compute roof, traffic / bandwidth) / efficiency of its class",
      "a measured roof is used as measured; a nominal one is derated to 77 % (compute) or 81 % (bandwidth) "
      "and its uncertainty widened, more so for figures that could not be sourced",
      "class efficiencies are measured on this machine where its kernels ran and carried to other platforms "
      "with a spread of 25 %; error bars are the 10 % to 90 % interval of a log-normal error",
      "CPUs and GPUs are taken to run every workload; other chips are ranked for inference, for training "
      "where they are known to be sold for it, and FPGAs for any kernel (a design is assumed to exist)",
      "one device or socket each; launch overhead, data loading, transfers between host and device and "
      "several devices together are not modelled",
      "memory: the whole footprint must fit in one tier; no splitting, checkpointing or down-sampling",
      "cost = time x the cheapest on-demand price per device, host included, seen at or before the date; "
      "no price, no cost; buying is not priced",
      "energy = time x board power (TDP); host, cooling and idle power are left out"};
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
  if (!q.runs || q.runs->runs.empty())
    r.warnings.push_back({"no-runs", "no kernel ran, so every class efficiency is assumed",
                          "give --runs runs.json (ridgepoint run)"});
}

}  // namespace

Recommendation recommend(const Question& q) {
  Recommendation r;
  r.as_of = q.as_of;
  r.objective = q.objective;
  r.method = method();
  warn(q, r);
  if (q.machine && q.runs) r.kernels = kernel_points(*q.machine, *q.runs, r.warnings);
  EstimateContext context{q.as_of, q.objective, efficiencies(r.kernels),
                          q.machine ? q.machine->platform.id : ""};
  std::vector<Platform> platforms = q.platforms;
  if (q.machine) {
    r.machine = as_platform(q);
    platforms.push_back(*r.machine);
  }
  for (const Workload& w : q.workloads) {
    Answer a;
    a.workload_id = w.id;
    a.workload_name = w.name;
    a.family = w.family;
    a.unit_of_work = w.unit_of_work;
    for (const Platform& p : platforms) a.estimates.push_back(estimate(w, p, context));
    conclude(a, q.objective);
    r.answers.push_back(std::move(a));
  }
  return r;
}

}  // namespace ridgepoint
