// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/growth.h"
#include "model/core/runs.h"
#include "workloads/shape.h"

namespace ridgepoint {

/// Shapes whose `key` takes two values a decade, over the four decades up to its value in `top`; the smallest
/// are left out where they would be below 1. Errors: the shape has no such key.
Result<std::vector<Shape>> growth_shapes(const Shape& top, const std::string& key);

/// What was measured of them. Precondition: one kernel, each shape has the key.
SizeGrowth growth_of(const std::string& kernel, const std::string& key, const std::vector<KernelRun>& runs);

}  // namespace ridgepoint
