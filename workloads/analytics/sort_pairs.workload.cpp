// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/sort_kernel.h"

namespace ridgepoint {

extern const Kernel sort_pairs_workload;
const Kernel sort_pairs_workload{.id = "analytics/sort-pairs",
                                 .family = "analytics",
                                 .kernel_class = "sort",
                                 .summary = "64-bit keys with 64-bit payloads in ascending order",
                                 .default_shape = "rows=4194304",
                                 .prepare = prepare_sort<KeyPayload>};

}  // namespace ridgepoint
