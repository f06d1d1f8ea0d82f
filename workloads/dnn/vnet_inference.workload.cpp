// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel vnet_inference_workload;
const Kernel vnet_inference_workload{
    .id = "medical/vnet-inference",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary = "V-Net, 3D prostate MR segmentation, FP32, forward, oneDNN",
    .default_shape = "batch=1 d=16 h=32 w=32",
    .prepare = [](const KernelRequest& request) { return prepare_network(request, {.network = "vnet"}); }};

}  // namespace ridgepoint
