// SPDX-License-Identifier: Apache-2.0
// A factorization machine, trained by stochastic gradient descent.
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "model/core/random.h"
#include "workloads/sparse/click_learner.h"

namespace ridgepoint {
namespace {

using Slot = std::array<double, kFmLanes>;  ///< w, then the factors

float first_value(std::uint64_t seed, std::size_t id, std::size_t lane) {
  if (lane == 0) return 0;
  return static_cast<float>(0.02 * (random_unit(seed + 21, id * kFmLanes + lane) - 0.5));
}

void start(void* slots, std::size_t first, std::size_t count, std::uint64_t seed) {
  for (std::size_t k = 0; k < count * kFmLanes; ++k)
    static_cast<float*>(slots)[k] = first_value(seed, first + k / kFmLanes, k % kFmLanes);
}

void train(void* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first) {
  fm_rows(static_cast<float*>(slots), rows, begin, end, first);
}

double value(const ClickView& rows, std::size_t row, std::size_t k) {
  return k < kNumericFields ? double{rows.values[row * kNumericFields + k]} : 1;
}

/// The sum over pairs as it is defined, entry by entry.
double logit_of(Slot* const* slots, const ClickView& rows, std::size_t row) {
  double sum = 0;
  for (std::size_t k = 0; k < kRowEntries; ++k) {
    sum += (*slots[k])[0] * value(rows, row, k);
    for (std::size_t j = 0; j < k; ++j) {
      double dot = 0;
      for (std::size_t f = 1; f < kFmLanes; ++f) dot += (*slots[k])[f] * (*slots[j])[f];
      sum += dot * value(rows, row, k) * value(rows, row, j);
    }
  }
  return sum;
}

double logit(const void* slots, const ClickView& rows, std::size_t row) {
  const auto* const model = static_cast<const float*>(slots);
  double logit = 0;
  for (std::size_t lane = 0; lane < kFmLanes; ++lane) {
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < kRowEntries; ++k) {
      const double x = value(rows, row, k) * double{model[rows.ids[row * kRowEntries + k] * kFmLanes + lane]};
      sum += x;
      squares += x * x;
    }
    logit += lane == 0 ? sum : 0.5 * (sum * sum - squares);
  }
  return logit;
}

void slow_step(Slot* const* slots, const ClickView& rows, std::size_t row) {
  Slot sums{};
  for (std::size_t k = 0; k < kRowEntries; ++k)
    for (std::size_t f = 0; f < kFmLanes; ++f) sums[f] += (*slots[k])[f] * value(rows, row, k);
  const double p = 1 / (1 + std::exp(-logit_of(slots, rows, row)));
  const double slope = double{fm_step(row)} * (p - rows.labels[row]);
  for (std::size_t k = 0; k < kRowEntries; ++k) {
    const double x = value(rows, row, k);
    for (std::size_t f = 0; f < kFmLanes; ++f)
      (*slots[k])[f] -= slope * x * (f == 0 ? 1 : sums[f] - x * (*slots[k])[f]);
  }
}

double slow_difference(const void* slots, const ClickView& rows, std::size_t count, std::uint64_t seed) {
  std::unordered_map<std::uint32_t, Slot> model;
  for (std::size_t row = 0; row < count; ++row) {
    Slot* own[kRowEntries];
    for (std::size_t k = 0; k < kRowEntries; ++k) {
      const std::uint32_t id = rows.ids[row * kRowEntries + k];
      auto [it, fresh] = model.try_emplace(id);
      for (std::size_t f = 0; fresh && f < kFmLanes; ++f) it->second[f] = double{first_value(seed, id, f)};
      own[k] = &it->second;
    }
    slow_step(own, rows, row);
  }
  double worst = 0;
  for (const auto& [id, slot] : model)
    for (std::size_t f = 0; f < kFmLanes; ++f)
      worst =
          std::max(worst, std::abs(double{static_cast<const float*>(slots)[id * kFmLanes + f]} - slot[f]) /
                              std::max(1.0, std::abs(slot[f])));
  return worst;
}

const ClickLearner kLearner{.slot_byte = 4 * kFmLanes,
                            .row_flop = 9 * kRowEntries * kFmLanes + 60,
                            .largest_excess = 0.05,
                            .start = start,
                            .train = train,
                            .logit = logit,
                            .slow_difference = slow_difference};

Result<Prepared> prepare(const KernelRequest& request) { return prepare_learner(kLearner, request); }

}  // namespace

extern const Kernel factorization_machine_workload;
const Kernel factorization_machine_workload{
    .id = "sparse/factorization-machine",
    .family = "sparse",
    .kernel_class = "sparse-sgd",
    .summary = "factorization machine of 15 factors, one training step a row (mode=2: Hogwild)",
    .default_shape = "bits=22 epochs=2 mode=2 rows=131072 step=32768 zipf=110",
    .prepare = prepare};

}  // namespace ridgepoint
