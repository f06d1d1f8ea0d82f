// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/sort_kernel.h"

namespace ridgepoint {

extern const Kernel sort_workload;
const Kernel sort_workload{.id = "analytics/sort",
                           .family = "analytics",
                           .kernel_class = "sort",
                           .summary = "64-bit integers in ascending order, by buckets in the cache",
                           .default_shape = "rows=8388608",
                           .prepare = prepare_sort<std::int64_t>};

}  // namespace ridgepoint
