// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/platform.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// Every *.json in a folder, decoded strictly and checked, sorted by id. Two files with one id are refused.
Result<std::vector<Platform>> load_platforms(const std::string& folder);
Result<std::vector<Workload>> load_workloads(const std::string& folder);

/// The same for a folder whose files may also be sets (`workload-set`). An id may come twice where the phases
/// differ: training and inference of one network.
Result<std::vector<Workload>> load_workload_sets(const std::string& folder);

}  // namespace ridgepoint
