// SPDX-License-Identifier: Apache-2.0
// Documents of measurements and of how well they are predicted: runs, validation, calibration.
#include "model/core/calibration.h"
#include "model/core/comparison.h"
#include "model/core/runs.h"
#include "model/core/validation.h"
#include "reports/rows/row_sets.h"

namespace ridgepoint::report {
namespace {

/// The median with its 10 % to 90 % interval; one sample has none.
void add_samples(RowMaker& make, const std::string& metric, const std::vector<double>& values) {
  if (values.empty()) return;
  const double median = quantile(values, 0.5);
  if (values.size() == 1) return make.add(metric, "s", median, Basis::measured);
  make.add(metric, "s", median, Basis::measured, quantile(values, 0.1), quantile(values, 0.9));
}

void add_rate(RowMaker& make, const std::string& metric, const std::string& unit, double amount,
              double seconds) {
  if (amount > 0 && seconds > 0) make.add(metric, unit, amount / seconds, Basis::derived);
}

void add_run(Rows& rows, const RunSet& set, const KernelRun& run) {
  TidyRow common;
  common.time = set.provenance.created;
  common.platform = set.machine_id;
  common.workload = run.id;
  common.scenario = run.shape + ", " + std::to_string(run.threads) + " threads, " + run.isa;
  RowMaker make(rows, common);
  make.add("verified", "1", run.verification.passed ? 1.0 : 0.0, Basis::measured);
  make.add("working-set", "byte", run.working_set_byte, Basis::derived);
  if (!run.verification.passed) return;  // its time does not count
  add_samples(make, "time", run.wall_s);
  add_samples(make, "cpu-time", run.cpu_s);
  add_rate(make, "rate", "flop/s", run.cost.work_flop, run.time_s.median);
  add_rate(make, "bandwidth", "byte/s", run.cost.read_byte + run.cost.written_byte, run.time_s.median);
  if (run.roof) make.add("roof-share." + run.roof->name, "1", run.roof->share.median, Basis::derived);
  if (run.counted) make.add_facts(*run.counted, "counted.");
}

void add_score(RowMaker& make, const std::string& part, const ErrorScore& score) {
  make.add(part + "rows", "1", static_cast<double>(score.rows), Basis::derived);
  make.add(part + "refused", "1", static_cast<double>(score.refused), Basis::derived);
  make.add(part + "error.median", "1", score.median_error, Basis::derived);
  make.add(part + "error.p90", "1", score.p90_error, Basis::derived);
  make.add(part + "coverage", "1", score.coverage, Basis::derived);
}

}  // namespace

Result<Rows> runs_rows(const Document& document) {
  return decode<RunSet>(document.body, document.schema).map([](const RunSet& set) {
    Rows rows;
    for (const KernelRun& run : set.runs) add_run(rows, set, run);
    if (set.growth) {
      TidyRow common;
      common.time = set.provenance.created;
      common.platform = set.machine_id;
      common.workload = set.growth->kernel;
      common.scenario = "time against " + set.growth->key;
      RowMaker(rows, common).add("growth.exponent", "1", set.growth->exponent, Basis::derived);
    }
    return rows;
  });
}

Result<Rows> validation_rows(const Document& document) {
  return decode<Validation>(document.body, document.schema).map([](const Validation& v) {
    Rows rows;
    TidyRow common;
    common.time = v.provenance.created;
    common.scenario = "leave out " + std::string(name_of(v.leave_out));
    RowMaker make(rows, common);
    add_score(make, "", v.summary.overall);
    for (const ErrorScore& s : v.summary.families) {
      make.common().workload = s.name;
      add_score(make, "family.", s);
    }
    for (const ValidationRow& r : v.rows) {
      make.common().scenario = r.id;
      make.common().platform = r.platform_id;
      make.common().workload = r.workload_id;
      make.add("measured", "s", r.measured_s, Basis::published);
      if (r.predicted_s) make.add("predicted", "s", *r.predicted_s, Basis::modelled);
      make.add("error", "1", r.error, Basis::derived);
    }
    return rows;
  });
}

Result<Rows> comparison_rows(const Document& document) {
  return decode<Comparison>(document.body, document.schema).map([](const Comparison& c) {
    Rows rows;
    TidyRow common;
    common.time = c.b.created;
    common.platform = c.b.machine;
    common.scenario = c.a.name + " against " + c.b.name;
    RowMaker make(rows, common);
    for (const ComparedSeries& s : c.series) {
      make.common().workload = s.subject;
      make.add("change.ratio", "1", s.ratio, Basis::derived);
      make.add("change.delta", "1", s.delta, Basis::derived);
      make.add("change.p", "1", s.p_adjusted, Basis::derived);
    }
    return rows;
  });
}

Result<Rows> calibration_rows(const Document& document) {
  return decode<Calibration>(document.body, document.schema).map([](const Calibration& c) {
    Rows rows;
    RowMaker make(rows, {});
    make.add("sigma", "1", c.sigma, Basis::derived);
    make.add("rows", "1", static_cast<double>(c.rows), Basis::derived);
    for (const ClassError& e : c.leave_platform_out) {
      make.common().workload = e.kernel_class;
      make.common().scenario = "leave out platform";
      make.add("error.median", "1", e.median, Basis::derived);
      make.add("error.p90", "1", e.p90, Basis::derived);
      make.add("coverage", "1", e.coverage, Basis::derived);
    }
    return rows;
  });
}

}  // namespace ridgepoint::report
