// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/cost.h"
#include "model/core/provenance.h"

namespace ridgepoint {

enum class ChangeVerdict {
  better,         ///< B beats A, beyond chance and by more than the threshold
  worse,          ///< A beats B likewise
  negligible,     ///< there is a difference, smaller than the threshold
  not_seen,       ///< no difference that chance does not explain
  too_few,        ///< fewer than nine repetitions on a side: no claim
  not_comparable  ///< other units, a wrong answer, or values that are not positive
};

constexpr auto names(ChangeVerdict) {
  return enum_names<ChangeVerdict>({{ChangeVerdict::better, "better"},
                                    {ChangeVerdict::worse, "worse"},
                                    {ChangeVerdict::negligible, "negligible"},
                                    {ChangeVerdict::not_seen, "not-seen"},
                                    {ChangeVerdict::too_few, "too-few"},
                                    {ChangeVerdict::not_comparable, "not-comparable"}});
}

/// The same thing measured in A and in B.
struct ComparedSeries {
  std::string subject;  ///< kernel with its shape, or the probe's series
  std::string metric;
  std::string unit;
  bool lower_is_better = true;
  std::int64_t n_a = 0, n_b = 0;
  std::optional<double> median_a, median_b;
  std::optional<Interval> ratio;     ///< B / A by Hodges and Lehmann, with its 95 % interval
  std::optional<double> delta;       ///< Cliff's: P(b > a) - P(b < a); -1 all of B below A, 1 all of it above
  std::optional<double> p;           ///< Mann-Whitney, two-sided
  std::optional<double> p_adjusted;  ///< by Holm over all series of the document
  bool exact = false;                ///< p by counting all arrangements; else by the normal law
  std::optional<double> roof_ratio;  ///< B / A of the roof that was measured beside the kernel
  ChangeVerdict verdict = ChangeVerdict::too_few;
  std::string note;  ///< what a reader must know about this one; may be empty
};

template <class Io>
void fields(Io& io, ComparedSeries& s) {
  io.field("subject", s.subject);
  io.field("metric", s.metric);
  io.field("unit", s.unit);
  io.field("lower_is_better", s.lower_is_better);
  io.field("n_a", s.n_a);
  io.field("n_b", s.n_b);
  io.field("median_a", s.median_a);
  io.field("median_b", s.median_b);
  io.field("ratio", s.ratio);
  io.field("delta", s.delta);
  io.field("p", s.p);
  io.field("p_adjusted", s.p_adjusted);
  io.field("exact", s.exact);
  io.field("roof_ratio", s.roof_ratio);
  io.field("verdict", s.verdict);
  io.field("note", s.note);
}

/// Something about the surroundings that is not the same on both sides; a side without it has an empty text.
struct EnvironmentDifference {
  std::string what, a, b;
};

template <class Io>
void fields(Io& io, EnvironmentDifference& d) {
  io.field("what", d.what);
  io.field("a", d.a);
  io.field("b", d.b);
}

/// One side of a comparison.
struct ComparedSide {
  std::string name;  ///< as it was given
  std::string created, machine;
};

template <class Io>
void fields(Io& io, ComparedSide& s) {
  io.field("name", s.name);
  io.field("created", s.created);
  io.field("machine", s.machine);
}

/// The document `comparison`: two `runs` or two `machine` documents, series by series.
struct Comparison {
  Provenance provenance;
  std::string kind;  ///< of the documents compared
  ComparedSide a, b;
  double threshold = 0;  ///< differences below it do not matter
  double alpha = 0;      ///< chance of one false claim or more in the document
  std::vector<ComparedSeries> series;
  std::vector<EnvironmentDifference> environment;
  std::vector<std::string> only_a, only_b;  ///< subjects that the other side lacks
  std::vector<Warning> warnings;
  std::vector<std::string> method;
};

template <class Io>
void fields(Io& io, Comparison& c) {
  io.field("provenance", c.provenance);
  io.field("kind", c.kind);
  io.field("a", c.a);
  io.field("b", c.b);
  io.field("threshold", c.threshold);
  io.field("alpha", c.alpha);
  io.field("series", c.series);
  io.field("environment", c.environment);
  io.field("only_a", c.only_a);
  io.field("only_b", c.only_b);
  io.field("warnings", c.warnings);
  io.field("method", c.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Comparison&);
extern template Result<Comparison> decode<Comparison>(const Json&, const std::string&);

}  // namespace ridgepoint
