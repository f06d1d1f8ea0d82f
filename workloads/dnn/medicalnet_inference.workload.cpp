// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel medicalnet_inference_workload;
const Kernel medicalnet_inference_workload{
    .id = "medical/medicalnet10-inference",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary = "MedicalNet ResNet-10, 3D segmentation, FP32, forward, oneDNN",
    .default_shape = "batch=1 d=32 h=32 w=32",
    .prepare = [](const KernelRequest& request) {
      return prepare_network(request, {.network = "medicalnet-resnet10"});
    }};

}  // namespace ridgepoint
