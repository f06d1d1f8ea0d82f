// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel nodule_training_workload;
const Kernel nodule_training_workload{
    .id = "medical/nodule-training",
    .family = "medical",
    .kernel_class = "conv3d-training",
    .summary = "3D lung-nodule detector (DSB2017), FP32, forward, loss, backward, SGD with momentum, oneDNN",
    .default_shape = "batch=1 d=32 h=32 w=32",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(
          request, {.network = "dsb2017-nodule-detector", .training = true, .loss = LossKind::detector});
    }};

}  // namespace ridgepoint
