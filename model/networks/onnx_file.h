// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/core/result.h"
#include "model/networks/graph.h"

namespace ridgepoint {

struct OnnxRequest {
  std::string path;
  net::Shape input = {};                          ///< shape of the first input; empty = as in the file
  std::map<std::string, std::int64_t> axes = {};  ///< extents of the axes that the file leaves free
};

/// Was this program built with the ONNX reader?
bool onnx_file_available();

/// The graph of a file of opset 17 or older. Weights are measured, not loaded; data outside the file is never
/// opened. A file that is not ONNX, is cut off, too large or has operators without a rule is bad_input.
Result<net::Graph> read_onnx_file(const OnnxRequest& request);

}  // namespace ridgepoint
