// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times vector in the format that fits the matrix: the user's, or a stencil.
#include "workloads/sparse/matrix_market.h"
#include "workloads/sparse/spmv_kernel.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

Result<CsrMatrix> given_or_made(const KernelRequest& request) {
  if (!request.input.empty()) return read_matrix_market(request.input, request.memory_limit_byte);
  const StencilShape shape{.points = static_cast<int>(std::min<std::int64_t>(request.shape["points"], 99)),
                           .grid = request.shape["grid"],
                           .window = request.shape["shuffle"]};
  const auto size = stencil_size(shape);
  if (!size) return tl::make_unexpected(size.error());
  // The matrix as made and in its format, and the vectors.
  const double bytes = 26.0 * static_cast<double>(size->nonzeros) + 40.0 * static_cast<double>(size->rows);
  if (auto error = too_large(bytes, request)) return tl::make_unexpected(std::move(*error));
  Team team(request.cpus);
  return stencil(shape, request.seed, team);
}

Result<Prepared> prepare(const KernelRequest& request) {
  auto matrix = given_or_made(request);
  if (!matrix) return tl::make_unexpected(matrix.error());
  if (matrix->nonzeros == 0)
    return fail(ErrorKind::bad_input, "the matrix has no entries", "there is nothing to time",
                "give another one");
  const SpmvPlan plan = choose_plan(*matrix);
  const double beside = plan.sigma > 0 ? 12.0 * plan.fill : 4.0;
  const double bytes = matrix->bytes() + beside * static_cast<double>(matrix->nonzeros) +
                       16.0 * static_cast<double>(matrix->rows + matrix->cols);
  if (auto error = too_large(bytes, request)) return tl::make_unexpected(std::move(*error));
  return prepare_spmv(std::move(*matrix), plan, request, plan.hot > 0 ? SpmvRoof::gather : SpmvRoof::read);
}

}  // namespace

extern const Kernel spmv_workload;
const Kernel spmv_workload{
    .id = "sparse/spmv",
    .family = "sparse",
    .kernel_class = "spmv",
    .summary = "sparse matrix-vector product, format chosen by the matrix (CSR, SELL), FP64",
    .default_shape = "grid=96 points=27 shuffle=1",
    .input = "matrix",
    .prepare = prepare};

}  // namespace ridgepoint
