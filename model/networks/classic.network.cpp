// SPDX-License-Identifier: Apache-2.0
// AlexNet and VGG-16: the networks of early published throughput tables.
#include <algorithm>

#include "model/networks/builder.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

TensorId conv_act(Builder& b, TensorId x, const std::string& name, const ConvSpec& spec) {
  return b.activation(b.conv(x, name, spec), name + ".act", OpKind::relu);
}

/// Two hidden layers of 4096 and 1000 classes.
void classify(Builder& b, TensorId x) {
  x = b.reshape(x, "flat", {b.shape(x)[0], elements(b.shape(x)) / std::max<std::int64_t>(1, b.shape(x)[0])});
  for (const char* layer : {"fc6", "fc7"}) {
    x = b.activation(b.linear(x, layer, 4096), layer + std::string(".act"), OpKind::relu);
    x = b.dropout(x, layer + std::string(".drop"), 0.5, false);
  }
  b.output(b.linear(x, "fc8", 1000));
}

/// `groups` 2 is the paper's split over two cards; ports on one card often use 1.
Result<Graph> alexnet(const std::string& name, const Shape& input, std::int64_t groups) {
  Builder b(name);
  const auto norm_pool = [&](TensorId x, const std::string& at) {
    return b.pool(b.norm(x, at + ".norm", OpKind::local_response_norm), at + ".pool", OpKind::max_pool,
                  valid(3, 2));
  };
  TensorId x = b.input("image", input);
  x = norm_pool(conv_act(b, x, "conv1", {.channels = 96, .window = valid(11, 4)}), "1");
  x = norm_pool(conv_act(b, x, "conv2", {.channels = 256, .window = same(5), .groups = groups}), "2");
  x = conv_act(b, x, "conv3", {.channels = 384, .window = same(3)});
  x = conv_act(b, x, "conv4", {.channels = 384, .window = same(3), .groups = groups});
  x = conv_act(b, x, "conv5", {.channels = 256, .window = same(3), .groups = groups});
  classify(b, b.pool(x, "pool5", OpKind::max_pool, valid(3, 2)));
  return b.finish();
}

TensorId vgg16_trunk(Builder& b, TensorId x) {
  constexpr std::int64_t kWidths[] = {64, 128, 256, 512, 512};
  for (int stage = 0; stage < 5; ++stage) {
    const std::string at = "s" + std::to_string(stage);
    for (int i = 0; i < (stage < 2 ? 2 : 3); ++i)
      x = conv_act(b, x, at + "." + std::to_string(i), {.channels = kWidths[stage], .window = same(3)});
    x = b.pool(x, at + ".pool", OpKind::max_pool, valid(2, 2));
  }
  return x;
}

Result<Graph> vgg16(const Shape& input) {
  Builder b("vgg16");
  classify(b, vgg16_trunk(b, b.input("image", input)));
  return b.finish();
}

Result<Graph> vgg16_features(const Shape& input) {
  Builder b("end2end-vgg16");
  b.output(vgg16_trunk(b, b.input("mammogram", input)));
  return b.finish();
}

}  // namespace

extern const NetworkFamily classic_network;
const NetworkFamily classic_network{
    .title = "AlexNet and VGG",
    .entries = {{"alexnet", "ImageNet classification, convolutions in two groups as published",
                 "Krizhevsky et al. 2012, as in BVLC/caffe:models/bvlc_alexnet", "1x3x227x227",
                 [](const Shape& in) { return alexnet("alexnet", in, 2); }},
                {"alexnet-ungrouped", "AlexNet without groups, as in MXNet's benchmark",
                 "apache/mxnet:example/image-classification/symbols/alexnet.py", "1x3x224x224",
                 [](const Shape& in) { return alexnet("alexnet-ungrouped", in, 1); }},
                {"vgg16", "ImageNet classification, 1000 classes",
                 "Simonyan and Zisserman 2015, arXiv 1409.1556", "1x3x224x224", vgg16},
                {"end2end-vgg16", "whole mammogram, VGG-16 trunk", "lishen/end2end-all-conv:dm_keras_ext.py",
                 "1x3x1152x896", vgg16_features}}};

}  // namespace ridgepoint
