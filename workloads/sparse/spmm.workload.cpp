// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times a dense one of k columns: the aggregation step of a graph network, the block of a
// solver.
#include <cmath>

#include "workloads/roofs.h"
#include "workloads/sparse/spmm_simd.h"
#include "workloads/sparse/spmv_simd.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

struct Problem {
  std::shared_ptr<Team> team;
  CsrMatrix matrix;
  Buffer b, c;
  std::int64_t k;
  std::vector<std::int64_t> border;

  void multiply() const {
    const SpmmView view{matrix.pointer(), matrix.column(), matrix.value(), b.as<double>(), c.as<double>(), k};
    team->run([&](int i) {
      const auto member = static_cast<std::size_t>(i);
      spmm_rows(view, border[member], border[member + 1]);
    });
  }
};

/// As spmv_error, over all rows and columns.
double worst_error(const Problem& p) {
  double worst = 0;
  for (std::int64_t row = 0; row < p.matrix.rows; ++row)
    for (std::int64_t j = 0; j < p.k; ++j) {
      long double sum = 0, size = 0;
      for (std::int64_t at = p.matrix.pointer()[row]; at < p.matrix.pointer()[row + 1]; ++at) {
        const long double term = static_cast<long double>(p.matrix.value()[at]) *
                                 p.b.as<double>()[p.matrix.column()[at] * p.k + j];
        sum += term;
        size += std::abs(term);
      }
      const auto off =
          static_cast<double>(std::abs(sum - static_cast<long double>(p.c.as<double>()[row * p.k + j])));
      worst = std::max(worst, std::isnan(off) ? HUGE_VAL : size > 0 ? off / static_cast<double>(size) : off);
    }
  return worst;
}

Result<Prepared> prepare(const KernelRequest& request) {
  const StencilShape shape{.grid = request.shape["grid"]};
  const std::int64_t k = request.shape["k"];
  const auto size = stencil_size(shape);
  if (!size) return tl::make_unexpected(size.error());
  const auto rows = static_cast<double>(size->rows), nonzeros = static_cast<double>(size->nonzeros),
             width = static_cast<double>(k);
  if (auto error = too_large(12 * nonzeros + (8 + 16 * width) * rows, request))
    return tl::make_unexpected(std::move(*error));
  const auto team = std::make_shared<Team>(request.cpus);
  auto matrix = stencil(shape, request.seed, *team);
  if (!matrix) return tl::make_unexpected(matrix.error());
  auto b = random_vector(size->rows * k, request.seed + 9, *team),
       c = random_vector(size->rows * k, request.seed + 10, *team);
  for (const auto* v : {&b, &c})
    if (!*v) return tl::make_unexpected(v->error());
  auto border = balanced_rows(matrix->pointer(), matrix->rows, team->size());
  const auto p = std::make_shared<Problem>(
      Problem{team, std::move(*matrix), std::move(*b), std::move(*c), k, std::move(border)});
  p->multiply();

  Prepared out;
  const double error = worst_error(*p), tolerance = 1e-12;
  out.verification = {error <= tolerance, "long double sums over all rows and columns, relative to sum |a b|",
                      error, tolerance};
  out.cost = {.work_flop = 2 * width * nonzeros,
              .read_byte = 12 * nonzeros + 8 * (rows + 1) + 8 * width * rows,
              .written_byte = 8 * width * rows};
  const auto& m = p->matrix;
  out.roof = read_roof(team,
                       {{m.values.as<void>(), m.values.bytes()},
                        {m.columns.as<void>(), m.columns.bytes()},
                        {p->b.as<void>(), p->b.bytes()}},
                       out.cost.read_byte + out.cost.written_byte);
  out.working_set_byte = out.cost.read_byte + out.cost.written_byte;
  out.dtype = "fp64";
  out.isa = spmv_isa();
  out.body = [p] { p->multiply(); };
  return out;
}

}  // namespace

extern const Kernel spmm_workload;
const Kernel spmm_workload{.id = "sparse/spmm",
                           .family = "sparse",
                           .kernel_class = "spmm",
                           .summary = "sparse matrix times k dense columns, CSR, 27-point stencil, FP64",
                           .default_shape = "grid=48 k=32",
                           .prepare = prepare};

}  // namespace ridgepoint
