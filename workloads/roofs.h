// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "model/core/team.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// A part of a kernel's own data that a roof may read.
struct Area {
  const void* data = nullptr;
  std::size_t bytes = 0;
};

/// Everything here is measured on the members of `team`, each on its own share, for some 20 ms a rate, with
/// the loops of the probes (model/core/simd_stream.h, simd_gather.h). `quantity`: what one execution of the
/// kernel needs of the roof. The memory must outlive the roof.

/// Reading all the areas in order, B/s; of each area the whole lines of 64 B within it.
AdjacentRoof read_roof(std::shared_ptr<Team> team, std::vector<Area> areas, double quantity);

/// c = a with non-temporal stores, B/s, 16 B an element (no write-allocate). Allocates both arrays.
Result<AdjacentRoof> copy_roof(std::shared_ptr<Team> team, std::size_t bytes_each, double quantity);

/// c = a + factor b with non-temporal stores, B/s, 24 B an element. Allocates the arrays.
Result<AdjacentRoof> triad_roof(std::shared_ptr<Team> team, std::size_t bytes_each, double quantity);

/// Vector gathers of elements of 4 or 8 bytes at random places of `table` (of its largest power of two), 1/s.
AdjacentRoof gather_roof(std::shared_ptr<Team> team, Area table, std::size_t element_byte, double quantity);

/// Independent reads of one word in each of random lines of 64 B of `table` (of its largest power of two),
/// with prefetch, 1/s.
AdjacentRoof random_line_roof(std::shared_ptr<Team> team, Area table, double quantity);

}  // namespace ridgepoint
