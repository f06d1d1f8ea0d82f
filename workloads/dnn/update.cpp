// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/update.h"

#include <cmath>

namespace ridgepoint {
namespace {

void sgd(float rate, float momentum, const UpdateInput& in) {
#pragma omp parallel for simd
  for (std::int64_t i = 0; i < in.numbers; ++i) {
    in.first[i] = momentum * in.first[i] + in.gradient[i];
    in.weights[i] -= rate * in.first[i];
  }
}

void adam(const TrainingOptions& o, const UpdateInput& in, std::int64_t step) {
  const auto t = static_cast<double>(step);
  const auto first = static_cast<float>(o.momentum), second = static_cast<float>(o.second);
  const auto rate = static_cast<float>(o.rate / (1 - std::pow(o.momentum, t)));
  const auto correction = static_cast<float>(1 / (1 - std::pow(o.second, t)));
  const auto epsilon = static_cast<float>(o.epsilon);
#pragma omp parallel for simd
  for (std::int64_t i = 0; i < in.numbers; ++i) {
    const float g = in.gradient[i];
    in.first[i] = first * in.first[i] + (1 - first) * g;
    in.second[i] = second * in.second[i] + (1 - second) * g * g;
    in.weights[i] -= rate * in.first[i] / (std::sqrt(in.second[i] * correction) + epsilon);
  }
}

}  // namespace

void update_weights(const TrainingOptions& o, const UpdateInput& in, std::int64_t step) {
  if (o.optimizer == Optimizer::adam) return adam(o, in, step);
  sgd(static_cast<float>(o.rate), static_cast<float>(o.momentum), in);
}

}  // namespace ridgepoint
