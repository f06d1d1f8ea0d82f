// SPDX-License-Identifier: Apache-2.0
// A recommendation model: embedding rows far beyond the caches and dense layers, forward or a training step.
#include "workloads/sparse/dlrm.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <utility>

#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/dnn/onednn_gemm.h"
#include "workloads/kernel.h"
#include "workloads/sparse/click_rows.h"
#include "workloads/sparse/embedding_simd.h"
#include "workloads/sparse/reuse.h"
#include "workloads/sparse/row_roof.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBatches = 16, kCheckedRows = 16, kNudges = 16;
constexpr double kNudge = 1e-4;

double mean_loss(const DlrmRows& rows, const std::vector<double>& logits) {
  double sum = 0;
  for (std::size_t r = 0; r < logits.size(); ++r) sum += log_loss(logits[r], rows.label[r] != 0);
  return sum / static_cast<double>(logits.size());
}

/// Of the logits: largest difference relative to 1 + size.
double logit_error(const Dlrm& d, const std::vector<double>& slow) {
  double worst = 0;
  for (std::size_t r = 0; r < slow.size(); ++r)
    worst = std::max(worst, std::abs(double{d.logits()[r]} - slow[r]) / (1 + std::abs(slow[r])));
  return worst;
}

/// Of the gradients of the first rows' mean loss: largest difference from a central finite difference of the
/// slow reference, relative to the largest of the gradients looked at. Half of them are of embeddings.
double gradient_error(const DlrmModel& m, const DlrmRows& rows, std::size_t n, std::uint64_t seed) {
  DlrmSlice slice(n);
  std::vector<float> logits(n), dense(dlrm_parameters()), embeddings(n * kDlrmTables * kDlrmDim);
  if (!slice.forward(m, rows, 0, n, logits.data()) ||
      !slice.backward(m, rows, 0, n, static_cast<double>(n), dense.data(), embeddings.data()))
    return double{INFINITY};
  double worst = 0, largest = 0;
  for (std::size_t k = 0; k < kNudges; ++k) {
    DlrmNudge nudge{k % 2 == 1, 0, kNudge};
    double fast = 0;
    if (nudge.in_table) {
      const std::size_t t = random_below(seed + 50, k, kDlrmTables), c = random_below(seed + 51, k, kDlrmDim);
      const std::uint32_t id = rows.ids[t];
      nudge.index = (t * m.table_rows + id) * kDlrmDim + c;
      for (std::size_t r = 0; r < n; ++r)
        if (rows.ids[r * kDlrmTables + t] == id)
          fast += double{embeddings[(r * kDlrmTables + t) * kDlrmDim + c]};
    } else {
      nudge.index = random_below(seed + 52, k, static_cast<std::uint32_t>(dense.size()));
      fast = double{dense[nudge.index]};
    }
    const double up = mean_loss(rows, dlrm_slow_logits(m, rows, n, nudge));
    nudge.by = -kNudge;
    const double down = mean_loss(rows, dlrm_slow_logits(m, rows, n, nudge)),
                 slope = (up - down) / (2 * kNudge);
    worst = std::max(worst, std::abs(fast - slope));
    largest = std::max(largest, std::abs(slope));
  }
  return worst / largest;
}

double weight_count() {
  double sum = 0;
  for (const auto* net : {&dlrm_bottom(), &dlrm_top()})
    for (const DenseLayer& l : *net) sum += static_cast<double>(l.in * l.out);
  return sum;
}

KernelCost cost_of(const Dlrm& d, std::size_t batch, bool training) {
  const auto rows = static_cast<double>(batch), first = 2.0 * kDlrmNumbers * 512,
             forward = 2 * weight_count() + 2.0 * kDlrmPairs * kDlrmDim;
  const std::size_t accesses = std::min<std::size_t>(d.rows().ids.size(), 1 << 20);
  const double cold =
      static_cast<double>(cold_accesses(
          accesses, kDlrmTables * d.model().table_rows, 256,
          [&](std::size_t k) { return k % kDlrmTables * d.model().table_rows + d.rows().ids[k]; })) /
      static_cast<double>(accesses) * kDlrmTables * rows;
  const double row_byte = 4 * (kDlrmNumbers + kDlrmTables) + 1;
  return {.work_flop = rows * (training ? 3 * forward - first : forward),
          .read_byte = rows * row_byte + 256 * cold + 4 * static_cast<double>(dlrm_parameters()),
          .written_byte = training ? 256 * cold + 4 * static_cast<double>(dlrm_parameters()) : 4 * rows,
          .random_access = 4 * cold};
}

