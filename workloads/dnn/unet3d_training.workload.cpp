// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel unet3d_training_workload;
const Kernel unet3d_training_workload{
    .id = "medical/unet3d-training",
    .family = "medical",
    .kernel_class = "conv3d-training",
    .summary = "3D U-Net (MLPerf KiTS19), FP32, forward, loss, backward, SGD with momentum, oneDNN",
    .default_shape = "batch=1 d=32 h=32 w=32",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(request, {.network = "mlperf-3d-unet-kits19", .training = true});
    }};

}  // namespace ridgepoint
