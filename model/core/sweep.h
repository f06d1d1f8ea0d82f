// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/recommendation.h"

namespace ridgepoint {

/// The objective of one platform at each value of the factor that was varied.
struct SweepCurve {
  std::string platform_id;
  std::string platform_name;
  std::vector<double> objective;  ///< per unit of work, one for each of Sweep::values
};

template <class Io>
void fields(Io& io, SweepCurve& c) {
  io.field("platform_id", c.platform_id);
  io.field("platform_name", c.platform_name);
  io.field("objective", c.objective);
}

/// Where the best platform changes as the factor rises.
struct Crossover {
  double factor = 0;
  std::string from, to;  ///< platform ids
};

template <class Io>
void fields(Io& io, Crossover& c) {
  io.field("factor", c.factor);
  io.field("from", c.from);
  io.field("to", c.to);
}

/// The document `sweep`: one input varied, everything else as it is.
struct Sweep {
  Provenance provenance;
  std::string as_of;
  std::string workload_id, workload_name, unit_of_work;
  Objective objective = Objective::cost;
  std::string unit;                ///< of the objective: usd, s, j, g
  std::string vary;                ///< work | traffic | compute | bandwidth | efficiency | price
  std::string on;                  ///< the platform whose input was varied; empty: of all
  std::vector<double> values;      ///< factors on the input, rising; 1 = as it is
  std::vector<SweepCurve> curves;  ///< best at factor 1 first; those that win somewhere, and the next best
  std::vector<std::string> best;   ///< platform id at each value
  std::vector<Crossover> crossovers;
  std::int64_t compared = 0;  ///< platforms with a figure
  std::vector<std::string> method;
};

template <class Io>
void fields(Io& io, Sweep& s) {
  io.field("provenance", s.provenance);
  io.field("as_of", s.as_of);
  io.field("workload_id", s.workload_id);
  io.field("workload_name", s.workload_name);
  io.field("unit_of_work", s.unit_of_work);
  io.field("objective", s.objective);
  io.field("unit", s.unit);
  io.field("vary", s.vary);
  io.field("on", s.on);
  io.field("values", s.values);
  io.field("curves", s.curves);
  io.field("best", s.best);
  io.field("crossovers", s.crossovers);
  io.field("compared", s.compared);
  io.field("method", s.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Sweep&);
extern template Result<Sweep> decode<Sweep>(const Json&, const std::string&);

}  // namespace ridgepoint
