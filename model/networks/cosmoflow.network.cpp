// SPDX-License-Identifier: Apache-2.0
// CosmoFlow: a 3D regression network, stand-in for large volumes in MLPerf HPC.
#include "model/networks/builder.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

Result<Graph> cosmoflow(const Shape& input) {
  Builder b("cosmoflow");
  TensorId x = b.input("volume", input);
  // Out of place, so what is kept is the input; the framework of the reference is TensorFlow.
  const auto leaky = [&](TensorId t, const std::string& name) {
    return b.activation(t, name, OpKind::leaky_relu, 0.3, false);
  };
  for (int layer = 0; layer < 5; ++layer) {
    const std::string at = std::to_string(layer);
    x = leaky(b.conv(x, "conv" + at, {.channels = 32 << layer, .window = same(3)}), "conv" + at + ".act");
    x = b.pool(x, "pool" + at, OpKind::max_pool, valid(2, 2));
  }
  x = b.reshape(x, "flat", {input[0], elements(b.shape(x)) / input[0]});
  x = leaky(b.linear(x, "fc0", 128), "fc0.act");
  x = leaky(b.linear(x, "fc1", 64), "fc1.act");
  b.output(b.activation(b.linear(x, "fc2", 4), "fc2.act", OpKind::tanh, 0, false));
  return b.finish();
}

}  // namespace

extern const NetworkFamily cosmoflow_network;
const NetworkFamily cosmoflow_network{
    .title = "CosmoFlow",
    .entries = {{"cosmoflow", "cosmological parameters from a 3D matter density, MLPerf HPC",
                 "mlcommons/hpc:cosmoflow/models/cosmoflow.py@2c627d4", "1x4x128x128x128", cosmoflow}}};

}  // namespace ridgepoint
