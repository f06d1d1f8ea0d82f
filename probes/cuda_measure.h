// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/probe.h"

// The CUDA half of the probe `cuda`: probes/cuda/ where the build found nvcc, cuda_measure.nocuda.cpp
// elsewhere. Call both in a helper process only: the driver's state does not survive a fork.

namespace ridgepoint {

/// What the devices tell; unavailable with the driver's words where there is none.
ProbeOutcome identify_cuda(const Host& host);
/// One visit.
ProbeOutcome measure_cuda(const ProbeContext& context);

}  // namespace ridgepoint
