// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/validation/law.h"
#include "model/validation/read.h"

namespace ridgepoint {

/// The hourly price of one device of a row's platform in the row's month.
using PriceOf = std::function<std::optional<double>(const PublishedRow&)>;

struct ReplayInput {
  std::vector<PublishedFile> files;
  std::vector<PublishedRow> shipped;  ///< what baselines learn from with LeaveOut::none
  LeaveOut leave_out = LeaveOut::none;
  int threads = 2;
};

/// The rows of all files against the law and the baselines: one row of the document per row read, in order.
/// Provenance and `worst` are the caller's. Baselines never see a row's platform, workload or round that is
/// left out; with LeaveOut::none they learn from the shipped rows of other platforms.
Validation replay(const ReplayInput& input, const Law& law, const PointOf& point_of, const PriceOf& price_of);

}  // namespace ridgepoint
