// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/core/simd_stream.h"
#include "probes/topology.h"

namespace ridgepoint {

/// What each of `threads` threads goes over to live in one cache level and in no smaller one.
struct CacheSet {
  std::string level;
  double byte;  ///< of one thread, all arrays together
};

/// L1: half of it. Further out: four times the level before, at most three quarters of a thread's share, at
/// least one and a half times the level before; a level whose share is less cannot be told from its
/// neighbour and is left out. A memory-side cache and levels without a size are left out too.
std::vector<CacheSet> cache_sets(const Topology& topology, int threads);

/// One thread's arrays of a kernel that touches `arrays` of them, within `bytes` from `base`. Their distances
/// are no multiple of 4 KiB, or a load would seem to wait for a store of the same low address bits.
StreamArgs place_arrays(double* base, double bytes, int arrays);

/// Bytes from `base` that place_arrays uses at most.
std::size_t placed_bytes(double bytes);

}  // namespace ridgepoint
