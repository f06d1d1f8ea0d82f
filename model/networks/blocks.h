// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/networks/builder.h"

// Groups of layers that several networks use.

namespace ridgepoint::net {

/// What follows a convolution.
struct Style {
  OpKind norm = OpKind::batch_norm;
  OpKind act = OpKind::relu;
  double slope = 0;
  bool conv_bias = false;
  double epsilon = 1e-5;
};

/// Convolution and norm.
TensorId conv_norm(Builder& b, TensorId x, const std::string& name, const ConvSpec& spec, const Style& style);

/// Convolution, norm, activation in place.
TensorId conv_norm_act(Builder& b, TensorId x, const std::string& name, const ConvSpec& spec,
                       const Style& style);

}  // namespace ridgepoint::net
