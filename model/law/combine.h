// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "model/law/law.h"

namespace ridgepoint {

/// ln of the sum over stages of p-norm(overlapping terms) + sum(other terms), with each term's logarithm
/// given, and the derivative by each term's logarithm (they sum to 1). Exponent p = 2: model.md's
/// recommendation, not fitted.
struct CombinedTime {
  double log_seconds = 0;
  std::vector<std::vector<double>> share;  ///< [stage][term]
};

/// `log_terms[stage][term]` runs parallel to `stages[stage].terms[term]`. Precondition: at least one term.
CombinedTime combine(const std::vector<StageTerms>& stages,
                     const std::vector<std::vector<double>>& log_terms);

}  // namespace ridgepoint
