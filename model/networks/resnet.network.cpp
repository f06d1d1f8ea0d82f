// SPDX-License-Identifier: Apache-2.0
// ResNets: ImageNet, pathology tiles, mammograms, MedicalNet's 3D segmentation.
#include "model/networks/resnet.h"
#include "model/networks/blocks.h"
#include "model/networks/library.h"

namespace ridgepoint {
namespace {

using namespace net;  // NOLINT(google-build-using-namespace)

Result<Graph> classifier(const std::string& name, const Shape& input, const ResNet& net,
                         std::int64_t classes) {
  Builder b(name);
  const TensorId x = resnet_trunk(b, b.input("image", input), net);
  b.output(b.linear(b.global_average_pool(x, "pool"), "fc", classes));
  return b.finish();
}

/// MedicalNet: output stride 8, stages 3 and 4 dilated, and a small decoder.
Result<Graph> medicalnet(const std::string& name, const Shape& input, ResNet net) {
  net.strides = {1, 2, 1, 1};
  net.dilations = {1, 1, 2, 4};
  const Style style;
  Builder b(name);
  TensorId x = resnet_trunk(b, b.input("volume", input), net);
  x = b.conv_transposed(x, "seg.up", {.channels = 32, .window = valid(2, 2)});
  x = b.activation(b.norm(x, "seg.up.norm", OpKind::batch_norm), "seg.up.act", OpKind::relu);
  x = conv_norm_act(b, x, "seg.c", {.channels = 32, .window = same(3)}, style);
  b.output(b.conv(x, "seg.out", {.channels = 2, .bias = false}));
  return b.finish();
}

/// Two more residual stages instead of the pool, so that a patch classifier sees whole mammograms.
Result<Graph> all_convolutional(const Shape& input) {
  Builder b("end2end-resnet50");
  TensorId x = resnet_trunk(b, b.input("mammogram", input), kResNet50);
  for (int top = 0; top < 2; ++top)
    for (int block = 0; block < 2; ++block)
      x = bottleneck(b, x, "top" + std::to_string(top) + "." + std::to_string(block), 512, 1024,
                     block == 0 ? 2 : 1, 1, block == 0, true);
  b.output(b.linear(b.global_average_pool(x, "pool"), "fc", 2));
  return b.finish();
}

ResNet stem_stride_one() {
  ResNet net = kResNet18;
  net.stem_stride = 1;
  return net;
}

constexpr const char* kTorchvision =
    "He et al. 2016, arXiv 1512.03385; structure of torchvision (stride in the 3x3)";
constexpr const char* kMedicalNet = "Tencent/MedicalNet:models/resnet.py@20f76aa";

}  // namespace

extern const NetworkFamily resnet_network;
const NetworkFamily resnet_network{
    .title = "Residual networks",
    .entries = {
        {"resnet50", "ImageNet classification, 1000 classes (MLPerf's version 1.5)", kTorchvision,
         "1x3x224x224", [](const Shape& in) { return classifier("resnet50", in, kResNet50, 1000); }},
        {"resnet18", "ImageNet classification, 1000 classes", kTorchvision, "1x3x224x224",
         [](const Shape& in) { return classifier("resnet18", in, kResNet18, 1000); }},
        {"resnet152", "ImageNet classification, 1000 classes", kTorchvision, "1x3x224x224",
         [](const Shape& in) { return classifier("resnet152", in, kResNet152, 1000); }},
        {"pathology-resnet50", "pathology tile classifier, 2 classes; a whole slide is a batch of tiles",
         kTorchvision, "1x3x256x256",
         [](const Shape& in) { return classifier("pathology-resnet50", in, kResNet50, 2); }},
        {"mammogram-resnet34", "whole mammogram, ResNet-34, 2 classes", kTorchvision, "1x3x2944x1920",
         [](const Shape& in) { return classifier("mammogram-resnet34", in, kResNet34, 2); }},
        {"end2end-resnet50", "whole mammogram, all-convolutional on a ResNet-50 trunk",
         "lishen/end2end-all-conv:dm_resnet.py@58401e2", "1x3x1152x896", all_convolutional},
        {"resnet18-3d", "3D classification, first stride 1, 2 classes",
         "Project-MONAI/MONAI:monai/networks/nets/resnet.py@d388d1c", "1x1x128x128x128",
         [](const Shape& in) { return classifier("resnet18-3d", in, stem_stride_one(), 2); }},
        {"medicalnet-resnet10", "3D segmentation, MedicalNet (Med3D)", kMedicalNet, "1x1x56x448x448",
         [](const Shape& in) { return medicalnet("medicalnet-resnet10", in, kResNet10); }},
        {"medicalnet-resnet18", "3D segmentation, MedicalNet (shortcut type B)", kMedicalNet,
         "1x1x56x448x448", [](const Shape& in) { return medicalnet("medicalnet-resnet18", in, kResNet18); }},
        {"medicalnet-resnet50", "3D segmentation, MedicalNet (Med3D)", kMedicalNet, "1x1x56x448x448",
         [](const Shape& in) { return medicalnet("medicalnet-resnet50", in, kResNet50); }}}};

}  // namespace ridgepoint
