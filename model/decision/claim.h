// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/claims.h"
#include "model/core/platform.h"
#include "model/core/recommendation.h"

namespace ridgepoint {

/// A statement about platforms that the model can test: "for these workloads the best is one of those".
struct Claim {
  std::string id;
  std::string text;
  std::string source;                ///< where it is said
  std::string as_of;                 ///< YYYY-MM, the date it speaks of
  std::optional<std::string> since;  ///< YYYY-MM: the claim is that the set wins more workloads than then
  std::vector<std::string> workloads;
  std::vector<std::string> claimed;  ///< patterns (claim_matches); a platform that fits one is of the set
  std::vector<std::string> against;  ///< patterns; empty = all others
  Objective objective = Objective::time;
  double margin = 1;  ///< the set may be this factor worse and still count as the best
};

template <class Io>
void fields(Io& io, Claim& c) {
  io.field("id", c.id);
  io.field("text", c.text);
  io.field("source", c.source);
  io.field("as_of", c.as_of);
  io.field("since", c.since);
  io.field("workloads", c.workloads);
  io.field("claimed", c.claimed);
  io.field("against", c.against);
  io.field("objective", c.objective);
  io.field("margin", c.margin);
}

/// "class:cpu", "vendor:Intel", "id:intel-xeon-phi-" (a prefix), "mix:spatial"; parts joined by '&' must all
/// hold.
bool claim_matches(const std::string& pattern, const Platform& platform);
bool claim_matches(const std::vector<std::string>& patterns, const Platform& platform);

/// The rule. Holds from a probability of 90 %, does not hold up to 10 %, between them nobody can tell. When
/// no platform of the set can be bought or holds the footprint while others do, it does not hold; when the
/// set lacks a figure, or nothing else is ranked, nobody can tell. `claimed` and `against` say of estimate i
/// whether it is of the set, or may oppose it.
ClaimResult judge(const Answer& answer, Objective objective, const std::vector<bool>& claimed,
                  const std::vector<bool>& against, double margin);

/// All workloads: holds when it holds for each, does not when it does for none, else nobody can tell.
Judgement judge_all(const std::vector<ClaimResult>& results);

/// A claim of growth: the expected number of workloads that the set wins, then and now. A change of half a
/// workload decides.
Judgement judge_growth(const std::vector<ClaimResult>& then, const std::vector<ClaimResult>& now);

/// Sum of the probabilities; a workload that does not hold counts 0.
double expected_wins(const std::vector<ClaimResult>& results);

}  // namespace ridgepoint
