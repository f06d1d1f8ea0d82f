// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/core/cost.h"
#include "model/core/fact.h"
#include "reports/rows.h"

// One function a kind of document, a few to a file.

namespace ridgepoint::report {

using Rows = std::vector<TidyRow>;

Result<Rows> machine_rows(const Document& document);
Result<Rows> platform_rows(const Document& document);
Result<Rows> profile_rows(const Document& document);
Result<Rows> network_rows(const Document& document);
Result<Rows> assumptions_rows(const Document& document);
Result<Rows> prices_rows(const Document& document);
Result<Rows> doctor_rows(const Document& document);
Result<Rows> peers_rows(const Document& document);
Result<Rows> runs_rows(const Document& document);
Result<Rows> recommendation_rows(const Document& document);
Result<Rows> cost_rows(const Document& document);
Result<Rows> fit_rows(const Document& document);
Result<Rows> plan_rows(const Document& document);
Result<Rows> validation_rows(const Document& document);
Result<Rows> comparison_rows(const Document& document);
Result<Rows> calibration_rows(const Document& document);

/// Adds rows that share what `common` says. A figure that is absent gives no row.
class RowMaker {
 public:
  RowMaker(Rows& rows, TidyRow common) : rows_(rows), common_(std::move(common)) {}

  void add(const std::string& metric, const std::string& unit, double value, Basis basis,
           std::optional<double> lo = {}, std::optional<double> hi = {});
  void add(const std::string& metric, const std::string& unit, const std::optional<double>& value,
           Basis basis);
  void add(const std::string& metric, const std::string& unit, const std::optional<Interval>& value,
           Basis basis);
  /// The numbers among them, under their keys.
  void add_facts(const Facts& facts, const std::string& prefix = "");

  TidyRow& common() { return common_; }

 private:
  Rows& rows_;
  TidyRow common_;
};

}  // namespace ridgepoint::report
