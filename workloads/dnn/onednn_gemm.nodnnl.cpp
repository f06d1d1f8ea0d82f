// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_gemm.h"

namespace ridgepoint {

bool multiply(const Gemm&, const float*, const float*, float*) { return false; }

Result<void> gemm_ready() {
  return fail(ErrorKind::unavailable, "this program was built without oneDNN", "the dense layers need it",
              "configure with -DRIDGEPOINT_WITH_ONEDNN=ON (Debian package libdnnl-dev)");
}

}  // namespace ridgepoint
