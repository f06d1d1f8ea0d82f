// SPDX-License-Identifier: Apache-2.0
// Documents that answer a question: recommendation, cost, fit, plan.
#include "model/core/fit.h"
#include "model/core/plan.h"
#include "model/core/recommendation.h"
#include "reports/rows/row_sets.h"

namespace ridgepoint::report {
namespace {

Basis time_basis(const Estimate& e) { return e.tier ? Basis::modelled : Basis::measured; }

void add_estimate(Rows& rows, const TidyRow& common, const Estimate& e, double rank) {
  RowMaker make(rows, common);
  make.common().platform = e.platform_id;
  if (e.standing == Standing::ranked) make.add("rank", "1", rank, Basis::modelled);
  make.add("time", "s", e.time_s, time_basis(e));
  make.add("cost", "usd", e.cost_usd, Basis::modelled);
  make.add("energy", "j", e.energy_j, Basis::modelled);
  make.add("carbon", "g", e.carbon_g, Basis::modelled);
  if (e.price) make.add("price", "usd/h", e.price->usd_per_hour, Basis::published);
  make.add("memory.need", "byte", e.fit.need_byte, Basis::modelled);
  make.add("memory.have", "byte", e.fit.have_byte, Basis::vendor);
  if (e.outlook) {
    make.add("probability.best", "1", e.outlook->probability_best, Basis::modelled);
    make.add("regret.expected", "1", e.outlook->expected_regret, Basis::modelled);
  }
  make.add("probability.in-time", "1", e.probability_in_time, Basis::modelled);
}

void add_bill(RowMaker& make, const Bill& bill, const std::string& scenario) {
  make.common().scenario = scenario + bill.title;
  for (const CostItem& item : bill.items)
    make.add("item." + item.name, item.unit, item.value, item.basis, item.lo, item.hi);
  make.add("total", bill.unit, bill.total, Basis::derived);
}

}  // namespace

Result<Rows> recommendation_rows(const Document& document) {
  return decode<Recommendation>(document.body, document.schema).map([](const Recommendation& r) {
    Rows rows;
    for (const Answer& answer : r.answers) {
      TidyRow common;
      common.time = full_time(r.as_of);
      common.scenario = std::string(name_of(r.objective));
      common.workload = answer.workload_id;
      double rank = 0;
      for (const Estimate& e : answer.estimates) add_estimate(rows, common, e, ++rank);
      if (answer.choice.empty()) continue;
      common.platform = answer.choice;
      RowMaker(rows, common).add("margin", "1", answer.margin_ratio, Basis::modelled);
    }
    return rows;
  });
}

Result<Rows> cost_rows(const Document& document) {
  return decode<CostSheet>(document.body, document.schema).map([](const CostSheet& s) {
    Rows rows;
    TidyRow common;
    common.time = full_time(s.as_of);
    common.platform = s.platform_id;
    common.workload = s.workload_id;
    RowMaker make(rows, common);
    make.add("time", "s", s.time_s, Basis::modelled);
    for (const CostLine& line : s.lines) {
      make.common().scenario = line.title;
      make.add("cost.month", "usd/month", line.usd_per_month, Basis::derived);
      make.add("cost.useful-hour", "usd/h", line.usd_per_useful_hour, Basis::derived);
      make.add("cost.job", "usd", line.usd_per_job, Basis::modelled);
    }
    for (const Bill& bill : s.bills) add_bill(make, bill, "");
    for (const Bill& bill : s.job_bills) add_bill(make, bill, "job: ");
    return rows;
  });
}

Result<Rows> fit_rows(const Document& document) {
  return decode<FitStudy>(document.body, document.schema).map([](const FitStudy& f) {
    Rows rows;
    TidyRow common;
    common.time = full_time(f.as_of);
    common.platform = f.platform_id;
    common.workload = f.network;
    const std::string asked = std::string(name_of(f.phase)) + ", " + f.precision + ", " + f.input;
    common.scenario = asked;
    RowMaker make(rows, common);
    make.add("memory.expected", "byte", f.footprint.expected_byte, Basis::modelled);
    make.add("memory.safe", "byte", f.footprint.safe_byte, Basis::modelled);
    make.add("memory.capacity", "byte", f.capacity_byte, Basis::vendor);
    for (const MemoryItem& item : f.footprint.items)
      make.add("memory.item." + item.name, "byte", item.byte, item.basis);
    make.add("time", "s", f.time_s, Basis::modelled);
    make.add("cost", "usd", f.cost_usd, Basis::modelled);
    make.add("batch.largest", "1", f.largest_batch, Basis::modelled);
    for (const MemoryPoint& p : f.by_batch) {
      make.common().scenario = asked + ", batch " + number_text(p.at);
      make.add("memory.by-batch", "byte", p.byte, Basis::modelled);
    }
    for (const MemoryPoint& p : f.by_resolution) {
      make.common().scenario = asked + ", " + number_text(p.at) + " voxels";
      make.add("memory.by-resolution", "byte", p.byte, Basis::modelled);
    }
    return rows;
  });
}

Result<Rows> plan_rows(const Document& document) {
  return decode<Plan>(document.body, document.schema).map([](const Plan& plan) {
    Rows rows;
    for (const PlanRow& r : plan.rows)
      rows.push_back({full_time(r.time), r.scenario, r.site, r.platform, r.workload, r.metric, r.unit,
                      r.value, r.lo, r.hi, r.basis});
    return rows;
  });
}

}  // namespace ridgepoint::report
