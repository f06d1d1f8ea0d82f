// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/cost.h"

namespace ridgepoint::money {

/// A number on its way through a product: its log-normal spread, weakest basis and sources travel along.
/// Factors are taken as independent.
struct Factor {
  double value = 0;
  double sigma = 0;  ///< deviation of the logarithm
  Basis basis = Basis::derived;
  std::vector<std::string> sources;
};

/// A number that is exact by definition or chosen by the user.
Factor exact(double value);
/// A number computed from `from`, with its basis and sources but without its spread (a choice, such as
/// utilisation).
Factor like(double value, const Factor& from);
Factor factor_of(const Fact& fact);
/// The assumption behind `key`, or nothing.
std::optional<Factor> factor(const Facts& facts, const std::string& key);

Factor operator*(const Factor& a, const Factor& b);
/// 1 / a.
Factor inverse(const Factor& a);
/// a + b: spreads add in quadrature.
Factor operator+(const Factor& a, const Factor& b);

CostItem item(std::string name, const Factor& factor, std::string unit, std::string how);
Interval interval_of(const Factor& factor);

/// Sum of the items, their spreads in quadrature; nothing for no items.
std::optional<Interval> total_of(const std::vector<CostItem>& items);

/// Every item (and the total) times a number, in another unit.
Bill scaled(const Bill& bill, const Factor& by, std::string title, std::string unit);

}  // namespace ridgepoint::money
