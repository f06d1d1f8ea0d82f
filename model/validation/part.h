// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/validation/published.h"

namespace ridgepoint {

/// The platform that a row is about. Some ids are those of a family: where the row's words spell out one of
/// `ids` that goes on from its own, that is the part ("intel-gaudi" with "Intel Gaudi 3" is "intel-gaudi3");
/// else the row's own id.
std::string named_part(const PublishedRow& row, const std::vector<std::string>& ids);

}  // namespace ridgepoint
