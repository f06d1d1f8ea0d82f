// SPDX-License-Identifier: Apache-2.0
// Sparse matrix times vector, CSR, on a 27-point stencil.
#include <cmath>
#include <memory>

#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/sparse/csr.h"

namespace ridgepoint {
namespace {

struct Problem {
  Team team;
  CsrMatrix matrix;
  Buffer x, y;
  std::vector<std::int64_t> border;
};

void multiply(Problem& p) {
  p.team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    spmv_rows(p.matrix, p.x.as<double>(), p.y.as<double>(), p.border[k], p.border[k + 1]);
  });
}

/// Largest |y - y_ref| over all rows, relative to sum |a_ij x_j| of the row: a bound that cancellation cannot
/// hide.
double worst_error(const Problem& p) {
  const auto* pointer = p.matrix.pointers.as<std::int64_t>();
  double worst = 0;
  for (std::int64_t row = 0; row < p.matrix.rows; ++row) {
    long double sum = 0, size = 0;
    for (std::int64_t k = pointer[row]; k < pointer[row + 1]; ++k) {
      const long double term = static_cast<long double>(p.matrix.values.as<double>()[k]) *
                               p.x.as<double>()[p.matrix.columns.as<std::int32_t>()[k]];
      sum += term;
      size += std::abs(term);
    }
    if (size > 0) worst = std::max(worst, static_cast<double>(std::abs(sum - p.y.as<double>()[row]) / size));
  }
  return worst;
}

Result<Prepared> prepare(const KernelRequest& request) {
  Team team(request.cpus);  // a Team cannot move: this one makes the matrix, the problem has its own
  auto matrix = stencil27(request.shape["grid"], request.seed, team);
  if (!matrix) return tl::make_unexpected(matrix.error());
  const auto vector_bytes = static_cast<std::size_t>(matrix->rows) * sizeof(double);
  auto x = Buffer::make(vector_bytes), y = Buffer::make(vector_bytes);
  for (const auto* b : {&x, &y})
    if (!*b) return tl::make_unexpected(b->error());
  auto border = balanced_rows(*matrix, team.size());
  const auto p = std::shared_ptr<Problem>(
      new Problem{Team(request.cpus), std::move(*matrix), std::move(*x), std::move(*y), std::move(border)});
  p->team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::int64_t row = p->border[k]; row < p->border[k + 1]; ++row) {
      p->x.as<double>()[row] = random_unit(request.seed + 9, static_cast<std::uint64_t>(row)) - 0.5;
      p->y.as<double>()[row] = 0;
    }
  });
  multiply(*p);

  Prepared out;
  const double error = worst_error(*p), tolerance = 64 * 0x1.0p-53;
  out.verification = {error <= tolerance, "long double row sums over all rows, error relative to sum |a x|",
                      error, tolerance};
  const auto nnz = static_cast<double>(p->matrix.nonzeros), rows = static_cast<double>(p->matrix.rows);
  out.cost = {
      .work_flop = 2 * nnz, .read_byte = 12 * nnz + 8 * (rows + 1) + 8 * rows, .written_byte = 8 * rows};
  out.working_set_byte = out.cost.read_byte + out.cost.written_byte;
  out.dtype = "fp64";
  out.isa = "scalar";
  out.body = [p] { multiply(*p); };
  return out;
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
