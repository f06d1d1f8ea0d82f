// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/codec.h"
#include "model/core/fit.h"
#include "model/core/workload.h"
#include "model/networks/measure.h"

// How much memory a network needs. Training:
//
//   M = (weights + gradients + optimizer + activations + workspace) * (1 + phi) + context
//
// Inference keeps the weights and the tensors alive at once. What a framework keeps is a convention of the
// framework; the constants and where they come from stand in footprint.cpp.

namespace ridgepoint::memory {

enum class Framework {
  pytorch_cuda,
  pytorch_cpu,          ///< with oneDNN: the largest activation once more, in blocked layout
  pytorch_cpu_columns,  ///< without oneDNN: a column buffer for each convolution (im2col)
  tensorflow1_cpu,      ///< keeps every operator's output, the bias addition being one
  tensorflow1_cuda
};

constexpr auto names(Framework) {
  return enum_names<Framework>({{Framework::pytorch_cuda, "pytorch-cuda"},
                                {Framework::pytorch_cpu, "pytorch-cpu"},
                                {Framework::pytorch_cpu_columns, "pytorch-cpu-columns"},
                                {Framework::tensorflow1_cpu, "tensorflow1-cpu"},
                                {Framework::tensorflow1_cuda, "tensorflow1-cuda"}});
}

enum class Optimizer { sgd, momentum, adam };

constexpr auto names(Optimizer) {
  return enum_names<Optimizer>(
      {{Optimizer::sgd, "sgd"}, {Optimizer::momentum, "momentum"}, {Optimizer::adam, "adam"}});
}

/// What to compute the footprint for.
struct Setting {
  Phase phase = Phase::training;
  Framework framework = Framework::pytorch_cuda;
  Optimizer optimizer = Optimizer::momentum;
  bool mixed = false;  ///< 2-byte activations; FP32 weights with a cast copy
};

/// What the laws need of a network at one shape, whole batch. Numbers, not bytes, but for side_byte.
struct Totals {
  double parameters = 0;
  double saved = 0;           ///< kept for the backward pass
  double side_byte = 0;       ///< indices and masks beside them
  double peak_training = 0;   ///< alive at once, forward and backward
  double peak_inference = 0;  ///< alive at once
  double largest_tensor = 0;
  double largest_column = 0;  ///< input channels * kernel volume * output voxels of one sample, greatest
  double conv_outputs = 0;
  double all_outputs = 0;
};

Totals totals_of(const net::Graph& graph);

/// The activations of `t` times `factor`; the parameters stay.
Totals scaled(const Totals& t, double factor);

enum class Moment { peak, end_of_forward };

/// The items, expected and safe totals.
Footprint footprint(const Totals& totals, const Setting& setting, Moment moment = Moment::peak);

/// Expected bytes above a process that already holds weights and context: what a rise of the resident set
/// shows.
double rise(const Totals& totals, const Setting& setting, Moment moment = Moment::peak);

/// Weights, gradients and optimizer state, byte a parameter.
double state_byte_per_parameter(const Setting& setting);

/// Safe total over expected total.
double safety_factor();

}  // namespace ridgepoint::memory
