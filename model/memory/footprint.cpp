// SPDX-License-Identifier: Apache-2.0
#include "model/memory/footprint.h"

#include <algorithm>

#include "model/core/format.h"

namespace ridgepoint::memory {
namespace {

/// What a framework adds to the tensors. One set a framework, none a row.
struct Convention {
  double phi = 0;           ///< fragmentation and rounding of the allocator, share of everything allocated
  double context_byte = 0;  ///< what the process or the driver holds before the first tensor
  std::string_view source;
};

// CUDA: phi and context are fitted together on the nnU-Net presets (nvidia-smi, MIC-DKFZ/nnUNet
// documentation/resenc_presets.md); phi lies between the 5 % others reserve (compressed-tensors#587) and the
// 1.11 reserved / allocated seen at peak (pytorch#40989). The context holds the driver's part (about 0.3 GB
// with lazy loading, over 1 GB before: pytorch#107667) and the convolution library's workspace.
// CPU: phi is the middle of six rises of the resident set measured with PyTorch 1.13.1; 591 MiB is the
// process before the first step. TensorFlow: 3500 MiB before the first step (IntelAI/unet
// 3D/images/training_memory_3d_unet.png).
constexpr Convention convention(Framework framework) {
  switch (framework) {
    case Framework::pytorch_cuda:
    case Framework::tensorflow1_cuda:
      return {0.065, 1.30e9, "fitted on MIC-DKFZ/nnUNet resenc_presets (nvidia-smi)"};
    case Framework::pytorch_cpu:
    case Framework::pytorch_cpu_columns:
      return {0.02, 591 * 1048576.0, "measured, PyTorch 1.13.1 on x86"};
    case Framework::tensorflow1_cpu:
      return {0.02, 3500 * 1048576.0, "IntelAI/unet 3D training memory plot, before the first step"};
  }
  return {};
}

// The worst a published figure lay above its expected total is 12 % (GMIC) and 9 % (StreamingCNN); see
// ridgepoint fit --validate.
constexpr double kSafety = 1.10;

bool keeps_all(Framework f) { return f == Framework::tensorflow1_cpu || f == Framework::tensorflow1_cuda; }

struct Activations {
  double byte = 0;
  std::string how;
};

Activations activations(const Totals& t, const Setting& s, Moment moment) {
  const double size = s.mixed ? 2 : 4;
  if (s.phase != Phase::training)
    return {t.peak_inference * size,
            "liveness: the largest sum of tensors alive at once, " + show_number(size) + " B a number"};
  if (keeps_all(s.framework))
    return {(t.all_outputs + t.conv_outputs) * size + t.side_byte,
            "every operator's output is kept, the bias addition being an operator (TensorFlow 1)"};
  if (moment == Moment::end_of_forward)
    return {t.saved * size + t.side_byte, "tensors saved for the backward pass"};
  return {t.peak_training * size + t.side_byte,
          "liveness over forward and backward: saved tensors and the gradients alive at once, " +
              show_number(size) + " B a number"};
}

Activations workspace(const Totals& t, const Setting& s) {
  const double size = s.mixed ? 2 : 4;
  switch (s.framework) {
    case Framework::pytorch_cpu_columns:
      return {
          t.largest_column * 4,
          "column buffer of the widest convolution: kernel volume x input channels x output voxels x 4 B"};
    case Framework::pytorch_cpu:
    case Framework::tensorflow1_cpu:
      return {t.largest_tensor * size, "the largest activation once more, re-laid out for the kernel"};
    case Framework::pytorch_cuda:
    case Framework::tensorflow1_cuda:
      break;
  }
  if (s.phase == Phase::training) return {0, "in the fitted context"};
  return {t.largest_tensor * size, "the largest activation once more, re-laid out for the kernel"};
}

std::string per_parameter(double parameters, double byte) {
  return show_number(byte) + " B x " + show_number(parameters / 1e6, 4) + " M parameters";
}

}  // namespace

Totals totals_of(const net::Graph& graph) {
  const net::Totals m = net::measure(graph);
  Totals t;
  t.parameters = static_cast<double>(m.parameters);
  t.saved = static_cast<double>(m.saved_numbers);
  t.side_byte = static_cast<double>(m.saved_side_bytes);
  t.peak_training = static_cast<double>(m.peak_training_bytes - m.saved_side_bytes) / 4;
  t.peak_inference = static_cast<double>(m.peak_inference_bytes) / 4;
  t.largest_tensor = static_cast<double>(m.largest_tensor);
  t.conv_outputs = static_cast<double>(m.conv_outputs);
  t.all_outputs = static_cast<double>(m.all_outputs);
  for (const net::Operator& op : graph.operators) {
    if (op.kind != net::OpKind::convolution || op.inputs.empty()) continue;
    const net::Shape& in = graph.tensors[static_cast<std::size_t>(op.inputs.front())].shape;
    const net::Shape& out = graph.tensors[static_cast<std::size_t>(op.output)].shape;
    double column = static_cast<double>(in[1]) / static_cast<double>(op.groups);
    for (std::size_t axis = 2; axis < out.size(); ++axis) {
      const auto& kernel = op.window.kernel;
      column *= static_cast<double>(out[axis]) *
                static_cast<double>(kernel.size() == 1 ? kernel[0] : kernel[axis - 2]);
    }
    t.largest_column = std::max(t.largest_column, column);
  }
  return t;
}

Totals scaled(const Totals& t, double factor) {
  Totals out = t;
  for (double* part : {&out.saved, &out.side_byte, &out.peak_training, &out.peak_inference,
                       &out.largest_tensor, &out.largest_column, &out.conv_outputs, &out.all_outputs})
    *part *= factor;
  return out;
}

double state_byte_per_parameter(const Setting& s) {
  const double weights = s.mixed ? 6 : 4;  // FP32 master and the cast copy
  if (s.phase != Phase::training) return weights;
  const double gradients = 4;
  const double state = s.optimizer == Optimizer::adam ? 8 : s.optimizer == Optimizer::momentum ? 4 : 0;
  return weights + gradients + state;
}

double safety_factor() { return kSafety; }

Footprint footprint(const Totals& t, const Setting& s, Moment moment) {
  const Convention c = convention(s.framework);
  const double weights = s.mixed ? 6 : 4;
  Footprint f;
  double tensors = 0;
  const auto add = [&](std::string name, double byte, std::string how, Basis basis) {
    if (byte <= 0) return;
    tensors += byte;
    f.items.push_back({std::move(name), byte, std::move(how), basis});
  };
  add("weights", weights * t.parameters,
      per_parameter(t.parameters, weights) + (s.mixed ? " (FP32 and a 2-byte copy)" : ""), Basis::derived);
  if (s.phase == Phase::training) {
    add("gradients", 4 * t.parameters, per_parameter(t.parameters, 4), Basis::derived);
    const double state = state_byte_per_parameter(s) - weights - 4;
    add("optimizer", state * t.parameters,
        per_parameter(t.parameters, state) + " (" + std::string(name_of(s.optimizer)) + ")", Basis::derived);
  }
  const Activations kept = activations(t, s, moment);
  add("activations", kept.byte, kept.how, Basis::derived);
  const Activations extra = workspace(t, s);
  add("workspace", extra.byte, extra.how, Basis::assumed);
  add("fragmentation", tensors * c.phi, show_percent(c.phi) + " of the above (" + std::string(c.source) + ")",
      Basis::derived);
  add("context", c.context_byte, std::string(c.source), Basis::published);
  f.expected_byte = tensors;
  f.safe_byte = f.expected_byte * kSafety;
  return f;
}

double rise(const Totals& t, const Setting& s, Moment moment) {
  return (activations(t, s, moment).byte + workspace(t, s).byte) * (1 + convention(s.framework).phi);
}

}  // namespace ridgepoint::memory
