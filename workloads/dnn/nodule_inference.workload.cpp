// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel nodule_inference_workload;
const Kernel nodule_inference_workload{.id = "medical/nodule-inference",
                                       .family = "medical",
                                       .kernel_class = "conv3d-inference",
                                       .summary = "3D lung-nodule detector (DSB2017), FP32, forward, oneDNN",
                                       .default_shape = "batch=1 d=48 h=48 w=48",
                                       .prepare = [](const KernelRequest& request) {
                                         return prepare_network(request,
                                                                {.network = "dsb2017-nodule-detector"});
                                       }};

}  // namespace ridgepoint
