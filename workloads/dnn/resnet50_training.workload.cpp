// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel resnet50_training_workload;
const Kernel resnet50_training_workload{
    .id = "medical/resnet50-training",
    .family = "medical",
    .kernel_class = "conv3d-training",
    .summary = "ResNet-50, pathology tiles, FP32, forward, loss, backward, SGD with momentum, oneDNN",
    .default_shape = "batch=2 h=128 w=128",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(request, {.network = "pathology-resnet50", .training = true});
    }};

}  // namespace ridgepoint
