// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/decode.h"

namespace ridgepoint {

extern const Kernel decode_runs_workload;
const Kernel decode_runs_workload{
    .id = "analytics/decode-runs",
    .family = "analytics",
    .kernel_class = "decode",
    .summary = "run-length encoded numbers expanded and added up",
    .default_shape = "rows=67108864",
    .prepare = [](const KernelRequest& request) { return prepare_decode(request, Encoding::runs); }};

}  // namespace ridgepoint
