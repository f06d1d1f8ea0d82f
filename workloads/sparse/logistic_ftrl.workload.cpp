// SPDX-License-Identifier: Apache-2.0
// Sparse logistic regression by FTRL-Proximal.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "workloads/sparse/click_learner.h"

namespace ridgepoint {
namespace {

struct Slot {
  double z = 0, n = 0;
};

void start(void* slots, std::size_t, std::size_t count, std::uint64_t) { std::memset(slots, 0, count * 8); }

void train(void* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t) {
  ftrl_rows(static_cast<std::uint64_t*>(slots), rows, begin, end);
}

double value(const ClickView& rows, std::size_t row, std::size_t k) {
  return k < kNumericFields ? double{rows.values[row * kNumericFields + k]} : 1;
}

Slot slot_at(const void* slots, std::uint32_t id) {
  const float* const p = static_cast<const float*>(slots) + std::size_t{id} * 2;
  return {double{p[0]}, double{p[1]}};
}

double logit(const void* slots, const ClickView& rows, std::size_t row) {
  double sum = 0;
  for (std::size_t k = 0; k < kRowEntries; ++k) {
    const Slot s = slot_at(slots, rows.ids[row * kRowEntries + k]);
    sum += ftrl_weight(s.z, s.n) * value(rows, row, k);
  }
  return sum;
}

double slow_difference(const void* slots, const ClickView& rows, std::size_t count, std::uint64_t) {
  std::unordered_map<std::uint32_t, Slot> model;
  for (std::size_t row = 0; row < count; ++row) {
    const std::uint32_t* const ids = rows.ids + row * kRowEntries;
    double sum = 0;
    Slot old[kRowEntries];
    for (std::size_t k = 0; k < kRowEntries; ++k) {
      old[k] = model[ids[k]];
      sum += ftrl_weight(old[k].z, old[k].n) * value(rows, row, k);
    }
    for (std::size_t k = 0; k < kRowEntries; ++k) {
      const double g = (1 / (1 + std::exp(-sum)) - rows.labels[row]) * value(rows, row, k);
      const double sigma = (std::sqrt(old[k].n + g * g) - std::sqrt(old[k].n)) / double{FtrlRates().alpha};
      model[ids[k]] = {old[k].z + g - sigma * ftrl_weight(old[k].z, old[k].n), old[k].n + g * g};
    }
  }
  double worst = 0;
  for (const auto& [id, s] : model) {
    const Slot fast = slot_at(slots, id);
    worst = std::max({worst, std::abs(fast.z - s.z) / std::max(1.0, std::abs(s.z)),
                      std::abs(fast.n - s.n) / std::max(1.0, s.n)});
  }
  return worst;
}

const ClickLearner kLearner{.slot_byte = 8,
                            .row_flop = 18 * kRowEntries + 20,
                            .largest_excess = 0.02,
                            .start = start,
                            .train = train,
                            .logit = logit,
                            .slow_difference = slow_difference};

Result<Prepared> prepare(const KernelRequest& request) { return prepare_learner(kLearner, request); }

}  // namespace

extern const Kernel logistic_ftrl_workload;
const Kernel logistic_ftrl_workload{
    .id = "sparse/logistic-ftrl",
    .family = "sparse",
    .kernel_class = "sparse-sgd",
    .summary = "sparse logistic regression by FTRL-Proximal, 39 hashed entries a row (mode=2: Hogwild)",
    .default_shape = "bits=22 epochs=3 mode=2 rows=262144 step=65536 zipf=110",
    .prepare = prepare};

}  // namespace ridgepoint
