// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/study/patches.h"

// The network of the study of batch size: 3x3 convolutions 1-8 and 8-16, each with ReLU and 2x2 maximum, then
// 400-32 with ReLU, then 32-4 with softmax. Samples lie in the lanes of vectors; one thread.

namespace ridgepoint::study {

/// Where each layer's weights begin: w1 8x1x9, b1, w2 16x8x9, b2, w3 32x400, b3, w4 4x32, b4.
struct NetLayout {
  static constexpr std::size_t c1 = 8, c2 = 16, hidden = 32, flat = c2 * 25;
  static constexpr std::size_t w1 = 0, b1 = w1 + c1 * 9, w2 = b1 + c1, b2 = w2 + c2 * c1 * 9, w3 = b2 + c2,
                               b3 = w3 + hidden * flat, w4 = b3 + hidden, b4 = w4 + kPatchKinds * hidden,
                               count = b4 + kPatchKinds;
};

/// Uniform within 1 / sqrt(inputs of the layer), as PyTorch starts such layers.
std::vector<float> net_start(std::uint64_t seed);

struct Answer {
  double loss = 0;        ///< mean cross-entropy
  std::size_t right = 0;  ///< patches whose largest output is their kind
};

/// Over the patches `which`. The gradient of the mean loss is written where one is wanted; both have
/// NetLayout::count numbers. The double form is for checks.
Answer evaluate(std::span<const float> weights, const Patches& patches, std::span<const std::uint32_t> which,
                std::vector<float>* gradient);
Answer evaluate(std::span<const double> weights, const Patches& patches, std::span<const std::uint32_t> which,
                std::vector<double>* gradient);

}  // namespace ridgepoint::study
