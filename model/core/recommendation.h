// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/cost.h"
#include "model/core/decision.h"
#include "model/core/platform.h"
#include "model/core/provenance.h"
#include "model/core/tier.h"

namespace ridgepoint {

enum class Objective { cost, time, energy, carbon };

constexpr auto names(Objective) {
  return enum_names<Objective>({{Objective::cost, "cost"},
                                {Objective::time, "time"},
                                {Objective::energy, "energy"},
                                {Objective::carbon, "carbon"}});
}

/// One named item of an estimate. Totals are derived from the items, never stored apart from them.
struct Term {
  std::string stage;  ///< the workload's stage; empty for terms of the whole job
  std::string name;   ///< "compute", "memory", "efficiency", "price" ...
  double value = 0;
  std::string unit;
  std::string how;  ///< the formula with its numbers, for a person
  Basis basis = Basis::modelled;
};

template <class Io>
void fields(Io& io, Term& t) {
  io.field("stage", t.stage);
  io.field("name", t.name);
  io.field("value", t.value);
  io.field("unit", t.unit);
  io.field("how", t.how);
  io.field("basis", t.basis);
}

/// Does the job's footprint fit, and in which tier does it live?
struct Fit {
  bool fits = false;
  double need_byte = 0;
  std::optional<double> have_byte;  ///< the largest tier; absent = not known, and then `fits` is false
  std::string tier;                 ///< the tier used; empty when it does not fit
};

template <class Io>
void fields(Io& io, Fit& f) {
  io.field("fits", f.fits);
  io.field("need_byte", f.need_byte);
  io.field("have_byte", f.have_byte);
  io.field("tier", f.tier);
}

/// The hourly price used, and how fresh it is.
struct PriceUsed {
  double usd_per_hour = 0;  ///< for one platform (instance price divided by its devices)
  std::string offer;        ///< "AWS m4.16xlarge on-demand, 2 devices"
  std::string from, to;     ///< months of observation
  bool stale = false;       ///< last seen more than 3 months before the date of the question
  std::string source;
};

template <class Io>
void fields(Io& io, PriceUsed& p) {
  io.field("usd_per_hour", p.usd_per_hour);
  io.field("offer", p.offer);
  io.field("from", p.from);
  io.field("to", p.to);
  io.field("stale", p.stale);
  io.field("source", p.source);
}

enum class Standing {
  ranked,        ///< has a number for the objective
  does_not_fit,  ///< the footprint exceeds every memory tier
  no_figure,     ///< fits and has a time, but no price (cost) or no power (energy)
  unknown,       ///< the catalogue lacks a roof the model needs: no estimate is made
  not_on_sale    ///< launched later, or withdrawn, at the date of the question
};

constexpr auto names(Standing) {
  return enum_names<Standing>({{Standing::ranked, "ranked"},
                               {Standing::does_not_fit, "does-not-fit"},
                               {Standing::no_figure, "no-figure"},
                               {Standing::unknown, "unknown"},
                               {Standing::not_on_sale, "not-on-sale"}});
}

/// One platform's answer for one workload.
struct Estimate {
  std::string platform_id;
  std::string platform_name;
  PlatformClass platform_class = PlatformClass::cpu;
  bool measured_machine = false;  ///< the machine the probes ran on
  Standing standing = Standing::unknown;
  std::string reason;                ///< why it stands so, one sentence
  std::optional<Interval> time_s;    ///< seconds per unit of work
  std::optional<Interval> cost_usd;  ///< per unit of work; absent when there is no price, never zero
  std::optional<Interval> energy_j;  ///< per unit of work: device and host under load, cooling left out
  std::optional<Interval>
      carbon_g;              ///< CO2e per unit of work: electricity with cooling, and making the machine
  std::string bound_by;      ///< "compute (fp32)", "memory (hbm)"
  std::string precision;     ///< the roof used
  std::optional<Tier> tier;  ///< how well founded the time is; absent: the machine's own measurement
  Fit fit;
  std::optional<PriceUsed> price;
  std::vector<CostItem> cost_items;  ///< of one unit of work, in usd; cost_usd is their sum
  std::vector<Term> terms;
  std::optional<Outlook> outlook;             ///< of a ranked platform
  std::optional<double> probability_in_time;  ///< that it keeps Answer::time_limit
};

template <class Io>
void fields(Io& io, Estimate& e) {
  io.field("platform_id", e.platform_id);
  io.field("platform_name", e.platform_name);
  io.field("platform_class", e.platform_class);
  io.field("measured_machine", e.measured_machine);
  io.field("standing", e.standing);
  io.field("reason", e.reason);
  io.field("time_s", e.time_s);
  io.field("cost_usd", e.cost_usd);
  io.field("energy_j", e.energy_j);
  io.field("carbon_g", e.carbon_g);
  io.field("bound_by", e.bound_by);
  io.field("precision", e.precision);
  io.field("tier", e.tier);
  io.field("fit", e.fit);
  io.field("price", e.price);
  io.field("cost_items", e.cost_items);
  io.field("terms", e.terms);
  io.field("outlook", e.outlook);
  io.field("probability_in_time", e.probability_in_time);
}

/// The answer for one workload. `estimates` holds every platform: ranked ones first, best first, then the
/// rest by id.
struct Answer {
  std::string workload_id;
  std::string workload_name;
  std::string family;
  std::string unit_of_work;
  std::string choice;     ///< platform id of the best ranked estimate; empty when nothing is ranked
  std::string runner_up;  ///< empty when fewer than two are ranked
  std::optional<double> margin_ratio;      ///< runner-up divided by choice, 1.0 = tie
  std::optional<double> probability_best;  ///< that the choice is the best of all that are ranked
  std::optional<double> within5;           ///< that it is at most 5 % worse than the best
  std::optional<double> expected_regret;   ///< of taking it: objective over that of the best, less one
  std::optional<double> p95_regret;
  std::string verdict;  ///< "clear", "close call", "only one", "no answer"
  std::vector<std::string> reasons;
  std::vector<std::string> flips;  ///< what would change the answer
  std::vector<BreakEven> break_evens;
  std::vector<TornadoBar> tornado;                ///< widest first
  std::vector<NextMeasurement> next_measurement;  ///< most worth first
  std::optional<TimeLimit> time_limit;
  std::vector<Estimate> estimates;
};

template <class Io>
void fields(Io& io, Answer& a) {
  io.field("workload_id", a.workload_id);
  io.field("workload_name", a.workload_name);
  io.field("family", a.family);
  io.field("unit_of_work", a.unit_of_work);
  io.field("choice", a.choice);
  io.field("runner_up", a.runner_up);
  io.field("margin_ratio", a.margin_ratio);
  io.field("probability_best", a.probability_best);
  io.field("within5", a.within5);
  io.field("expected_regret", a.expected_regret);
  io.field("p95_regret", a.p95_regret);
  io.field("verdict", a.verdict);
  io.field("reasons", a.reasons);
  io.field("flips", a.flips);
  io.field("break_evens", a.break_evens);
  io.field("tornado", a.tornado);
  io.field("next_measurement", a.next_measurement);
  io.field("time_limit", a.time_limit);
  io.field("estimates", a.estimates);
}

/// A kernel that ran on the measured machine, placed on its roofline.
struct KernelPoint {
  std::string id;
  std::string kernel_class;
  std::string dtype;
  double intensity_flop_per_byte = 0;  ///< 0 when the kernel counts no floating-point work
  double rate_flop_per_s = 0;          ///< achieved, from the median sample
  double bandwidth_byte_per_s = 0;     ///< declared traffic over the median sample
  Interval utilisation;                ///< roofline time over measured time, 1.0 = on the roof
  std::int64_t samples = 0;
  std::string bound_by;
  std::optional<std::string> not_used;  ///< why it does not calibrate the model; absent when it does
};

template <class Io>
void fields(Io& io, KernelPoint& k) {
  io.field("id", k.id);
  io.field("kernel_class", k.kernel_class);
  io.field("dtype", k.dtype);
  io.field("intensity_flop_per_byte", k.intensity_flop_per_byte);
  io.field("rate_flop_per_s", k.rate_flop_per_s);
  io.field("bandwidth_byte_per_s", k.bandwidth_byte_per_s);
  io.field("utilisation", k.utilisation);
  io.field("samples", k.samples);
  io.field("bound_by", k.bound_by);
  io.field("not_used", k.not_used);
}

/// The document `recommendation`. It carries the measured machine and its kernel points, so that a report
/// needs no other file.
struct Recommendation {
  Provenance provenance;
  std::string as_of;  ///< YYYY-MM
  Objective objective = Objective::cost;
  std::optional<Platform> machine;
  std::vector<KernelPoint> kernels;
  std::vector<Answer> answers;
  std::vector<Warning> warnings;
  std::vector<std::string> method;  ///< the assumptions behind every estimate, a sentence each
};

template <class Io>
void fields(Io& io, Recommendation& r) {
  io.field("provenance", r.provenance);
  io.field("as_of", r.as_of);
  io.field("objective", r.objective);
  io.field("machine", r.machine);
  io.field("kernels", r.kernels);
  io.field("answers", r.answers);
  io.field("warnings", r.warnings);
  io.field("method", r.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Recommendation&);
extern template Result<Recommendation> decode<Recommendation>(const Json&, const std::string&);

}  // namespace ridgepoint
