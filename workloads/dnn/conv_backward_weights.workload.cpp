// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/conv_kernel.h"

namespace ridgepoint {

extern const Kernel conv_backward_weights_workload;
const Kernel conv_backward_weights_workload{.id = "medical/conv-backward-weights",
                                            .family = "medical",
                                            .kernel_class = "conv3d-training",
                                            .summary =
                                                "one convolution of a network, FP32, backward weights, "
                                                "oneDNN; shapes in configs/cases/medical-conv.txt",
                                            .default_shape = kConvDefault,
                                            .cases = "medical-conv",
                                            .prepare = [](const KernelRequest& request) {
                                              return prepare_conv(request, Direction::backward_weights);
                                            }};

}  // namespace ridgepoint
