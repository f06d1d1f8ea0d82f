// SPDX-License-Identifier: Apache-2.0
#include "model/core/fact.h"

#include <array>
#include <cmath>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::array<std::string_view, 24> kUnits = {
    "1",       "text", "date",    "bool",      "flop",  "flop/s", "op/s",  "byte",
    "byte/s",  "s",    "hz",      "w",         "j",     "usd",    "usd/h", "line/s",
    "count/s", "page", "usd/kwh", "usd/month", "usd/w", "g",      "g/kwh", "year"};

bool known_unit(std::string_view unit) {
  for (const std::string_view u : kUnits)
    if (u == unit) return true;
  return false;
}

Result<void> bad(const std::string& key, const std::string& what, const std::string& fix) {
  return fail(ErrorKind::bad_input, "fact '" + key + "' " + what,
              "a figure is used only with unit and source", fix);
}

}  // namespace

std::optional<double> number(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  if (it == facts.end() || !it->second.is_number()) return std::nullopt;
  return it->second.number();
}

std::string text(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() ? std::string() : it->second.text();
}

Result<void> check_fact(const std::string& key, const Fact& fact) {
  if (fact.source.empty())
    return bad(key, "has no source", "add \"source\": where the figure can be looked up");
  if (!known_unit(fact.unit)) {
    const std::string near = nearest(fact.unit, kUnits);
    return bad(key, "has the unknown unit '" + fact.unit + "'",
               near.empty() ? "use a base unit: byte, byte/s, flop/s, hz, w, s, 1, text, ..."
                            : "did you mean '" + near + "'?");
  }
  if (!fact.is_number()) return {};
  const double v = fact.number();
  if (!std::isfinite(v) || v < 0)
    return bad(key, "is " + std::to_string(v),
               "a capability cannot be negative or infinite; correct the value");
  if ((fact.lo && !(std::isfinite(*fact.lo) && *fact.lo <= v)) ||
      (fact.hi && !(std::isfinite(*fact.hi) && *fact.hi >= v)))
    return bad(key, "has an interval that does not hold its value", "give lo <= value <= hi");
  if (fact.n && *fact.n < 1) return bad(key, "has n < 1", "n counts samples; leave it out if there are none");
  return {};
}

Fact measured(double value, std::string unit, std::string source) {
  Fact f;
  f.value = value;
  f.unit = std::move(unit);
  f.basis = Basis::measured;
  f.source = std::move(source);
  return f;
}

Fact measured_text(std::string value, std::string source) {
  Fact f;
  f.value = std::move(value);
  f.unit = "text";
  f.basis = Basis::measured;
  f.source = std::move(source);
  return f;
}

}  // namespace ridgepoint
