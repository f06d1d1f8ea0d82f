// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel unet3d_inference_workload;
const Kernel unet3d_inference_workload{
    .id = "medical/unet3d-inference",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary = "3D U-Net (MLPerf KiTS19), CT kidney segmentation, FP32, forward, oneDNN",
    .default_shape = "batch=1 d=32 h=32 w=32",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(request, {.network = "mlperf-3d-unet-kits19"});
    }};

}  // namespace ridgepoint
