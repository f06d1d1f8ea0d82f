// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

namespace ridgepoint {

extern const Kernel densenet121_inference_workload;
const Kernel densenet121_inference_workload{.id = "medical/densenet121-inference",
                                            .family = "medical",
                                            .kernel_class = "conv3d-inference",
                                            .summary = "DenseNet-121, chest X-ray, FP32, forward, oneDNN",
                                            .default_shape = "batch=1 h=256 w=256",
                                            .prepare = [](const KernelRequest& request) {
                                              return prepare_network(request,
                                                                     {.network = "chest-densenet121"});
                                            }};

}  // namespace ridgepoint
