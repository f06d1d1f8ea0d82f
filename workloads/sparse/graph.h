// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/sparse/csr.h"

namespace ridgepoint {

/// Directed edges, row in the high half, column in the low half of each word, as drawn: with duplicates.
struct Edges {
  std::int64_t vertices = 0, count = 0;
  Buffer words;  ///< uint64[count]
};

/// R-MAT (Chakrabarti, Zhan, Faloutsos 2004) with the probabilities of Graph500, 0.57 0.19 0.19 0.05 (to
/// 2^-16), 2^scale vertices whose ids are permuted, `factor` edges a vertex.
Result<Edges> rmat_edges(int scale, std::int64_t factor, std::uint64_t seed, Team& team);

/// Erdős-Rényi: both ends of every edge uniform over all vertices.
Result<Edges> uniform_edges(std::int64_t vertices, std::int64_t count, std::uint64_t seed, Team& team);

/// Every edge in both directions, without loops.
Result<Edges> undirected(const Edges& edges);

/// The adjacency matrix: duplicates dropped, columns ascending, values in [-0.5, 0.5) by row and column. The
/// same whatever the team's size.
Result<CsrMatrix> adjacency(const Edges& edges, std::uint64_t seed, Team& team);

/// Bytes that making an adjacency matrix of so many edges holds at its peak.
double adjacency_bytes(std::int64_t vertices, std::int64_t edges);

}  // namespace ridgepoint
