// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/decode.h"

namespace ridgepoint {

extern const Kernel decode_dictionary_workload;
const Kernel decode_dictionary_workload{
    .id = "analytics/decode-dictionary",
    .family = "analytics",
    .kernel_class = "decode",
    .summary = "bit-packed codes looked up in a dictionary and added up",
    .default_shape = "bits=10 rows=33554432",
    .prepare = [](const KernelRequest& request) { return prepare_decode(request, Encoding::dictionary); }};

}  // namespace ridgepoint
