// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times sparse matrix: the square of an R-MAT graph.
#include "workloads/sparse/spgemm.h"
#include "workloads/roofs.h"
#include "workloads/sparse/graph.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const KernelRequest& request) {
  const std::int64_t scale = request.shape["scale"], factor = request.shape["factor"];
  if (scale > 24 || factor > 1024)
    return fail(ErrorKind::bad_input, "an R-MAT graph needs scale 1 to 24 and factor 1 to 1024 here", "",
                "choose another shape");
  if (auto error = too_large(adjacency_bytes(std::int64_t{1} << scale, factor << scale), request))
    return tl::make_unexpected(std::move(*error));
  const auto team = std::make_shared<Team>(request.cpus);
  const auto drawn = rmat_edges(static_cast<int>(scale), factor, request.seed, *team);
  if (!drawn) return tl::make_unexpected(drawn.error());
  auto a = adjacency(*drawn, request.seed + 1, *team);
  if (!a) return tl::make_unexpected(a.error());
  auto made = Spgemm::square(std::move(*a), request.memory_limit_byte, *team);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<Spgemm> s = std::move(*made);
  s->multiply(*team);
  if (auto error = stopped()) return tl::make_unexpected(std::move(*error));

  Prepared out;
  const double error = spgemm_error(s->a(), s->c()), tolerance = 1e-12;
  out.verification = {error <= tolerance,
                      "ordered maps on every 97th row, and C x = A (A x) over all rows, long double", error,
                      tolerance};
  const auto products = static_cast<double>(s->products());
  out.cost = {
      .work_flop = 2 * products, .read_byte = 16 * products + s->a().bytes(), .written_byte = s->c().bytes()};
  const CsrMatrix& b = s->a();
  out.roof =
      read_roof(team, {{b.values.as<void>(), b.values.bytes()}, {b.columns.as<void>(), b.columns.bytes()}},
                16 * products);
  out.working_set_byte = b.bytes() + s->c().bytes();
  out.dtype = "fp64";
  out.isa = "scalar";
  out.body = [s, team] { s->multiply(*team); };
  out.trouble = stopped;
  return out;
}

}  // namespace

extern const Kernel spgemm_workload;
const Kernel spgemm_workload{
    .id = "sparse/spgemm",
    .family = "sparse",
    .kernel_class = "spgemm",
    .summary = "sparse matrix times itself, Gustavson with hashed or dense sums, R-MAT, FP64",
    .default_shape = "factor=8 scale=14",
    .prepare = prepare};

}  // namespace ridgepoint
