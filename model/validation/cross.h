// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/validation/published.h"

namespace ridgepoint {

/// Makes a predictor that knows these rows. Called from several threads at once, so it must not share what it
/// changes. Null = it cannot be made.
using FitPredictor = std::function<std::unique_ptr<Predictor>(const std::vector<PublishedRow>& training)>;

/// What is left out with this row; empty for LeaveOut::none.
std::string fold_of(const PublishedRow& row, LeaveOut leave_out);

/// A prediction of each row, in order, by a predictor fitted on those rows of `pool` that are of another
/// fold; with LeaveOut::none on the whole pool. The answer does not depend on `threads`. An interrupt ends it
/// early: the rows not reached are refused as "interrupted".
std::vector<Result<Predicted>> cross_validate(const std::vector<PublishedRow>& rows,
                                              const std::vector<PublishedRow>& pool, LeaveOut leave_out,
                                              const FitPredictor& fit, int threads);

}  // namespace ridgepoint
