// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/triangles.h"

#include <algorithm>
#include <numeric>

namespace ridgepoint {

Oriented orient(const CsrMatrix& graph) {
  const std::int64_t n = graph.rows;
  const std::int64_t* const p = graph.pointer();
  std::vector<std::int32_t> vertex(static_cast<std::size_t>(n)), rank(static_cast<std::size_t>(n));
  std::iota(vertex.begin(), vertex.end(), 0);
  std::stable_sort(vertex.begin(), vertex.end(),
                   [&](std::int32_t a, std::int32_t b) { return p[a + 1] - p[a] < p[b + 1] - p[b]; });
  for (std::size_t i = 0; i < vertex.size(); ++i)
    rank[static_cast<std::size_t>(vertex[i])] = static_cast<std::int32_t>(i);
  Oriented out;
  out.vertices = n;
  out.pointer.push_back(0);
  for (std::size_t i = 0; i < vertex.size(); ++i) {
    for (std::int64_t k = p[vertex[i]]; k < p[vertex[i] + 1]; ++k)
      if (const std::int32_t to = rank[static_cast<std::size_t>(graph.column()[k])];
          to > static_cast<std::int32_t>(i))
        out.to.push_back(to);
    std::sort(out.to.begin() + out.pointer.back(), out.to.end());
    out.pointer.push_back(std::ssize(out.to));
  }
  out.edges = out.pointer.back();
  out.probes.push_back(0);
  for (std::size_t u = 0; u < vertex.size(); ++u) {
    std::int64_t sum = 0;
    for (std::int64_t k = out.pointer[u]; k < out.pointer[u + 1]; ++k) {
      const auto v = static_cast<std::size_t>(out.to[static_cast<std::size_t>(k)]);
      sum += out.pointer[v + 1] - out.pointer[v];
    }
    out.probes.push_back(out.probes.back() + sum);
  }
  return out;
}

std::int64_t triangles_by_merging(const Oriented& g, std::int64_t begin, std::int64_t end) {
  std::int64_t count = 0;
  const std::int32_t* const to = g.to.data();
  for (auto u = static_cast<std::size_t>(begin); u < static_cast<std::size_t>(end); ++u)
    for (std::int64_t k = g.pointer[u]; k < g.pointer[u + 1]; ++k) {
      const auto v = static_cast<std::size_t>(to[k]);
      std::int64_t a = g.pointer[u], b = g.pointer[v];
      while (a < g.pointer[u + 1] && b < g.pointer[v + 1]) {
        const std::int32_t left = to[a], right = to[b];
        count += left == right ? 1 : 0;
        a += left <= right ? 1 : 0;
        b += right <= left ? 1 : 0;
      }
    }
  return count;
}

}  // namespace ridgepoint
