// SPDX-License-Identifier: Apache-2.0
#include "model/money/factor.h"

#include <algorithm>
#include <cmath>

#include "model/core/text.h"
#include "model/estimate.h"
#include "model/roofs.h"

namespace ridgepoint::money {
namespace {

Basis weaker(Basis a, Basis b) { return static_cast<int>(a) < static_cast<int>(b) ? b : a; }

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  for (const std::string& s : b)
    if (std::ranges::find(a, s) == a.end()) a.push_back(s);
  return a;
}

Factor factor_of_item(const CostItem& i) {
  Factor f{i.value, 0, i.basis, {i.source}};
  if (i.lo && i.hi) f.sigma = sigma_of({i.value, *i.lo, *i.hi});
  return f;
}

}  // namespace

Factor exact(double value) { return {value, 0, Basis::measured, {}}; }

Factor like(double value, const Factor& from) { return {value, 0, from.basis, from.sources}; }

Factor factor_of(const Fact& fact) {
  return {fact.number(), interval_sigma(fact), fact.basis, {fact.source}};
}

std::optional<Factor> factor(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  if (it == facts.end() || !it->second.is_number()) return std::nullopt;
  return factor_of(it->second);
}

Factor operator*(const Factor& a, const Factor& b) {
  return {a.value * b.value, std::hypot(a.sigma, b.sigma), weaker(a.basis, b.basis),
          joined(a.sources, b.sources)};
}

Factor inverse(const Factor& a) { return {1 / a.value, a.sigma, a.basis, a.sources}; }

Factor operator+(const Factor& a, const Factor& b) {
  const double sum = a.value + b.value;
  const double sigma = sum > 0 ? std::hypot(a.value * a.sigma, b.value * b.sigma) / sum : 0;
  return {sum, sigma, weaker(a.basis, b.basis), joined(a.sources, b.sources)};
}

CostItem item(std::string name, const Factor& f, std::string unit, std::string how) {
  CostItem i{
      std::move(name), f.value, std::move(unit), std::move(how), f.basis, join(f.sources, "; "), {}, {}};
  if (f.sigma > 0) {
    const Interval around = log_normal(f.value, f.sigma);
    i.lo = around.lo;
    i.hi = around.hi;
  }
  return i;
}

Interval interval_of(const Factor& f) { return log_normal(f.value, f.sigma); }

std::optional<Interval> total_of(const std::vector<CostItem>& items) {
  if (items.empty()) return std::nullopt;
  Interval total;
  double below = 0, above = 0;
  for (const CostItem& i : items) {
    total.value += i.value;
    below = std::hypot(below, i.value - i.lo.value_or(i.value));
    above = std::hypot(above, i.hi.value_or(i.value) - i.value);
  }
  total.lo = total.value - below;
  total.hi = total.value + above;
  return total;
}

Bill scaled(const Bill& bill, const Factor& by, std::string title, std::string unit) {
  Bill out = bill;
  out.title = std::move(title);
  out.unit = std::move(unit);
  for (CostItem& i : out.items) {
    const std::string how = i.how;
    i = item(i.name, factor_of_item(i) * by, out.unit, how);
  }
  out.total = bill.total ? total_of(out.items) : std::nullopt;
  return out;
}

}  // namespace ridgepoint::money
