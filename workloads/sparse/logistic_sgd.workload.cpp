// SPDX-License-Identifier: Apache-2.0
// Sparse logistic regression by stochastic gradient descent.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "workloads/sparse/click_learner.h"

namespace ridgepoint {
namespace {

void start(void* slots, std::size_t, std::size_t count, std::uint64_t) { std::memset(slots, 0, count * 4); }

void train(void* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first) {
  sgd_rows(static_cast<std::uint32_t*>(slots), rows, begin, end, first);
}

double value(const ClickView& rows, std::size_t row, std::size_t k) {
  return k < kNumericFields ? double{rows.values[row * kNumericFields + k]} : 1;
}

double logit(const void* slots, const ClickView& rows, std::size_t row) {
  double sum = 0;
  for (std::size_t k = 0; k < kRowEntries; ++k)
    sum += double{static_cast<const float*>(slots)[rows.ids[row * kRowEntries + k]]} * value(rows, row, k);
  return sum;
}

double slow_difference(const void* slots, const ClickView& rows, std::size_t count, std::uint64_t) {
  std::unordered_map<std::uint32_t, double> model;
  for (std::size_t row = 0; row < count; ++row) {
    const std::uint32_t* const ids = rows.ids + row * kRowEntries;
    double sum = 0, old[kRowEntries];
    for (std::size_t k = 0; k < kRowEntries; ++k) sum += (old[k] = model[ids[k]]) * value(rows, row, k);
    const double slope = double{sgd_step(row)} * (1 / (1 + std::exp(-sum)) - rows.labels[row]);
    for (std::size_t k = 0; k < kRowEntries; ++k) model[ids[k]] = old[k] - slope * value(rows, row, k);
  }
  double worst = 0;
  for (const auto& [id, w] : model)
    worst = std::max(worst,
                     std::abs(double{static_cast<const float*>(slots)[id]} - w) / std::max(1.0, std::abs(w)));
  return worst;
}

const ClickLearner kLearner{.slot_byte = 4,
                            .row_flop = 4 * kRowEntries + 20,
                            .largest_excess = 0.02,
                            .start = start,
                            .train = train,
                            .logit = logit,
                            .slow_difference = slow_difference};

Result<Prepared> prepare(const KernelRequest& request) { return prepare_learner(kLearner, request); }

}  // namespace

extern const Kernel logistic_sgd_workload;
const Kernel logistic_sgd_workload{
    .id = "sparse/logistic-sgd",
    .family = "sparse",
    .kernel_class = "sparse-sgd",
    .summary = "sparse logistic regression by gradient descent, 39 hashed entries a row (mode=2: Hogwild)",
    .default_shape = "bits=22 epochs=3 mode=2 rows=262144 step=65536 zipf=110",
    .prepare = prepare};

}  // namespace ridgepoint
