// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/networks/graph.h"
#include "workloads/shape.h"

namespace ridgepoint {

enum class Direction { forward, backward_data, backward_weights };

/// One convolution without bias, FP32. Two-dimensional where d and kd are 1.
struct ConvCase {
  net::Shape source, destination, weights;  ///< weights: out, in / groups, kernel
  net::Window window;
  std::int64_t groups = 1;
  double macs = 0;
};

/// Keys: batch ic oc d h w kd kh kw stride dilation groups border; border 1 pads so that stride 1 keeps the
/// extents, 2 pads nothing.
Result<ConvCase> conv_case(const Shape& shape);

/// One direction through oneDNN in the library's own layouts, data laid out beforehand.
class ConvRun {
 public:
  virtual ~ConvRun() = default;
  virtual void execute() = 0;
  virtual std::string implementation() const = 0;
  /// What the direction makes, in plain layout: destination, source's gradient or weights' gradient.
  virtual std::vector<float> result() = 0;
};

/// What the direction reads, in plain layouts: source and weights; the destination's gradient and weights;
/// source and the destination's gradient.
struct ConvData {
  std::vector<float> source, weights, destination;
};

Result<std::unique_ptr<ConvRun>> make_conv_run(const ConvCase& which, Direction direction, int threads,
                                               const ConvData& data);

}  // namespace ridgepoint
