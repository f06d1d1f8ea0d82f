// SPDX-License-Identifier: Apache-2.0
// Gradients from the definitions alone, and the central difference that the definitions are held against.
#include <algorithm>
#include <cmath>

#include "model/core/random.h"
#include "workloads/dnn/training_check.h"

namespace ridgepoint {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

using Gradients = std::vector<std::vector<double>>;

Result<std::unique_ptr<OperatorAdjoint>> adjoint_in(const TrainingCase& c, std::size_t op,
                                                    const std::vector<PlainTensor>& tensors,
                                                    const PlainTensor& gradient) {
  std::vector<const PlainTensor*> sources;
  for (const int input : c.graph.operators[op].inputs) sources.push_back(&tensors[at(input)]);
  return operator_adjoint(c.graph, c.values, c.mode, static_cast<int>(op), std::move(sources), gradient);
}

/// Adds what `part(i)` tells to every number, on the members of `team`.
template <class Part>
void add_all(std::vector<double>& to, Team& team, const Part& part) {
  team.run([&](int member) {
    for (std::size_t i = static_cast<std::size_t>(member); i < to.size();
         i += static_cast<std::size_t>(team.size()))
      to[i] += part(static_cast<std::int64_t>(i));
  });
}

bool bends(net::OpKind kind) {
  return kind == net::OpKind::relu || kind == net::OpKind::leaky_relu || kind == net::OpKind::max_pool;
}

/// Numbers whose slope is not the same in both runs.
Result<std::int64_t> kinks_between(const TrainingCase& c, const std::vector<PlainTensor>& a,
                                   const std::vector<PlainTensor>& b) {
  std::int64_t kinks = 0;
  for (std::size_t i = 0; i < c.graph.operators.size(); ++i) {
    const net::Operator& op = c.graph.operators[i];
    if (!bends(op.kind)) continue;
    const Extents& e = a[at(op.output)].extents;
    const PlainTensor ones{e, std::vector<double>(at(e.all()), 1)};
    const auto first = adjoint_in(c, i, a, ones), second = adjoint_in(c, i, b, ones);
    if (!first) return tl::make_unexpected(first.error());
    if (!second) return tl::make_unexpected(second.error());
    for (std::int64_t k = 0; k < a[at(op.inputs[0])].extents.all(); ++k)
      if ((*first)->input(0, k).value != (*second)->input(0, k).value) ++kinks;
  }
  return kinks;
}

}  // namespace

std::vector<double> loss_gradient(const TrainingCase& c, std::size_t i, const PlainTensor& logits,
                                  double& loss) {
  std::vector<double> gradient(logits.data.size());
  const Target& target = c.targets[i];
  const LossInput<double> in{
      c.loss,         logits.extents, target.labels.data(), target.numbers.data(), logits.data.data(),
      gradient.data()};
  loss += loss_part(in, 0, logits.extents.n * logits.extents.plane());
  return gradient;
}

double reference_loss(const TrainingCase& c, const std::vector<PlainTensor>& tensors) {
  double loss = 0;
  for (std::size_t i = 0; i < c.graph.outputs.size(); ++i)
    loss_gradient(c, i, tensors[at(c.graph.outputs[i])], loss);
  return loss;
}

Result<Gradients> reference_gradients(const TrainingCase& c, Team& team) {
  const auto tensors = reference_run(c.graph, c.values, c.mode, team);
  if (!tensors) return tl::make_unexpected(tensors.error());
  std::vector<PlainTensor> by_tensor = *tensors;
  for (PlainTensor& t : by_tensor) std::ranges::fill(t.data, 0);
  double loss = 0;
  for (std::size_t i = 0; i < c.graph.outputs.size(); ++i) {
    const std::vector<double> part = loss_gradient(c, i, (*tensors)[at(c.graph.outputs[i])], loss);
    add_all(by_tensor[at(c.graph.outputs[i])].data, team, [&](std::int64_t k) { return part[at(k)]; });
  }
  Gradients by_parameter;
  for (const net::Parameter& p : c.graph.parameters) by_parameter.emplace_back(at(net::elements(p.shape)), 0);
  for (std::size_t i = c.graph.operators.size(); i-- > 0;) {
    const net::Operator& op = c.graph.operators[i];
    const auto made = adjoint_in(c, i, *tensors, by_tensor[at(op.output)]);
    if (!made) return tl::make_unexpected(made.error());
    for (std::size_t k = 0; k < op.inputs.size(); ++k)
      add_all(by_tensor[at(op.inputs[k])].data, team,
              [&](std::int64_t n) { return (*made)->input(k, n).value; });
    for (std::size_t k = 0; k < op.parameters.size(); ++k)
      add_all(by_parameter[at(op.parameters[k])], team,
              [&](std::int64_t n) { return (*made)->parameter(k, n).value; });
  }
  return by_parameter;
}

Result<DifferenceCheck> check_difference(const TrainingCase& c, const Gradients& gradients, double step,
                                         Team& team) {
  DifferenceCheck check;
  NetworkValues ends[2] = {c.values, c.values};
  for (std::size_t p = 0; p < gradients.size(); ++p)
    for (std::size_t i = 0; i < gradients[p].size(); ++i) {
      const double u = random_unit(c.mode.seed + 77 + p, i);
      const double direction = u < 0.5 ? (gradients[p][i] < 0 ? -1 : 1) : (u < 0.75 ? -1 : 1);
      const auto weight = static_cast<double>(c.values.parameters[p][i]);
      float& up = ends[0].parameters[p][i];
      float& down = ends[1].parameters[p][i];
      up = static_cast<float>(weight + step * direction);
      down = static_cast<float>(weight - step * direction);
      check.got += gradients[p][i] * (static_cast<double>(up) - static_cast<double>(down));
    }
  const auto up = reference_run(c.graph, ends[0], c.mode, team);
  const auto down = reference_run(c.graph, ends[1], c.mode, team);
  if (!up) return tl::make_unexpected(up.error());
  if (!down) return tl::make_unexpected(down.error());
  check.expected = reference_loss(c, *up) - reference_loss(c, *down);
  check.error = std::abs(check.got - check.expected) / std::max(std::abs(check.expected), 1e-30);
  const auto kinks = kinks_between(c, *up, *down);
  if (!kinks) return tl::make_unexpected(kinks.error());
  check.kinks = *kinks;
  return check;
}

}  // namespace ridgepoint
