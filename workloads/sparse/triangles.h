// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/sparse/csr.h"

namespace ridgepoint {

/// An undirected graph whose vertices are numbered by rising degree, each edge kept at its lower end: rows
/// are then short also at hubs, at most the square root of twice the edges.
struct Oriented {
  std::int64_t vertices = 0, edges = 0;
  std::vector<std::int64_t> pointer;  ///< vertices + 1
  std::vector<std::int32_t> to;       ///< ascending in each row
  std::vector<std::int64_t> probes;   ///< vertices + 1: probes that rows before need, a prefix sum
};

/// `graph` is symmetric, without loops and duplicates.
Oriented orient(const CsrMatrix& graph);

/// Triangles whose lowest vertex lies in [begin, end). Each row is marked in `bits` (one bit a vertex, all 0
/// before and after) and the rows of its neighbours are probed with vector gathers. Cost over all vertices,
/// with P = the sum over edges u -> v of the length of row v: 4 P bytes read in rows, P gathers of 4 B, 3 P
/// integer operations (shift, and, add).
std::int64_t triangles(const Oriented& graph, std::int64_t begin, std::int64_t end, std::uint32_t* bits);

/// The same by merging two sorted rows at each edge: the reference.
std::int64_t triangles_by_merging(const Oriented& graph, std::int64_t begin, std::int64_t end);

}  // namespace ridgepoint
