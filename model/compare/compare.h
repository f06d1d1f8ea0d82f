// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/comparison.h"
#include "model/core/document.h"

namespace ridgepoint {

struct CompareOptions {
  double threshold = 0.05;
  double alpha = 0.05;
};

/// Fewer repetitions on a side support no claim.
inline constexpr std::size_t kLeastRepetitions = 9;

/// Two documents of one kind (`runs` or `machine`), given with their names. The provenance is the caller's.
Result<Comparison> compare(const std::string& name_a, const Document& a, const std::string& name_b,
                           const Document& b, const CompareOptions& options);

}  // namespace ridgepoint
