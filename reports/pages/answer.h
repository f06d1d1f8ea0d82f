// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/core/recommendation.h"
#include "reports/page.h"

namespace ridgepoint::report {

/// The objective in words and its numbers in an estimate.
struct ObjectiveWords {
  std::string_view noun;         ///< "cost"
  std::string_view superlative;  ///< "lowest cost"
  std::string_view unit;         ///< base unit: "usd"
};

ObjectiveWords words_of(Objective objective);
const std::optional<Interval>& objective_of(const Estimate& estimate, Objective objective);

/// The cost of one unit of work is often a fraction of a cent. It is shown for the 1, 1,000, 1 million or
/// 1 billion units that cost at least a cent, the same number of units throughout one answer. Exact values
/// stay per unit.
struct CostScale {
  double units = 1;
  std::string per;  ///< "" or " per 1,000"
};

CostScale cost_scale(const Answer& answer);

/// One number of an answer, in the objective's unit; costs on the scale given.
Text amount(double value, std::string_view unit, const CostScale& scale);
/// "1.2 to 1.5 s" of an interval.
Text amount_range(const Interval& interval, std::string_view unit, const CostScale& scale);
/// A table cell: the value, then its range in a quiet voice; `missing` when there is none.
Text amount_cell(const std::optional<Interval>& interval, std::string_view unit, const CostScale& scale,
                 const std::string& missing);

/// The estimate of a platform id; null when the id is empty or names none.
const Estimate* find_estimate(const Answer& answer, const std::string& platform_id);
/// A platform's name, with its id when it has none.
std::string name_of(const Estimate& estimate);
std::string name_of(const Answer& answer);

/// "Why ...": the reasons for the choice, the ranking, and how the numbers of the two best come about.
Section why_section(const Answer& answer, Objective objective);

/// Chance to be the best, regret, cost against time, tornado and break-evens, each chart with its table;
/// without blocks when the document carries none of them.
Section odds_section(const Answer& answer, const std::string& as_of);

/// Every platform that has no rank, with its reason. Without blocks when all are ranked everywhere.
Section unranked_section(const std::vector<Answer>& answers);

/// How the measured machine does, a line a workload; without blocks when none took part.
Section here_section(const Recommendation& recommendation);

/// The machine's roofline with its kernels and the tables behind it.
Section machine_section(const Platform& machine, const std::vector<KernelPoint>& kernels);

}  // namespace ridgepoint::report
