// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "model/core/result.h"

namespace ridgepoint {

/// Row-major matrices of FP32: c = a b + beta c, where a' (b') means transposed. c has m x n elements, the
/// sum runs over k. One thread, the caller's, through oneDNN.
struct Gemm {
  bool transposed_a = false, transposed_b = false;
  std::size_t m = 0, n = 0, k = 0;
  float beta = 0;
};
/// False where oneDNN refused, or is not there.
bool multiply(const Gemm& shape, const float* a, const float* b, float* c);

/// Nothing, or why there is no `multiply` in this build.
Result<void> gemm_ready();

}  // namespace ridgepoint
