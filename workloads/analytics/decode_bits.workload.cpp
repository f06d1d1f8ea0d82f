// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/decode.h"

namespace ridgepoint {

extern const Kernel decode_bits_workload;
const Kernel decode_bits_workload{
    .id = "analytics/decode-bits",
    .family = "analytics",
    .kernel_class = "decode",
    .summary = "bit-packed numbers unpacked and added up",
    .default_shape = "bits=12 rows=67108864",
    .prepare = [](const KernelRequest& request) { return prepare_decode(request, Encoding::bits); }};

}  // namespace ridgepoint
