// SPDX-License-Identifier: Apache-2.0
#include "reports/rows.h"

#include <algorithm>
#include <array>

#include "model/core/platform.h"
#include "reports/rows/row_sets.h"

namespace ridgepoint::report {
namespace {

struct Kind {
  std::string_view schema;
  Result<Rows> (*rows)(const Document&);
};

constexpr auto kKinds = std::to_array<Kind>({
    {"assumptions", assumptions_rows},
    {"calibration", calibration_rows},
    {"comparison", comparison_rows},
    {"cost", cost_rows},
    {"doctor", doctor_rows},
    {"fit", fit_rows},
    {"machine", machine_rows},
    {"network", network_rows},
    {"peers", peers_rows},
    {"plan", plan_rows},
    {"platform", platform_rows},
    {"prices", prices_rows},
    {"profile", profile_rows},
    {"recommendation", recommendation_rows},
    {"runs", runs_rows},
    {"validation", validation_rows},
});

}  // namespace

void RowMaker::add(const std::string& metric, const std::string& unit, double value, Basis basis,
                   std::optional<double> lo, std::optional<double> hi) {
  TidyRow row = common_;
  row.metric = metric;
  row.unit = unit;
  row.value = value;
  row.lo = lo;
  row.hi = hi;
  row.basis = basis;
  rows_.push_back(std::move(row));
}

void RowMaker::add(const std::string& metric, const std::string& unit, const std::optional<double>& value,
                   Basis basis) {
  if (value) add(metric, unit, *value, basis);
}

void RowMaker::add(const std::string& metric, const std::string& unit, const std::optional<Interval>& value,
                   Basis basis) {
  if (value) add(metric, unit, value->value, basis, value->lo, value->hi);
}

void RowMaker::add_facts(const Facts& facts, const std::string& prefix) {
  for (const auto& [key, fact] : facts)
    if (fact.is_number()) add(prefix + key, fact.unit, fact.number(), fact.basis, fact.lo, fact.hi);
}

Result<Rows> rows_of(const Document& document) {
  // One check here keeps "nan" and "inf" out of every format made from rows.
  if (const auto text = document_text(document); !text) return tl::make_unexpected(text.error());
  for (const Kind& kind : kKinds)
    if (kind.schema == document.schema) return kind.rows(document);
  return Rows{};
}

std::string full_time(const std::string& time) { return is_month(time) ? time + "-01T00:00:00Z" : time; }

Better better_of(const TidyRow& row) {
  static constexpr std::array<std::string_view, 9> kLower = {
      "s", "usd", "usd/h", "usd/month", "usd/useful-h", "usd/job", "j", "g", "kwh"};
  if (row.unit.ends_with("/s")) return Better::higher;
  return std::ranges::find(kLower, row.unit) != kLower.end() ? Better::lower : Better::neither;
}

std::string number_text(double value) { return encode_number(value).dump(); }

std::string row_name(const TidyRow& row) {
  std::string name = row.workload;
  if (!row.platform.empty()) name += (name.empty() ? "" : " on ") + row.platform;
  if (row.site && !row.site->empty()) name += " at " + *row.site;
  name += (name.empty() ? "" : ": ") + row.metric;
  return row.scenario.empty() ? name : name + " (" + row.scenario + ")";
}

}  // namespace ridgepoint::report
