// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/validation/published.h"

namespace ridgepoint {

/// Seconds, or seconds per unit of a rate, of a value in a unit: 10 "ms" is 0.01, 50 "samples/s" is 0.02, and
/// 2 "GB/s" is 0.5 (seconds per GB). Absent for a unit that is neither a time nor a rate.
std::optional<double> seconds_of(double value, const std::string& unit);

/// The row with its prediction, or with the reason why there is none. A prediction that is not a positive
/// number inside its own interval is refused too.
ValidationRow score_row(const PublishedRow& row, const Result<Predicted>& predicted);

/// The error figures of the rows that `keep` accepts.
ErrorScore score_rows(const std::string& name, const std::vector<ValidationRow>& rows,
                      const std::function<bool(const ValidationRow&)>& keep);

/// Overall, per family, class and tier; refusals by kind of reason. Families in name order.
ValidationSummary summarise_rows(const std::vector<ValidationRow>& rows);

/// What is quoted left out: "unknown platform 'x'" -> "unknown platform".
std::string kind_of_reason(const std::string& reason);

}  // namespace ridgepoint
