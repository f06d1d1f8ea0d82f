// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// A 3D convolution, FP32, batch 1, stride 1, "same" zero padding, odd cubic kernel, no bias.
struct Conv3dShape {
  std::int64_t ic, oc, d, h, w, k;
};

/// Forward convolution through oneDNN, in the library's own blocked layouts; weights are reordered once.
class Conv3d {
 public:
  virtual ~Conv3d() = default;
  /// Runs it once on the given number of threads.
  virtual void execute() = 0;
  /// The implementation oneDNN chose, for example "jit:avx512_core"; "ref:any" is its slow reference.
  virtual std::string implementation() const = 0;
  /// The destination as plain oc x d x h x w.
  virtual std::vector<float> destination() = 0;
};

/// `source` is ic x d x h x w, `weights` oc x ic x k x k x k, both plain. Without oneDNN in the build the
/// answer is an `unavailable` error.
Result<std::unique_ptr<Conv3d>> make_conv3d(const Conv3dShape& shape, int threads,
                                            const std::vector<float>& source,
                                            const std::vector<float>& weights);

}  // namespace ridgepoint
