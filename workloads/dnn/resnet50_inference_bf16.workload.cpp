// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel resnet50_inference_bf16_workload;
const Kernel resnet50_inference_bf16_workload{
    .id = "medical/resnet50-inference-bf16",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary = "ResNet-50, pathology tile, BF16, forward, oneDNN",
    .default_shape = "batch=1 h=256 w=256",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(request, {.network = "pathology-resnet50", .element = net::Element::bf16});
    }};

}  // namespace ridgepoint
