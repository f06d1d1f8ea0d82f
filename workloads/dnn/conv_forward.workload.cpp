// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/conv_kernel.h"

namespace ridgepoint {

extern const Kernel conv_forward_workload;
const Kernel conv_forward_workload{
    .id = "medical/conv-forward",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary =
        "one convolution of a network, FP32, forward, oneDNN; shapes in configs/cases/medical-conv.txt",
    .default_shape = kConvDefault,
    .cases = "medical-conv",
    .prepare = [](const KernelRequest& request) { return prepare_conv(request, Direction::forward); }};

}  // namespace ridgepoint
