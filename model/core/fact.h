// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/core/codec.h"
#include "model/core/result.h"

namespace ridgepoint {

/// Where a number comes from. `modelled` appears in answers only, never in a platform's facts.
enum class Basis { measured, vendor, published, derived, assumed, modelled };

constexpr auto names(Basis) {
  return enum_names<Basis>({{Basis::measured, "measured"},
                            {Basis::vendor, "vendor"},
                            {Basis::published, "published"},
                            {Basis::derived, "derived"},
                            {Basis::assumed, "assumed"},
                            {Basis::modelled, "modelled"}});
}

/// One figure with everything needed to judge it. `value` is in base units (see docs/reference/units.md);
/// `lo`..`hi` is the 10 % to 90 % interval where one is known; `n` the number of samples of a measurement.
struct Fact {
  std::variant<double, std::string, bool> value;
  std::string unit;
  Basis basis = Basis::assumed;
  std::string source;
  std::optional<double> lo, hi;
  std::optional<std::int64_t> n;
  std::optional<std::string> note;

  bool is_number() const { return std::holds_alternative<double>(value); }
  /// Precondition: is_number().
  double number() const { return std::get<double>(value); }
  /// The text of a text or date fact; empty for numbers.
  std::string text() const {
    return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "";
  }
};

template <class Io>
void fields(Io& io, Fact& f) {
  io.field("value", f.value);
  io.field("unit", f.unit);
  io.field("basis", f.basis);
  io.field("source", f.source);
  io.field("lo", f.lo);
  io.field("hi", f.hi);
  io.field("n", f.n);
  io.field("note", f.note);
}

/// Keys are dotted paths, for example `compute.fp32.avx512` or `memory.dram.bandwidth.copy`; fact_keys.h
/// holds the grammar. Sorted, so documents are deterministic.
using Facts = std::map<std::string, Fact>;

/// The number behind `key`, if the fact exists and is a number.
std::optional<double> number(const Facts& facts, const std::string& key);
/// The text behind `key`, or an empty string.
std::string text(const Facts& facts, const std::string& key);

/// Refuses a fact without unit or source, an unknown unit, a negative or non-finite number, a crossed
/// interval.
Result<void> check_fact(const std::string& key, const Fact& fact);

/// Builders used by probes. `source` names the probe and its method.
Fact measured(double value, std::string unit, std::string source);
Fact measured_text(std::string value, std::string source);

}  // namespace ridgepoint
