// SPDX-License-Identifier: Apache-2.0
// Query 6 of q6_scan.workload.cpp over packed columns.
#include "workloads/analytics/q6_table.h"

namespace ridgepoint {

extern const Kernel q6_packed_workload;
const Kernel q6_packed_workload{
    .id = "analytics/q6-packed",
    .family = "analytics",
    .kernel_class = "column-scan",
    .summary = "scan, filter and sum over bit-packed columns, 12 + 4 + 6 + 24 bits a row",
    .default_shape = "rows=67108864",
    .prepare = [](const KernelRequest& request) { return prepare_q6(kQ6PackedForm, request); }};

}  // namespace ridgepoint
