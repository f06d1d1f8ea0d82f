// SPDX-License-Identifier: Apache-2.0
// Built without nvcc.
#include "probes/cuda_measure.h"
#include "probes/measure.h"

namespace ridgepoint {

ProbeOutcome identify_cuda(const Host&) {
  return give_up(
      {}, ProbeStatus::unavailable,
      {ErrorKind::unavailable, "built without CUDA", "the build found no nvcc that works",
       "install the CUDA toolkit (nvcc) and build again; OpenCL devices are measured by --only opencl"});
}

ProbeOutcome measure_cuda(const ProbeContext& context) { return identify_cuda(context.host); }

}  // namespace ridgepoint
