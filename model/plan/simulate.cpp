// SPDX-License-Identifier: Apache-2.0
#include "model/plan/simulate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <queue>
#include <vector>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr int kBatches = 10;
constexpr double kStudent = 2.262;  // 97.5 % point of Student's t, 9 degrees of freedom

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  double unit() { return random_unit(seed_, next_++); }
  double exponential() { return -std::log1p(-unit()); }

 private:
  std::uint64_t seed_, next_ = 0;
};

/// Mean 1, squared coefficient of variation `scv`. Below 1: a mixture of k - 1 and k exponential phases
/// (Tijms 1994); above: two exponentials with balanced means.
double service(Draws& draws, double scv) {
  if (scv <= 1e-9) return 1;
  if (scv > 1) {
    const double p = (1 + std::sqrt((scv - 1) / (scv + 1))) / 2;
    const double share = draws.unit() < p ? p : 1 - p;
    return draws.exponential() / (2 * share);
  }
  const double k = std::ceil(1 / scv);
  const double p = (k * scv - std::sqrt(std::max(0.0, k * (1 + scv) - k * k * scv))) / (1 + scv);
  const int phases = static_cast<int>(k) - (draws.unit() < p ? 1 : 0);
  double sum = 0;
  for (int i = 0; i < phases; ++i) sum += draws.exponential();
  return sum / (k - p);
}

}  // namespace

LateShare simulate_pool(const PoolRun& run) {
  Draws draws(run.seed);
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (std::int64_t i = 0; i < run.workers; ++i) free_at.push(0);
  const std::int64_t warm = run.arrivals / 10, total = run.arrivals + warm;
  std::array<double, kBatches> late{}, count{};
  double now = 0, waited = 0;
  for (std::int64_t i = 0; i < total; ++i) {
    now += draws.exponential() / run.offered_load;
    const double start = std::max(now, free_at.top());
    free_at.pop();
    free_at.push(start + service(draws, run.service_scv));
    if (i < warm) continue;
    const auto batch = static_cast<std::size_t>((i - warm) * kBatches / run.arrivals);
    count[batch] += 1;
    waited += start - now;
    if (start - now > run.patience) late[batch] += 1;
  }
  double mean = 0, square = 0;
  for (std::size_t b = 0; b < kBatches; ++b) {
    const double share = count[b] > 0 ? late[b] / count[b] : 0;
    mean += share / kBatches;
    square += share * share / kBatches;
  }
  const double error = kStudent * std::sqrt(std::max(0.0, square - mean * mean) / (kBatches - 1));
  return {mean, std::max(0.0, mean - error), std::min(1.0, mean + error),
          waited / static_cast<double>(run.arrivals)};
}

}  // namespace ridgepoint
