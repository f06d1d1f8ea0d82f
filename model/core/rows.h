// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/fact.h"

namespace ridgepoint {

/// One figure of a document with everything a dashboard needs beside it: the tidy form of any document.
struct TidyRow {
  std::string time;      ///< UTC, RFC 3339; a month stands as its first second; empty where not known
  std::string scenario;  ///< what was asked or fixed: objective, shape and threads, way of paying
  std::optional<std::string> site = {};  ///< of a plan
  std::string platform, workload;        ///< ids; empty where the figure has none
  std::string metric;                    ///< "time", "memory.dram.bandwidth.copy"
  std::string unit;                      ///< base unit
  double value = 0;
  std::optional<double> lo = {}, hi = {};  ///< 10 % to 90 %
  Basis basis = Basis::modelled;
};

template <class Io>
void fields(Io& io, TidyRow& r) {
  io.field("time", r.time);
  io.field("scenario", r.scenario);
  io.field("site", r.site);
  io.field("platform", r.platform);
  io.field("workload", r.workload);
  io.field("metric", r.metric);
  io.field("unit", r.unit);
  io.field("value", r.value);
  io.field("lo", r.lo);
  io.field("hi", r.hi);
  io.field("basis", r.basis);
}

/// Kinds whose JSON carries `rows`, made when it is written and left out when it is read. The others are
/// written by people, or have rows of their own (plan, validation, listing).
bool carries_tidy_rows(std::string_view kind);

// Compiled once, in documents.cpp.
extern template Json encode(const std::vector<TidyRow>&);

}  // namespace ridgepoint
