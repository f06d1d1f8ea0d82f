// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "workloads/roofs.h"

namespace ridgepoint {

/// As random_line_roof, but each random place is a row of `lines` neighbouring lines of 64 B, all of them
/// read: lines a second. Rows share one translation and an open DRAM page, so single lines would be too low
/// a roof for them.
AdjacentRoof random_row_roof(std::shared_ptr<Team> team, Area table, std::size_t lines, double quantity);

}  // namespace ridgepoint
