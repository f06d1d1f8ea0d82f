// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_gemm.h"

#include <omp.h>

#include <oneapi/dnnl/dnnl.h>

namespace ridgepoint {

bool multiply(const Gemm& s, const float* a, const float* b, float* c) {
  omp_set_num_threads(1);  // of this thread only: the members of a team multiply side by side
  const auto size = [](std::size_t n) { return static_cast<dnnl_dim_t>(n); };
  return dnnl_sgemm(s.transposed_a ? 'T' : 'N', s.transposed_b ? 'T' : 'N', size(s.m), size(s.n), size(s.k),
                    1, a, size(s.transposed_a ? s.m : s.k), b, size(s.transposed_b ? s.k : s.n), s.beta, c,
                    size(s.n)) == dnnl_success;
}

Result<void> gemm_ready() { return {}; }

}  // namespace ridgepoint
