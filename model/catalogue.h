// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/core/calibration.h"
#include "model/core/platform.h"
#include "model/core/prices.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// Every *.json in a folder, decoded strictly and checked, sorted by id. Two files with one id are refused.
/// Platforms come with their offers: those of their own file, then those of `prices`. Without `prices` the
/// folder beside them is used (configs/platforms and configs/prices), if there is one; there a price of an
/// unknown platform is an error, in a folder that was asked for it is left out.
Result<std::vector<Platform>> load_platforms(const std::string& folder, const std::string& prices = "");
Result<std::vector<Workload>> load_workloads(const std::string& folder);

/// The fit of the time law that ships beside the other configuration files.
Result<std::shared_ptr<const Calibration>> load_calibration(const std::string& configs);

/// The same for a folder whose files may also be sets (`workload-set`). An id may come twice where the phases
/// differ: training and inference of one network.
Result<std::vector<Workload>> load_workload_sets(const std::string& folder);

/// Every price file of a folder (all *.json but assumptions.json), sorted by id.
Result<std::vector<PriceFile>> load_prices(const std::string& folder);

/// The defaults of `folder`/assumptions.json, overridden key by key by `mine` (a file), if given. A key of
/// `mine` that the defaults do not have is an error. No file in the folder: no assumptions.
Result<Facts> load_assumptions(const std::string& folder, const std::string& mine);

/// The folder of prices beside a folder of platforms.
std::string prices_beside(const std::string& platforms);

}  // namespace ridgepoint
