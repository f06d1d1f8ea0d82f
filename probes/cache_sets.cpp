// SPDX-License-Identifier: Apache-2.0
#include "probes/cache_sets.h"

#include <algorithm>

namespace ridgepoint {
namespace {

constexpr std::size_t kPage = 4096 / sizeof(double);
constexpr std::size_t kSkew = 21 * 8;  // 21 lines, about a third of a page

}  // namespace

std::vector<CacheSet> cache_sets(const Topology& topology, int threads) {
  std::vector<CacheSet> sets;
  double inner = 0;
  for (const CacheLevel& level : topology.caches) {
    if (level.size_byte <= 0 || level.name == "memory_side" || level.name == "l1i") continue;
    const int sharers = std::clamp(level.shared_by, 1, std::max(1, threads));
    const double share = level.size_byte / sharers;
    if (inner == 0)
      sets.push_back({level.name, share / 2});
    else if (const double most = 0.75 * share; most >= 1.5 * inner)
      sets.push_back({level.name, std::min(4 * inner, most)});
    inner = std::max(inner, level.size_byte / std::max(1, std::min(level.shared_by, threads)));
  }
  return sets;
}

StreamArgs place_arrays(double* base, double bytes, int arrays) {
  const std::size_t share =
      static_cast<std::size_t>(bytes) / sizeof(double) / static_cast<std::size_t>(arrays);
  const std::size_t n = std::max(kStreamGrain, share / kStreamGrain * kStreamGrain);
  const std::size_t stride = (n + kPage - 1) / kPage * kPage + kSkew;
  StreamArgs args;
  // The last array is the one written; with one or two arrays it is c that follows a at once.
  args.a = base;
  args.b = base + stride;
  args.c = arrays == 1 ? base : base + static_cast<std::size_t>(arrays - 1) * stride;
  args.n = n;
  args.factor = 3;
  return args;
}

std::size_t placed_bytes(double bytes) {
  return static_cast<std::size_t>(bytes) + 3 * (2 * kPage + kSkew + kStreamGrain) * sizeof(double);
}

}  // namespace ridgepoint
