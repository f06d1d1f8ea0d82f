// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/provenance.h"
#include "model/core/recommendation.h"

namespace ridgepoint {

enum class Judgement { holds, does_not_hold, cannot_tell };

constexpr auto names(Judgement) {
  return enum_names<Judgement>({{Judgement::holds, "holds"},
                                {Judgement::does_not_hold, "does not hold"},
                                {Judgement::cannot_tell, "cannot tell"}});
}

/// One claim on one workload.
struct ClaimResult {
  std::string workload_id;
  Judgement judgement = Judgement::cannot_tell;
  std::optional<double> probability;  ///< that the set holds the best, within the margin
  std::optional<double> ratio;        ///< best of the set over best of the others; below 1 the set leads
  std::string best_claimed, best_other;
  std::string reason;  ///< why there is no probability
};

template <class Io>
void fields(Io& io, ClaimResult& r) {
  io.field("workload_id", r.workload_id);
  io.field("judgement", r.judgement);
  io.field("probability", r.probability);
  io.field("ratio", r.ratio);
  io.field("best_claimed", r.best_claimed);
  io.field("best_other", r.best_other);
  io.field("reason", r.reason);
}

/// A claim tested as of one month.
struct ClaimFinding {
  std::string id, text, source;
  std::string as_of;                 ///< YYYY-MM
  std::optional<std::string> since;  ///< YYYY-MM: a claim of growth since then
  Objective objective = Objective::time;
  double margin = 1;  ///< the set may be this factor worse and still count as the best
  Judgement judgement = Judgement::cannot_tell;
  std::optional<double> expected_wins;  ///< workloads that the set wins; absent where none could be told
  std::optional<double> expected_wins_since;  ///< of a claim of growth, then
  std::vector<ClaimResult> results;
};

template <class Io>
void fields(Io& io, ClaimFinding& f) {
  io.field("id", f.id);
  io.field("text", f.text);
  io.field("source", f.source);
  io.field("as_of", f.as_of);
  io.field("since", f.since);
  io.field("objective", f.objective);
  io.field("margin", f.margin);
  io.field("judgement", f.judgement);
  io.field("expected_wins", f.expected_wins);
  io.field("expected_wins_since", f.expected_wins_since);
  io.field("results", f.results);
}

/// The document `claims`: statements about platforms, each tested for one or more months.
struct ClaimSheet {
  Provenance provenance;
  std::vector<ClaimFinding> findings;  ///< in file order, of one claim by month as asked
  std::vector<std::string> method;
};

template <class Io>
void fields(Io& io, ClaimSheet& s) {
  io.field("provenance", s.provenance);
  io.field("findings", s.findings);
  io.field("method", s.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const ClaimSheet&);
extern template Result<ClaimSheet> decode<ClaimSheet>(const Json&, const std::string&);

}  // namespace ridgepoint
