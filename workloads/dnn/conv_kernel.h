// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/dnn/conv_case.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// enc0.1 of the 3D U-Net at a quarter of its extents; configs/cases/medical-conv.txt has the others.
constexpr const char* kConvDefault =
    "batch=1 border=1 d=32 dilation=1 groups=1 h=32 ic=32 kd=3 kh=3 kw=3 oc=32 stride=1 w=32";

Result<Prepared> prepare_conv(const KernelRequest& request, Direction direction);

}  // namespace ridgepoint
