// SPDX-License-Identifier: Apache-2.0
#include "model/network.h"

#include "model/networks/measure.h"

namespace ridgepoint {
namespace {

using net::Element;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

Fact derived(std::int64_t value, std::string unit, std::string source, std::string note = "") {
  Fact f{.value = static_cast<double>(value),
         .unit = std::move(unit),
         .basis = Basis::derived,
         .source = std::move(source),
         .lo = std::nullopt,
         .hi = std::nullopt,
         .n = std::nullopt,
         .note = std::nullopt};
  if (!note.empty()) f.note = std::move(note);
  return f;
}

/// Weights at inference are stored as the tensors are; in training they stay FP32 beside a copy to compute
/// with.
net::Sizes sizes_of(const NetworkUse& use) {
  const std::int64_t number = net::bytes_of(use.precision);
  return {.activation = number, .weight = number};
}

/// Weights, their gradients and one momentum (SGD); below FP32 the weights are kept twice.
std::int64_t parameter_bytes(const net::Totals& t, const NetworkUse& use) {
  const std::int64_t number = net::bytes_of(use.precision);
  if (use.phase == Phase::inference) return t.parameters * number;
  constexpr std::int64_t kMaster = 4, kGradient = 4, kMomentum = 4;
  return t.parameters * (kMaster + kGradient + kMomentum + (number < kMaster ? number : 0));
}

std::string axes(const net::Shape& list) {
  for (const std::int64_t value : list)
    if (value != list.front()) return net::shape_text(list);
  return list.empty() ? "" : std::to_string(list.front());
}

std::string geometry_of(const net::Operator& op) {
  const bool conv = op.kind == net::OpKind::convolution || op.kind == net::OpKind::transposed_convolution;
  if (!conv && op.kind != net::OpKind::max_pool && op.kind != net::OpKind::average_pool) return "";
  std::string words = "kernel " + axes(op.window.kernel) + " stride " + axes(op.window.stride);
  if (axes(op.window.dilation) != "1") words += " dilation " + axes(op.window.dilation);
  if (op.groups > 1) words += " groups " + std::to_string(op.groups);
  return words;
}

NetworkLayer layer_of(const net::Graph& graph, std::size_t index, const net::OpCost& cost, net::Sizes sizes) {
  const net::Operator& op = graph.operators[index];
  NetworkLayer l;
  l.name = op.name;
  l.kind = std::string(name_of(op.kind));
  l.output = net::shape_text(graph.tensors[at(op.output)].shape);
  l.geometry = geometry_of(op);
  l.parameters = cost.parameters;
  l.macs = cost.macs;
  l.read_byte = cost.read * sizes.activation + cost.parameters * sizes.weight;
  l.written_byte = cost.written * sizes.activation;
  l.saved_byte = cost.saved * sizes.activation + cost.side_bytes;
  if (op.fused_into >= 0) l.fused_into = graph.operators[at(op.fused_into)].name;
  return l;
}

Facts figures_of(const net::Totals& t, const NetworkUse& use) {
  const bool trains = use.phase == Phase::training;
  const std::int64_t work = 2 * (trains ? t.macs_training : t.macs_forward);
  const std::int64_t read = trains ? t.training_read_bytes : t.read_bytes;
  const std::int64_t written = trains ? t.training_written_bytes : t.written_bytes;
  const std::int64_t weights = parameter_bytes(t, use);
  const std::int64_t tensors = trains ? t.peak_training_bytes : t.peak_inference_bytes;
  Facts f;
  f["parameters"] = derived(t.parameters, "1", "sum over all weights, shared ones once");
  f["macs.forward"] = derived(t.macs_forward, "1", "convolutions and linear layers");
  f["work"] =
      derived(work, "flop",
              trains ? "2 FLOP x (forward + data and weight gradients; none for data that is an input)"
                     : "2 FLOP a multiply-accumulate");
  f["traffic.read"] = derived(read, "byte", "every operator reads its inputs and weights, no fusion");
  f["traffic.written"] = derived(written, "byte", "every operator writes its output, no fusion");
  if (!trains) {
    f["traffic.fused.read"] = derived(t.fused_read_bytes, "byte", "activations, batch norms and sums fused");
    f["traffic.fused.written"] = derived(t.fused_written_bytes, "byte", "as traffic.fused.read");
  }
  f["memory.parameters"] =
      derived(weights, "byte", trains ? "weights, gradients, one momentum (SGD)" : "weights");
  f["memory.tensors"] = derived(tensors, "byte", "most tensors alive at once, operators in order");
  f["memory.total"] = derived(weights + tensors, "byte", "memory.parameters + memory.tensors",
                              "without the framework's own memory, workspace and fragmentation");
  if (trains)
    f["memory.saved"] = derived(t.saved_bytes, "byte", "kept for the backward pass; part of memory.tensors");
  return f;
}

std::vector<std::string> precisions_of(Element precision) {
  switch (precision) {
    case Element::fp32:
      return {"fp32", "tf32"};
    case Element::bf16:
      return {"bf16"};
    case Element::fp16:
      return {"fp16"};
    case Element::int8:
      return {"int8"};
  }
  return {};
}

}  // namespace

Result<void> check_use(const NetworkUse& use) {
  if (use.phase == Phase::training && use.precision == Element::int8)
    return fail(ErrorKind::bad_input, "training in int8 is not modelled", "gradients need a wider format",
                "choose --precision bf16");
  return {};
}

NetworkDescription describe(const net::Graph& graph, const NetworkUse& use) {
  const net::Sizes sizes = sizes_of(use);
  const net::Totals totals = net::measure(graph, sizes);
  NetworkDescription d;
  d.name = graph.name;
  for (const int input : graph.inputs)
    d.inputs.push_back(graph.tensors[at(input)].name + " " + net::shape_text(graph.tensors[at(input)].shape));
  d.precision = std::string(name_of(use.precision));
  d.phase = std::string(name_of(use.phase));
  d.figures = figures_of(totals, use);
  d.intensity_flop_byte = d.figures.at("work").number() /
                          (d.figures.at("traffic.read").number() + d.figures.at("traffic.written").number());
  for (std::size_t i = 0; i < graph.operators.size(); ++i)
    d.layers.push_back(layer_of(graph, i, totals.operators[i], sizes));
  d.limits = {"loss, optimizer and everything before and after the network are not included",
              "memory is the tensors' own; frameworks add workspace, fragmentation and a context"};
  return d;
}

Workload workload_of(const net::Graph& graph, const NetworkUse& use, const std::string& source) {
  const net::Totals t = net::measure(graph, sizes_of(use));
  const bool trains = use.phase == Phase::training;
  const Facts figures = figures_of(t, use);
  const std::string input = net::shape_text(graph.tensors[at(graph.inputs.front())].shape);
  const std::string use_words = std::string(trains ? "training step" : "inference") + ", " +
                                std::string(name_of(use.precision)) + ", " + input;
  Workload w;
  w.id = "network/" + graph.name + "-" + std::string(name_of(use.phase)) + "-" +
         std::string(name_of(use.precision)) + "-" + input;
  w.name = graph.name + ", " + use_words;
  w.family = "network";
  w.phase = use.phase;
  w.summary =
      "one " + std::string(trains ? "training step" : "forward pass") + " of " + graph.name + " on " + input;
  w.unit_of_work = std::string(trains ? "step" : "pass") + " of " + input;
  w.kernel = "medical/conv3d-unet";
  w.footprint = figures.at("memory.total");
  Stage stage;
  stage.id = "network";
  stage.kernel_class =
      std::string(graph.tensors[at(graph.inputs.front())].shape.size() > 4 ? "conv3d-" : "conv2d-") +
      std::string(name_of(use.phase));
  stage.precisions = precisions_of(use.precision);
  stage.work = figures.at("work");
  stage.work->source = source + "; " + stage.work->source;
  stage.read = figures.at("traffic.read");
  stage.written = figures.at("traffic.written");
  if (!trains) {
    stage.read.lo = figures.at("traffic.fused.read").number();
    stage.read.hi = stage.read.number();
    stage.written.lo = figures.at("traffic.fused.written").number();
    stage.written.hi = stage.written.number();
  }
  w.stages = {stage};
  w.limits = {"loss, optimizer and everything before and after the network are not included",
              "memory without the framework's own: see ridgepoint network",
              "all operators are costed at the convolution class's efficiency"};
  return w;
}

}  // namespace ridgepoint
