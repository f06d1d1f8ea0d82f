// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/conv_case.h"

namespace ridgepoint {

Result<std::unique_ptr<ConvRun>> make_conv_run(const ConvCase&, Direction, int, const ConvData&) {
  return fail(ErrorKind::unavailable, "this program was built without oneDNN",
              "the convolution kernels need it",
              "configure with -DRIDGEPOINT_WITH_ONEDNN=ON (Debian package libdnnl-dev)");
}

}  // namespace ridgepoint
