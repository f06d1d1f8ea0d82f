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

}  // namespace ridgepoint
