// SPDX-License-Identifier: Apache-2.0
// The dense part of DLRM. Embedding tables and their look-ups are traffic, not layers, and stay outside.
#include "model/networks/builder.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

constexpr std::int64_t kFeatures = 27;  ///< 26 tables and the dense vector: every pair gives one product

TensorId perceptron(Builder& b, TensorId x, const std::string& at, const std::vector<std::int64_t>& widths) {
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string name = at + "." + std::to_string(i);
    x = b.activation(b.linear(x, name, widths[i]), name + ".act", OpKind::relu);
  }
  return x;
}

Result<Graph> dlrm(const Shape& input) {
  Builder b("dlrm-mlps");
  const TensorId dense = perceptron(b, b.input("dense", input), "bottom", {512, 256, 128});
  const TensorId pairs = b.input("pairs", {input[0], kFeatures * (kFeatures - 1) / 2});
  const TensorId x = perceptron(b, b.concat({dense, pairs}, "top.cat"), "top", {1024, 1024, 512, 256});
  b.output(b.activation(b.linear(x, "top.4", 1), "top.4.act", OpKind::sigmoid));
  return b.finish();
}

}  // namespace

extern const NetworkFamily recommender_network;
const NetworkFamily recommender_network{
    .title = "Recommendation",
    .entries = {{"dlrm-mlps", "both perceptrons of MLPerf's DLRM; embeddings and pair products left out",
                 "mlcommons/training:recommendation/dlrm (bottom 512-256-128, top 1024-1024-512-256-1)",
                 "2048x13", dlrm}}};

}  // namespace ridgepoint
