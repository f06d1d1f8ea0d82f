// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times vector on a power-law graph: bound by gathers from x, not by bytes.
#include "workloads/sparse/graph.h"
#include "workloads/sparse/spmv_kernel.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const KernelRequest& request) {
  const std::int64_t scale = request.shape["scale"], factor = request.shape["factor"];
  if (scale > 30 || factor > 1024)
    return fail(ErrorKind::bad_input, "an R-MAT graph needs scale 1 to 30 and factor 1 to 1024",
                "columns are 32-bit", "choose another shape");
  // Making it, then the matrix with a second copy of columns and values in its best format.
  const std::int64_t vertices = std::int64_t{1} << scale, edges = factor << scale;
  const double bytes = adjacency_bytes(vertices, edges) + 16.0 * static_cast<double>(edges);
  if (auto error = too_large(bytes, request)) return tl::make_unexpected(std::move(*error));
  Team team(request.cpus);
  auto matrix = [&]() -> Result<CsrMatrix> {
    const auto drawn = rmat_edges(static_cast<int>(scale), factor, request.seed, team);
    if (!drawn) return tl::make_unexpected(drawn.error());
    return adjacency(*drawn, request.seed + 1, team);
  }();
  if (!matrix) return tl::make_unexpected(matrix.error());
  const SpmvPlan plan = choose_plan(*matrix);
  return prepare_spmv(std::move(*matrix), plan, request, SpmvRoof::gather);
}

}  // namespace

extern const Kernel spmv_rmat_workload;
const Kernel spmv_rmat_workload{
    .id = "sparse/spmv-rmat",
    .family = "sparse",
    .kernel_class = "spmv-graph",
    .summary = "sparse matrix-vector product, R-MAT graph, FP64, bound by gathers",
    .default_shape = "factor=16 scale=20",
    .prepare = prepare};

}  // namespace ridgepoint
