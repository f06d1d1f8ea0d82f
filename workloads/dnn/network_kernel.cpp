// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_kernel.h"

#include <memory>

#include "model/core/format.h"
#include "model/networks/library.h"
#include "model/networks/measure.h"
#include "workloads/dnn/training_check.h"

namespace ridgepoint {
namespace {

constexpr int kCheckedRows = 6;
/// Steps on the same data must lower the loss by this, dropout or not, before they count as training.
constexpr double kFall = 0.98;
constexpr int kStepsToFall = 12;

struct State {
  net::Graph graph;
  NetworkValues values;
  std::vector<Target> targets;
  std::unique_ptr<Executor> executor;
  std::optional<Error> trouble;
};

Result<net::Shape> input_shape(const NetworkCase& which, const Shape& given) {
  const auto entry = find_network(which.network);
  if (!entry) return tl::make_unexpected(entry.error());
  auto shape = net::parse_shape((*entry)->input, which.network);
  if (!shape) return shape;
  (*shape)[0] = given["batch"];
  if (shape->size() > 4) (*shape)[2] = given["d"];
  (*shape)[shape->size() - 2] = given["h"];
  shape->back() = given["w"];
  if (padded_input(**entry, *shape) != *shape)
    return fail(ErrorKind::bad_input,
                "the shape '" + given.text() + "' is not one that '" + which.network + "' runs",
                "its extents must be multiples of " + std::to_string((*entry)->multiple),
                "try " + net::shape_text(padded_input(**entry, *shape)));
  return shape;
}

Result<void> check_memory(const KernelRequest& request, const State& s, const net::Totals& totals,
                          bool training) {
  const double check = check_bytes(s.graph) + (training ? 8.0 * static_cast<double>(totals.all_outputs) : 0);
  const double all = s.executor->memory().total() + check;
  if (all <= request.memory_limit_byte) return {};
  return fail(ErrorKind::unavailable,
              "the network needs " + show_bytes(s.executor->memory().total()) + " and its check " +
                  show_bytes(check) + " more",
              "the limit is " + show_bytes(request.memory_limit_byte),
              "choose a smaller shape or give --memory " + std::to_string(static_cast<long long>(all)));
}

Result<Verification> verify_inference(const KernelRequest& request, const NetworkCase& which, State& s) {
  const ReferenceMode mode{.seed = request.seed};
  const auto forward = check_forward(s.graph, s.values, *s.executor, mode, kCheckedRows);
  if (!forward) return tl::make_unexpected(forward.error());
  const double tolerance = check_tolerance(s.graph, which.element);
  return Verification{forward->worst <= tolerance,
                      std::to_string(forward->rows) +
                          " rows of all layers in double from the inputs they had, worst in '" +
                          forward->where + "', error relative to the sum of absolute terms",
                      forward->worst, tolerance};
}

/// One step, forward and backward, against the definitions; then whether more of them lower the loss.
Result<Verification> verify_training(const KernelRequest& request, const NetworkCase& which, State& s) {
  const TrainingCase c{s.graph, s.values, s.targets, which.loss, {.training = true, .seed = request.seed}};
  const auto checked = check_training(c, *s.executor, kCheckedRows);
  if (!checked) return tl::make_unexpected(checked.error());
  const double first = s.executor->loss();
  int steps = 1;
  while (s.executor->loss() > kFall * first && ++steps <= kStepsToFall)
    if (auto ok = s.executor->run(); !ok) return tl::make_unexpected(ok.error());
  Verification v{
      checked->worst <= training_tolerance(s.graph),
      std::to_string(checked->rows) +
          " numbers of all layers, of all gradients and the loss in double from what the step had, "
          "worst in '" +
          checked->where + "', error relative to the sum of absolute terms; loss " + show_number(first) +
          ", after " + std::to_string(steps) + " steps " + show_number(s.executor->loss()),
      checked->worst, training_tolerance(s.graph)};
  v.passed = v.passed && s.executor->loss() <= kFall * first;
  return v;
}

/// The weights that training began with; the momenta stay.
void put_back(State& s) {
  for (std::size_t p = 0; p < s.values.parameters.size(); ++p)
    s.executor->set_parameter(static_cast<int>(p), s.values.parameters[p]);
}

KernelCost cost_of(const net::Totals& t, const Executor& executor, bool training) {
  KernelCost cost;
  // 2 FLOP a multiply-accumulate, padding included; bytes by the model of model/networks/measure.h.
  for (const Unit& unit : executor.units()) cost.work_flop += unit.flop;
  cost.read_byte = static_cast<double>(training ? t.training_read_bytes : t.fused_read_bytes);
  cost.written_byte = static_cast<double>(training ? t.training_written_bytes : t.fused_written_bytes);
  return cost;
}

std::vector<Warning> warnings_of(const Executor& executor) {
  std::string named;
  int count = 0;
  for (const Unit& unit : executor.units())
    if (unit.reference && ++count <= 3)
      named += (named.empty() ? "'" : ", '") + unit.name + "' (" + unit.implementation + ")";
  if (count == 0) return {};
  return {{"onednn-reference",
           "oneDNN fell to its reference implementation in " + std::to_string(count) + " units: " + named +
               (count > 3 ? ", ..." : ""),
           "see ridgepoint layers for their share of the time"}};
}

}  // namespace

Result<Prepared> prepare_network(const KernelRequest& request, const NetworkCase& which) {
  const auto input = input_shape(which, request.shape);
  if (!input) return tl::make_unexpected(input.error());
  auto graph = build_network(which.network, *input);
  if (!graph) return tl::make_unexpected(graph.error());
  const std::int64_t element = net::bytes_of(which.element);
  const net::Totals totals = net::measure(*graph, {element, element});
  if (static_cast<double>(4 * totals.parameters + totals.peak_inference_bytes) > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the network does not fit the memory limit at this shape", "",
                "choose a smaller shape or give --memory");

  const auto s = std::make_shared<State>();
  s->graph = std::move(*graph);
  s->values = random_values(s->graph, request.seed);
  ExecutorOptions options{.threads = static_cast<int>(request.cpus.size()),
                          .element = which.element,
                          .memory_limit_byte = request.memory_limit_byte,
                          .seed = request.seed};
  if (which.training) options.training = TrainingOptions{.loss = which.loss};
  auto made = make_executor(s->graph, s->values, options);
  if (!made) return tl::make_unexpected(made.error());
  s->executor = std::move(*made);
  if (auto ok = check_memory(request, *s, totals, which.training); !ok)
    return tl::make_unexpected(ok.error());
  for (std::size_t i = 0; which.training && i < s->graph.outputs.size(); ++i) {
    const auto& shape = s->graph.tensors[static_cast<std::size_t>(s->graph.outputs[i])].shape;
    s->targets.push_back(random_target(which.loss, extents_of(shape), request.seed + 10 + i));
    s->executor->set_target(i, s->targets.back());
  }
  auto verification =
      which.training ? verify_training(request, which, *s) : verify_inference(request, which, *s);
  if (!verification) return tl::make_unexpected(verification.error());
  // Steps on the same data end when nothing is left to learn, and then they run far slower (vanishing
  // numbers).
  if (which.training) {
    put_back(*s);
    s->values.inputs = {};
  } else {
    s->values = {};
  }

  Prepared p;
  p.verification = std::move(*verification);
  p.cost = cost_of(totals, *s->executor, which.training);
  p.working_set_byte = s->executor->memory().total();
  p.dtype = std::string(name_of(which.element));
  for (const Unit& unit : s->executor->units())
    if (unit.flop > 0 && !unit.reference && p.isa.empty()) p.isa = unit.implementation;
  p.warnings = warnings_of(*s->executor);
  p.roof = matmul_roof(options.threads, which.element, p.cost.work_flop);
  p.body = [s] {
    if (auto ok = s->executor->run(); !ok) s->trouble = ok.error();
  };
  p.trouble = [s] { return s->trouble; };
  if (which.training) p.reset = [s] { put_back(*s); };
  return p;
}

}  // namespace ridgepoint
