// SPDX-License-Identifier: Apache-2.0
#include "model/networks/blocks.h"

namespace ridgepoint::net {

TensorId conv_norm(Builder& b, TensorId x, const std::string& name, const ConvSpec& spec,
                   const Style& style) {
  ConvSpec with = spec;
  with.bias = style.conv_bias;
  x = b.norm(b.conv(x, name, with), name + ".norm", style.norm);
  b.maker(x).epsilon = style.epsilon;
  return x;
}

TensorId conv_norm_act(Builder& b, TensorId x, const std::string& name, const ConvSpec& spec,
                       const Style& style) {
  return b.activation(conv_norm(b, x, name, spec, style), name + ".act", style.act, style.slope);
}

}  // namespace ridgepoint::net
