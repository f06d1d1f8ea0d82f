// SPDX-License-Identifier: Apache-2.0
// Our sparse matrix-vector product beside Eigen, SuiteSparse:GraphBLAS and librsb. Parts: stencil, rmat.
// Packages: libeigen3-dev libgraphblas-dev librsb-dev. Links: graphblas rsb, OpenMP.
extern "C" {
#include <GraphBLAS.h>
}
#include <omp.h>
#include <rsb.h>
#include <unistd.h>

#include <Eigen/Sparse>
#include <cmath>
#include <numeric>

#include "model/core/random.h"
#include "tests/peers/record.h"
#include "workloads/roofs.h"
#include "workloads/sparse/graph.h"
#include "workloads/sparse/spmv.h"
#include "workloads/sparse/stencil.h"

namespace ridgepoint::peers {
namespace {

using Vector = std::vector<double>;
using Body = std::function<void()>;

struct Problem {
  const CsrMatrix& m;
  Vector x;
  std::vector<std::int32_t> pointer;  ///< 32-bit, as Eigen and librsb want them

  explicit Problem(const CsrMatrix& matrix)
      : m(matrix), x(static_cast<std::size_t>(m.cols)), pointer(m.pointer(), m.pointer() + m.rows + 1) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = random_unit(9, i) - 0.5;
  }
  double bytes(double per_entry) const {
    return per_entry * static_cast<double>(m.nonzeros) + 8 * static_cast<double>(m.rows + 1 + m.cols);
  }
};

/// One library's product, and its answer after it.
struct Solved {
  Contestant contestant;
  std::function<Vector()> answer;
  double build_s = 0;
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

CsrMatrix copy_of(const CsrMatrix& m) {
  auto c = CsrMatrix::make(m.rows, m.cols, m.nonzeros);
  std::copy_n(m.pointer(), m.rows + 1, c->pointers.as<std::int64_t>());
  std::copy_n(m.column(), m.nonzeros, c->columns.as<std::int32_t>());
  std::copy_n(m.value(), m.nonzeros, c->values.as<double>());
  return std::move(*c);
}

Solved ours(const Problem& p, const SpmvPlan& plan, const std::shared_ptr<Team>& team) {
  const Stopwatch watch;
  const std::shared_ptr<Spmv> s = std::move(*Spmv::make(copy_of(p.m), plan, *team));
  std::copy(p.x.begin(), p.x.end(), s->x());
  const double build = watch.seconds();
  return {{"ours, " + s->plan().name(),
           [s, team] { s->multiply(*team); },
           {},
           show_bytes(s->read_byte()) + " read",
           s->read_byte()},
          [s] { return Vector(s->y(), s->y() + s->matrix().rows); },
          build};
}

Solved eigen(const Problem& p) {
  using Matrix = Eigen::Map<const Eigen::SparseMatrix<double, Eigen::RowMajor, int>>;
  const auto a =
      std::make_shared<Matrix>(p.m.rows, p.m.cols, p.m.nonzeros, p.pointer.data(), p.m.column(), p.m.value());
  const auto y = std::make_shared<Eigen::VectorXd>(p.m.rows);
  const Eigen::Map<const Eigen::VectorXd> x(p.x.data(), p.m.cols);
  return {
      {"Eigen", [a, y, x] { y->noalias() = *a * x; }, {}, "12 B a nonzero, 4 B a row pointer", p.bytes(12)},
      [y] { return Vector(y->data(), y->data() + y->size()); }};
}

Solved graphblas(const Problem& p) {
  const Stopwatch watch;
  const std::vector<GrB_Index> pointer(p.m.pointer(), p.m.pointer() + p.m.rows + 1),
      column(p.m.column(), p.m.column() + p.m.nonzeros);
  const auto rows = static_cast<GrB_Index>(p.m.rows), cols = static_cast<GrB_Index>(p.m.cols),
             n = static_cast<GrB_Index>(p.m.nonzeros);
  GrB_Matrix a = nullptr;
  GrB_Matrix_import_FP64(&a, GrB_FP64, rows, cols, pointer.data(), column.data(), p.m.value(), rows + 1, n, n,
                         GrB_CSR_FORMAT);
  GrB_Matrix_wait(a, GrB_MATERIALIZE);
  std::vector<GrB_Index> index(cols);
  std::iota(index.begin(), index.end(), GrB_Index{0});
  GrB_Vector x = nullptr, y = nullptr;
  GrB_Vector_new(&x, GrB_FP64, cols);
  GrB_Vector_new(&y, GrB_FP64, rows);
  GrB_Vector_build_FP64(x, index.data(), p.x.data(), cols, GrB_PLUS_FP64);
  GrB_Vector_wait(x, GrB_MATERIALIZE);
  const std::shared_ptr<void> hold(nullptr, [a, x, y](void*) mutable {
    GrB_Matrix_free(&a);
    GrB_Vector_free(&x);
    GrB_Vector_free(&y);
  });
  const double build = watch.seconds();
  const auto multiply = [a, x, y, hold] {
    GrB_mxv(y, nullptr, nullptr, GrB_PLUS_TIMES_SEMIRING_FP64, a, x, nullptr);
    GrB_Vector_wait(y, GrB_MATERIALIZE);
  };
  const auto answer = [y, rows, hold] {
    Vector out(rows), values(rows);
    std::vector<GrB_Index> places(rows);
    GrB_Index count = rows;
    GrB_Vector_extractTuples_FP64(places.data(), values.data(), &count, y);
    for (GrB_Index i = 0; i < count; ++i) out[places[i]] = values[i];
    return out;
  };
  return {{"GraphBLAS", multiply, {}, "16 B a nonzero (64-bit columns)", p.bytes(16)}, answer, build};
}

Solved librsb(const Problem& p, int threads) {
  const Stopwatch watch;
  rsb_int_t count = threads;
  rsb_lib_set_opt(RSB_IO_WANT_EXECUTING_THREADS, &count);
  rsb_err_t error = RSB_ERR_NO_ERROR;
  rsb_mtx_t* a = rsb_mtx_alloc_from_csr_const(
      p.m.value(), p.pointer.data(), p.m.column(), static_cast<rsb_nnz_idx_t>(p.m.nonzeros),
      RSB_NUMERICAL_TYPE_DOUBLE, static_cast<rsb_coo_idx_t>(p.m.rows), static_cast<rsb_coo_idx_t>(p.m.cols),
      1, 1, RSB_FLAG_NOFLAGS, &error);
  const auto y = std::make_shared<Vector>(static_cast<std::size_t>(p.m.rows));
  const double one = 1, none = 0;
  rsb_tune_spmm(&a, nullptr, nullptr, 0, 3.0, RSB_TRANSPOSITION_N, &one, nullptr, 1,
                RSB_FLAG_WANT_COLUMN_MAJOR_ORDER, p.x.data(), static_cast<rsb_nnz_idx_t>(p.m.cols), &none,
                y->data(), static_cast<rsb_nnz_idx_t>(p.m.rows));
  const std::shared_ptr<rsb_mtx_t> hold(a, [](rsb_mtx_t* m) { rsb_mtx_free(m); });
  const double build = watch.seconds();
  return {{"librsb, tuned",
           [hold, y, &p] {
             const double alpha = 1, beta = 0;
             rsb_spmv(RSB_TRANSPOSITION_N, &alpha, hold.get(), p.x.data(), 1, &beta, y->data(), 1);
           },
           {},
           "blocks with 16- or 32-bit coordinates: 10 to 16 B a nonzero",
           {}},
          [y] { return *y; },
          build};
}

void compare(const std::string& subject, const CsrMatrix& m, bool gather, const Options& options,
             Record& record) {
  const Problem p(m);
  for (const int threads : options.threads) {
    std::vector<int> cpus = allowed_cpus();
    if (threads > std::ssize(cpus)) {
      record.skip(subject, std::to_string(threads) + " threads on fewer processors");
      continue;
    }
    cpus.resize(static_cast<std::size_t>(threads));
    omp_set_num_threads(threads);
    Eigen::setNbThreads(threads);
    GxB_Global_Option_set(GxB_GLOBAL_NTHREADS, threads);
    const auto team = std::make_shared<Team>(cpus);
    std::vector<Solved> all;
    const SpmvPlan plan = choose_plan(m);
    all.push_back(ours(p, plan, team));
    if (plan.sigma > 0 || plan.hot > 0) all.push_back(ours(p, csr_plan(), team));
    all.push_back(eigen(p));
    all.push_back(graphblas(p));
    all.push_back(librsb(p, threads));
    Match match;
    match.kernel = gather ? "sparse/spmv-rmat" : "sparse/spmv";
    match.subject = subject;
    match.threads = threads;
    match.items = static_cast<double>(m.nonzeros);
    match.item = "nonzero";
    double worst = 0;
    for (Solved& s : all) {
      s.contestant.body();
      worst = std::max(worst, spmv_error(m, p.x.data(), s.answer().data()));
      s.contestant.touches += "; made in " + show_seconds(s.build_s) + " before";
      if (gather) s.contestant.quantity = static_cast<double>(m.nonzeros);
      match.contestants.push_back(s.contestant);
    }
    if (!(worst <= 1e-12)) {
      record.skip(subject, "an answer is wrong: error " + show_number(worst));
      continue;
    }
    match.answer = "all within " + show_number(worst) + " of long double row sums";
    match.roof = gather ? gather_roof(team, {p.x.data(), p.x.size() * 8}, 8, 0)
                        : read_roof(team,
                                    {{m.value(), static_cast<std::size_t>(m.nonzeros) * 8},
                                     {m.column(), static_cast<std::size_t>(m.nonzeros) * 4}},
                                    0);
    record.add(interleave(std::move(match), options.rounds));
  }
}

int run(const Options& options) {
  GrB_init(GrB_NONBLOCKING);
  rsb_lib_init(RSB_NULL_INIT_OPTIONS);
  Record record("sparse", options);
  record.version("Eigen", std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) +
                              "." + std::to_string(EIGEN_MINOR_VERSION));
  record.version("SuiteSparse:GraphBLAS",
                 std::to_string(GxB_IMPLEMENTATION_MAJOR) + "." + std::to_string(GxB_IMPLEMENTATION_MINOR));
  record.version("librsb", RSB_LIBRSB_VER_STRING);
  Team team(allowed_cpus());
  if (options.wants("stencil")) {
    const auto grid = static_cast<std::int64_t>(112 * std::cbrt(options.scale));
    if (const auto m = stencil({.grid = grid}, 1, team))
      compare("27-point stencil, grid " + std::to_string(grid), *m, false, options, record);
    else
      record.skip("27-point stencil", m.error().what);
  }
  if (options.wants("rmat")) {
    const int scale = 20 + static_cast<int>(std::lround(std::log2(options.scale)));
    if (const auto m = adjacency(*rmat_edges(scale, 16, 1, team), 2, team))
      compare("R-MAT, scale " + std::to_string(scale), *m, true, options, record);
    else
      record.skip("R-MAT", m.error().what);
  }
  rsb_lib_exit(RSB_NULL_EXIT_OPTIONS);
  GrB_finalize();
  return record.close();
}

}  // namespace
}  // namespace ridgepoint::peers

int main(int argc, char** argv) {
  // OpenMP of the peers must not spin while another contestant runs; it reads this when it is loaded.
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) {
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::execv("/proc/self/exe", argv);
  }
  return ridgepoint::peers::run(ridgepoint::peers::parse_options(argc, argv, "stencil rmat"));
}