Result<void> check_shape(const KernelRequest& request) {
  const Shape& s = request.shape;
  if (s["rows"] > 1 << 24 || s["batch"] > 1 << 16 || s["mode"] > 2)
    return fail(ErrorKind::bad_input, "this shape is out of range",
                "rows is at most 2^24, batch at most 65536, mode 1 (forward) or 2 (a training step)",
                "see ridgepoint run --list for the default");
  const double bytes =
      static_cast<double>(s["rows"]) * kDlrmTables * kDlrmDim * 4 +
      static_cast<double>(s["batch"]) * (kDlrmTables * kDlrmDim * 4 + kBatches * 160.0 +
                                         static_cast<double>(dlrm_parameters()) * 4 / kDlrmSliceRows) +
      static_cast<double>(request.cpus.size()) * kDlrmSliceRows * 30000;
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "tables and rows need " + show_number(bytes) + " B, the limit is " +
                    show_number(request.memory_limit_byte) + " B",
                "", "raise --memory or choose fewer rows");
  return gemm_ready();
}

Result<Prepared> prepare(const KernelRequest& request) {
  if (const auto good = check_shape(request); !good) return tl::make_unexpected(good.error());
  const auto table_rows = static_cast<std::size_t>(request.shape["rows"]),
             batch = static_cast<std::size_t>(request.shape["batch"]);
  const auto team = std::make_shared<Team>(request.cpus);
  auto model = dlrm_model(table_rows, request.seed, *team);
  if (!model) return tl::make_unexpected(model.error());
  auto rows =
      dlrm_rows(kBatches * batch, table_rows, static_cast<double>(request.shape["zipf"]) / 100, request.seed);
  auto made = Dlrm::make(team, std::move(*model), std::move(rows), batch);
  if (!made) return tl::make_unexpected(made.error());
  const auto d = std::make_shared<Dlrm>(std::move(*made));

  Prepared p;
  const bool training = request.shape["mode"] == 2;
  const std::size_t n = std::min(kCheckedRows, batch);
  constexpr double kTolerance = 1e-3;
  const auto slow = dlrm_slow_logits(d->model(), d->rows(), n);
  double error = d->score() ? logit_error(*d, slow) : double{INFINITY};
  std::string reference = "FP64 logits of " + std::to_string(n) + " rows";
  if (training) {
    error = std::max(error, gradient_error(d->model(), d->rows(), n, request.seed));
    reference += ", and finite differences of their loss by " + std::to_string(kNudges) + " parameters";
  }
  p.verification = {error <= kTolerance, std::move(reference), error, kTolerance};
  p.cost = cost_of(*d, batch, training);
  p.working_set_byte =
      static_cast<double>(d->model().tables.bytes()) + 4 * static_cast<double>(dlrm_parameters());
  p.dtype = "fp32";
  p.isa = embedding_isa();
  p.roof = random_row_roof(team, {d->model().tables.as<std::byte>(), d->model().tables.bytes()}, 4,
                           *p.cost.random_access);
  const auto failed = std::make_shared<std::atomic<bool>>(false);
  p.body = [d, training, failed] {
    if (!(training ? d->train() : d->score())) *failed = true;
  };
  p.trouble = [failed]() -> std::optional<Error> {
    if (!*failed) return std::nullopt;
    return Error{ErrorKind::unavailable, "oneDNN refused a matrix product", "",
                 "try fewer rows at once (batch)"};
  };
  return p;
}

}  // namespace

extern const Kernel dlrm_workload;
const Kernel dlrm_workload{
    .id = "sparse/dlrm",
    .family = "sparse",
    .kernel_class = "recommendation",
    .summary =
        "recommendation model: 26 embedding tables, pairwise dots, dense layers (mode=1 forward, 2 training)",
    .default_shape = "batch=2048 mode=2 rows=100000 zipf=105",
    .prepare = prepare};

}  // namespace ridgepoint
