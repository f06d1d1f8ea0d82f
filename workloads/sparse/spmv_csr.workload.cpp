// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times vector, CSR, on a 27-point stencil.
#include "workloads/sparse/spmv_kernel.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const KernelRequest& request) {
  const StencilShape shape{.grid = request.shape["grid"]};
  const auto size = stencil_size(shape);
  if (!size) return tl::make_unexpected(size.error());
  const double bytes = 12.0 * static_cast<double>(size->nonzeros) + 40.0 * static_cast<double>(size->rows);
  if (auto error = too_large(bytes, request)) return tl::make_unexpected(std::move(*error));
  Team team(request.cpus);
  auto matrix = stencil(shape, request.seed, team);
  if (!matrix) return tl::make_unexpected(matrix.error());
  return prepare_spmv(std::move(*matrix), csr_plan(), request, SpmvRoof::read);
}

}  // namespace

extern const Kernel spmv_csr_workload;
const Kernel spmv_csr_workload{.id = "sparse/spmv-csr",
                               .family = "sparse",
                               .kernel_class = "spmv",
                               .summary = "sparse matrix-vector product, CSR, 27-point stencil, FP64",
                               .default_shape = "grid=96",
                               .starter = true,
                               .prepare = prepare};

}  // namespace ridgepoint
