// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "workloads/dnn/executor.h"

namespace ridgepoint {

struct UpdateInput {
  float* weights = nullptr;
  const float* gradient = nullptr;
  float* first = nullptr;   ///< momentum
  float* second = nullptr;  ///< adam's second moment
  std::int64_t numbers = 0;
};

/// One step, counted from 1. SGD: m = momentum m + g, w -= rate m. Adam (Kingma and Ba 2015, corrected for
/// the start): m, v are running means of g and g^2; w -= rate m' / (sqrt(v') + epsilon).
void update_weights(const TrainingOptions& options, const UpdateInput& in, std::int64_t step);

}  // namespace ridgepoint
