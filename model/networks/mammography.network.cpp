// SPDX-License-Identifier: Apache-2.0
// Full-resolution mammography: NYU's ResNet-22 (one view, an exam of four) and GMIC.
#include "model/networks/blocks.h"
#include "model/networks/library.h"
#include "model/networks/resnet.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

TensorId norm_act(Builder& b, TensorId x, const std::string& at) {
  return b.activation(b.norm(x, at + ".norm", OpKind::batch_norm), at + ".act", OpKind::relu);
}

/// Norm and activation before each convolution; only the first block of a stage has a shortcut with weights.
TensorId block(Builder& b, TensorId x, const std::string& at, std::int64_t width, std::int64_t stride,
               bool first) {
  const TensorId ready = norm_act(b, x, at);
  const TensorId skip =
      first ? b.conv(ready, at + ".sc", {.channels = width, .window = valid(1, stride), .bias = false}) : x;
  TensorId y = b.conv(ready, at + ".c1", {.channels = width, .window = same(3, stride), .bias = false});
  y = b.conv(norm_act(b, y, at + ".c2"), at + ".c2", {.channels = width, .window = same(3), .bias = false});
  return b.add(y, skip, at + ".add", true);
}

/// ResNet-22: five stages of two blocks, 16 to 256 channels.
TensorId resnet22(Builder& b, TensorId x, const std::string& at, const Window& stem) {
  x = b.conv(x, at + "conv1", {.channels = 16, .window = stem, .bias = false});
  x = b.pool(x, at + "pool1", OpKind::max_pool, valid(3, 2));
  for (int stage = 0; stage < 5; ++stage)
    for (int i = 0; i < 2; ++i)
      x = block(b, x, at + "l" + std::to_string(stage) + "." + std::to_string(i), 16 << stage,
                stage > 0 && i == 0 ? 2 : 1, i == 0);
  return norm_act(b, x, at + "last");
}

Result<Graph> one_view(const Shape& input) {
  Builder b("nyu-mammography-view");
  TensorId x = resnet22(b, b.input("view", input), "", valid(7, 2));
  x = b.linear(b.global_average_pool(x, "pool"), "fc1", 256);
  b.output(b.linear(b.activation(x, "fc1.act", OpKind::relu), "fc2", 4));
  return b.finish();
}

/// Left and right images of one projection through the same trunk, then one head for both.
void projection(Builder& b, const std::string& at, Shape shape) {
  shape[0] *= 2;
  TensorId x = resnet22(b, b.input(at, shape), at + ".", valid(7, 2));
  x = b.reshape(b.global_average_pool(x, at + ".pool"), at + ".pair", {shape[0] / 2, 512});
  x = b.activation(b.linear(x, at + ".fc1", 512), at + ".fc1.act", OpKind::relu);
  b.output(b.linear(x, at + ".fc2", 8));
}

Result<Graph> exam(const Shape& input) {
  const Shape published{2677, 1942};
  Shape mlo = input;
  if (Shape(input.begin() + 2, input.end()) == published)
    std::copy_n(Shape{2974, 1748}.begin(), 2, mlo.begin() + 2);
  Builder b("nyu-mammography-exam");
  projection(b, "cc", input);
  projection(b, "mlo", mlo);
  return b.finish();
}

void gmic_global(Builder& b, const Shape& input) {
  const TensorId x = resnet22(b, b.input("image", input), "global.", same(7, 2));
  b.output(b.conv(x, "global.cam", {.channels = 2, .bias = false}));
}

void gmic_local(Builder& b, std::int64_t images, std::int64_t edge) {
  b.output(resnet_trunk(b, b.input("crops", {images, 3, edge, edge}), kResNet18));
}

Result<Graph> gmic(const Shape& input) {
  constexpr std::int64_t kCrops = 6, kEdge = 256;
  Builder b("gmic");
  gmic_global(b, input);
  gmic_local(b, kCrops * input[0], kEdge);
  return b.finish();
}

Result<Graph> global_only(const Shape& input) {
  Builder b("gmic-global");
  gmic_global(b, input);
  return b.finish();
}

Result<Graph> local_only(const Shape& input) {
  Builder b("gmic-local");
  b.output(resnet_trunk(b, b.input("crop", input), kResNet18));
  return b.finish();
}

constexpr const char* kNyu = "nyukat/breast_cancer_classifier:src/modeling/models.py@6176ebe";
constexpr const char* kGmic = "nyukat/GMIC:src/modeling/modules.py@594029e";

}  // namespace

extern const NetworkFamily mammography_network;
const NetworkFamily mammography_network{
    .title = "Mammography at full resolution",
    .entries = {
        {"nyu-mammography-view", "one view, ResNet-22", kNyu, "1x1x2677x1942", one_view},
        {"nyu-mammography-exam",
         "exam of four views, ResNet-22 a projection; the shape is that of a CC view, MLO views are "
         "2974x1748 "
         "at the published size, else the same",
         kNyu, "1x1x2677x1942", exam},
        {"gmic", "whole image and six crops of 256^2 (attention and fusion, 0.13 M parameters, left out)",
         kGmic, "1x1x2944x1920", gmic},
        {"gmic-global", "GMIC's network for the whole image", kGmic, "1x1x2944x1920", global_only},
        {"gmic-local", "GMIC's network for one crop, ResNet-18", kGmic, "1x3x256x256", local_only}}};

}  // namespace ridgepoint
