// SPDX-License-Identifier: Apache-2.0
// Conjugate gradient on the 27-point system of HPCG, without its multigrid or Gauss-Seidel preconditioner.
#include <array>
#include <cmath>

#include "model/core/ports.h"
#include "workloads/roofs.h"
#include "workloads/sparse/spmv.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint {
namespace {

/// A x = b with b = A 1, from x = 0. A product, two inner products and three vector updates an iteration;
/// each member keeps its own rows.
class Solver {
 public:
  Solver(std::shared_ptr<Team> team, std::unique_ptr<Spmv> a, std::array<Buffer, 3> v,
         std::int64_t iterations)
      : team_(std::move(team)),
        a_(std::move(a)),
        x_(std::move(v[0])),
        r_(std::move(v[1])),
        b_(std::move(v[2])),
        iterations_(iterations),
        partial_(static_cast<std::size_t>(team_->size()) * 8) {}

  std::int64_t rows() const { return a_->matrix().rows; }
  const Spmv& product() const { return *a_; }

  void make_right_side() {
    std::fill_n(p(), rows(), 1.0);
    a_->multiply(*team_);
    std::copy_n(q(), rows(), b_.as<double>());
  }

  /// The norm of the residual as the recurrence has it, relative to that of b.
  double solve() {
    double* const x = x_.as<double>();
    double* const r = r_.as<double>();
    const double* const b = b_.as<double>();
    double rr = sum([&](std::size_t i) {
      x[i] = 0;
      r[i] = p()[i] = b[i];
      return b[i] * b[i];
    });
    const double bb = rr;
    for (std::int64_t k = 0; k < iterations_ && rr > 0 && !Interrupt::requested(); ++k) {
      a_->multiply(*team_);
      const double alpha = rr / sum([&](std::size_t i) { return p()[i] * q()[i]; });
      const double next = sum([&](std::size_t i) {
        x[i] += alpha * p()[i];
        r[i] -= alpha * q()[i];
        return r[i] * r[i];
      });
      const double beta = next / rr;
      each([&](std::size_t i) { p()[i] = r[i] + beta * p()[i]; });
      rr = next;
    }
    return std::sqrt(rr / bb);
  }

  /// |b - A x| / |b| in long double, row after row, from the matrix as made.
  double true_residual() const {
    const CsrMatrix& m = a_->matrix();
    long double rr = 0, bb = 0;
    for (std::int64_t row = 0; row < m.rows; ++row) {
      long double left = b_.as<double>()[row];
      bb += left * left;
      for (std::int64_t k = m.pointer()[row]; k < m.pointer()[row + 1]; ++k)
        left -= static_cast<long double>(m.value()[k]) * x_.as<double>()[m.column()[k]];
      rr += left * left;
    }
    return static_cast<double>(std::sqrt(rr / bb));
  }

 private:
  double* p() const { return a_->x(); }
  double* q() const { return a_->y(); }

  template <class Body>
  void each(const Body& body) {
    team_->run([&](int i) {
      const Share s = share_of(static_cast<std::size_t>(rows()), i, team_->size(), 512);
      for (std::size_t k = s.begin; k < s.end; ++k) body(k);
    });
  }

  /// Sum of the terms, member after member, each in four parts.
  template <class Term>
  double sum(const Term& term) {
    team_->run([&](int i) {
      const Share s = share_of(static_cast<std::size_t>(rows()), i, team_->size(), 512);
      std::array<double, 4> part{};
      std::size_t k = s.begin;
      for (; k + 4 <= s.end; k += 4)
        for (std::size_t j = 0; j < 4; ++j) part[j] += term(k + j);
      for (; k < s.end; ++k) part[0] += term(k);
      partial_[static_cast<std::size_t>(i) * 8] = part[0] + part[1] + part[2] + part[3];
    });
    double total = 0;
    for (std::size_t i = 0; i < partial_.size(); i += 8) total += partial_[i];
    return total;
  }

  std::shared_ptr<Team> team_;
  std::unique_ptr<Spmv> a_;
  Buffer x_, r_, b_;
  std::int64_t iterations_;
  std::vector<double> partial_;
};

Result<std::shared_ptr<Solver>> make_solver(const KernelRequest& request, const std::shared_ptr<Team>& team) {
  auto matrix = stencil({.grid = request.shape["grid"]}, request.seed, *team, true);
  if (!matrix) return tl::make_unexpected(matrix.error());
  const auto bytes = static_cast<std::size_t>(matrix->rows) * 8;
  const SpmvPlan plan = choose_plan(*matrix);
  auto a = Spmv::make(std::move(*matrix), plan, *team);
  if (!a) return tl::make_unexpected(a.error());
  auto x = Buffer::make(bytes), r = Buffer::make(bytes), b = Buffer::make(bytes);
  for (const auto* v : {&x, &r, &b})
    if (!*v) return tl::make_unexpected(v->error());
  return std::make_shared<Solver>(team, std::move(*a),
                                  std::array<Buffer, 3>{std::move(*x), std::move(*r), std::move(*b)},
                                  request.shape["iterations"]);
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto size = stencil_size({.grid = request.shape["grid"]});
  if (!size) return tl::make_unexpected(size.error());
  if (request.shape["iterations"] > 1000)
    return fail(ErrorKind::bad_input, "more than 1000 iterations", "the residual is then rounding only",
                "choose iterations=1 to 1000");
  const double bytes = 26.0 * static_cast<double>(size->nonzeros) + 64.0 * static_cast<double>(size->rows);
  if (auto error = too_large(bytes, request)) return tl::make_unexpected(std::move(*error));
  const auto team = std::make_shared<Team>(request.cpus);
  auto made = make_solver(request, team);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<Solver> s = std::move(*made);
  s->make_right_side();
  const double told = s->solve(), found = s->true_residual();

  Prepared out;
  out.verification = {std::abs(told - found) <= 1e-12 && found < 1,
                      "residual b - A x in long double against the recurrence's", std::abs(told - found),
                      1e-12};
  const auto n = static_cast<double>(size->rows), k = static_cast<double>(request.shape["iterations"]);
  // An iteration: the product; p, q of the inner product; x, p, r, q of the updates; r, p of the direction.
  const double read = s->product().read_byte() + 8 * 8 * n, written = s->product().written_byte() + 3 * 8 * n;
  out.cost = {.work_flop = k * (2 * static_cast<double>(size->nonzeros) + 10 * n),
              .read_byte = k * read,
              .written_byte = k * written};
  std::vector<Area> areas;
  for (const auto& [data, length] : s->product().areas()) areas.push_back({data, length});
  out.roof = read_roof(team, std::move(areas), out.cost.read_byte);
  out.working_set_byte = read;
  out.dtype = "fp64";
  out.isa = spmv_isa();
  out.body = [s] { s->solve(); };
  out.trouble = stopped;
  return out;
}

}  // namespace

extern const Kernel cg_workload;
const Kernel cg_workload{.id = "sparse/cg",
                         .family = "sparse",
                         .kernel_class = "conjugate-gradient",
                         .summary = "conjugate gradient, 27-point HPCG system, no preconditioner, FP64",
                         .default_shape = "grid=64 iterations=25",
                         .prepare = prepare};

}  // namespace ridgepoint
