// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/core/ports.h"

namespace ridgepoint {

/// How near two processing units are.
enum class Nearness { smt_siblings, same_package, other_package, unknown };

/// Where a processing unit is, from sys/devices/system/cpu/cpu<n>/topology. Empty lists and -1: not told.
struct CpuPlace {
  int cpu = 0;
  std::vector<int> siblings;  ///< threads of its core, itself too
  std::vector<int> cluster;   ///< cores that share a cache below the last level, itself too
  int package = -1;
};

CpuPlace place_of(const Host& host, int cpu);
Nearness nearness(const CpuPlace& a, const CpuPlace& b);

struct PairPlan {
  std::vector<std::pair<int, int>> pairs;
  std::vector<int> cpus;  ///< that take part
  std::vector<int> left_out;
  std::string rule;  ///< "all", "one per core", "one per cluster", "every 4th"
};

/// All pairs of the processors, or of as many as keep within `most_pairs` and 64 processors: first one a core
/// is kept, then one a cluster, then every n-th; and then one pair of threads of one core.
PairPlan plan_pairs(const std::vector<CpuPlace>& places, std::size_t most_pairs);

}  // namespace ridgepoint
