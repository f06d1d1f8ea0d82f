// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "model/core/random.h"
#include "workloads/dnn/network_values.h"

namespace ridgepoint {

enum class LossKind {
  cross_entropy,  ///< softmax over the channels against one label a place, mean over places
  detector        ///< five channels an anchor: logit against 0 or 1, and where that is 1 four squared errors
};

/// What an output is compared with: a label a place, or a number an output number.
struct Target {
  std::vector<std::int32_t> labels;
  std::vector<float> numbers;
};

/// Seeded labels for an output of that shape; a tenth of the detector's anchors hold something.
Target random_target(LossKind kind, const Extents& e, std::uint64_t seed);

/// What a loss is computed from, in plain layouts; T is float or double.
template <class T>
struct LossInput {
  LossKind kind = LossKind::cross_entropy;
  Extents extents;
  const std::int32_t* labels = nullptr;
  const float* numbers = nullptr;
  const T* logits = nullptr;
  T* gradient = nullptr;  ///< the derivative by each logit, where wanted
};

/// The loss of the places [begin, end) of n d h w: a part of the mean over all.
template <class T>
double loss_part(const LossInput<T>& in, std::int64_t begin, std::int64_t end);

}  // namespace ridgepoint
