// SPDX-License-Identifier: Apache-2.0
// A columnar scan-filter-aggregate in the manner of TPC-H query 6.
#include "workloads/analytics/q6_table.h"

namespace ridgepoint {

extern const Kernel q6_scan_workload;
const Kernel q6_scan_workload{
    .id = "analytics/q6-scan",
    .family = "analytics",
    .kernel_class = "column-scan",
    .summary = "scan, filter and sum over four columns, 28 bytes a row",
    .default_shape = "rows=16777216",
    .starter = true,
    .prepare = [](const KernelRequest& request) { return prepare_q6(kQ6Wide, request); }};

}  // namespace ridgepoint
