// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn.h"

namespace ridgepoint {

Result<std::unique_ptr<Conv3d>> make_conv3d(const Conv3dShape&, int, const std::vector<float>&,
                                            const std::vector<float>&) {
  return fail(ErrorKind::unavailable, "this program was built without oneDNN",
              "the convolution kernel needs it",
              "configure with -DRIDGEPOINT_WITH_ONEDNN=ON (Debian package libdnnl-dev)");
}

}  // namespace ridgepoint
