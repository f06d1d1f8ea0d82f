// SPDX-License-Identifier: Apache-2.0
// Query 6 of q6_scan.workload.cpp over narrow columns.
#include "workloads/analytics/q6_table.h"

namespace ridgepoint {

extern const Kernel q6_narrow_workload;
const Kernel q6_narrow_workload{
    .id = "analytics/q6-narrow",
    .family = "analytics",
    .kernel_class = "column-scan",
    .summary = "scan, filter and sum over four columns of 2, 1, 1 and 4 bytes a row",
    .default_shape = "rows=67108864",
    .prepare = [](const KernelRequest& request) { return prepare_q6(kQ6Narrow, request); }};

}  // namespace ridgepoint
