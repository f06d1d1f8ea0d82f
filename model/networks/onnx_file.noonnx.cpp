// SPDX-License-Identifier: Apache-2.0
#include "model/networks/onnx_file.h"

namespace ridgepoint {

bool onnx_file_available() { return false; }

Result<net::Graph> read_onnx_file(const OnnxRequest& request) {
  return fail(ErrorKind::unavailable, "cannot read '" + printable(request.path) + "'",
              "this program was built without the ONNX reader",
              "install libonnx-dev and configure again, or name a built-in network");
}

}  // namespace ridgepoint
