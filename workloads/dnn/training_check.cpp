// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/training_check.h"

#include <algorithm>
#include <cmath>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// One step, seen: every tensor, every gradient.
class Recorder {
 public:
  Recorder(const TrainingCase& c, Executor& executor)
      : graph_(c.graph),
        executor_(executor),
        tensors(c.graph.tensors.size()),
        gradients(c.graph.tensors.size()) {
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) tensors[at(graph_.inputs[i])] = c.values.inputs[i];
  }

  Result<void> run() {
    for (std::size_t u = 0; u < executor_.units().size(); ++u) {
      const Unit& unit = executor_.units()[u];
      if (unit.phase == Phase::update && parameters.empty()) see_parameters();
      if (unit.phase == Phase::backward)
        for (const int op : unit.operators) {
          const int output = graph_.operators[at(op)].output;
          gradients[at(output)] = executor_.tensor_gradient(output);
        }
      if (auto ok = executor_.run_unit(u); !ok) return ok;
      if (unit.phase == Phase::forward && !unit.operators.empty()) {
        const int output = graph_.operators[at(unit.operators.back())].output;
        tensors[at(output)] = executor_.tensor(output, u);
      }
    }
    if (parameters.empty()) see_parameters();
    return {};
  }

  PlainTensor tensor(int t) const { return plain(t, tensors[at(t)]); }
  PlainTensor gradient(int t) const { return plain(t, gradients[at(t)]); }

 private:
  const net::Graph& graph_;
  Executor& executor_;
  PlainTensor plain(int t, const std::vector<float>& numbers) const {
    return {extents_of(graph_.tensors[at(t)].shape), {numbers.begin(), numbers.end()}};
  }
  void see_parameters() {
    for (std::size_t p = 0; p < graph_.parameters.size(); ++p)
      parameters.push_back(executor_.gradient(static_cast<int>(p)));
  }

 public:
  std::vector<std::vector<float>> tensors, gradients, parameters;
};

/// Keeps the largest error relative to `size`.
void worse(double error, double size, const std::string& name, CheckResult& result) {
  const double relative = error == 0 ? 0 : error / std::max(size, 1e-30);
  ++result.rows;
  if (relative <= result.worst) return;
  result.worst = std::isnan(relative) ? HUGE_VAL : relative;
  result.where = name;
}

/// Some numbers of one list, and what they should be.
struct Sample {
  std::vector<std::int64_t> places;
  std::vector<GradientTerm> wanted;

  Sample(std::int64_t n, int numbers, std::uint64_t seed) {
    for (int k = 0; k < numbers; ++k)
      places.push_back(
          k == 0   ? 0
          : k == 1 ? n - 1
                   : static_cast<std::int64_t>(random_bits(seed, at(k)) % static_cast<std::uint64_t>(n)));
    wanted.resize(places.size());
  }
  void compare(const std::vector<float>& got, const std::string& name, CheckResult& result) const {
    for (std::size_t k = 0; k < places.size(); ++k) {
      const double error = std::abs(static_cast<double>(got[at(places[k])]) - wanted[k].value);
      worse(error, wanted[k].size, name, result);
    }
  }
};

std::vector<Sample> samples_of(const std::vector<std::int64_t>& sizes, int numbers, std::uint64_t seed) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < sizes.size(); ++i) out.emplace_back(sizes[i], numbers, random_bits(seed, i));
  return out;
}

/// What every operator brings to the samples of the gradients by its inputs and parameters.
class Recomputed {
 public:
  Recomputed(const TrainingCase& c, int numbers) : c_(c) {
    std::vector<std::int64_t> tensors, parameters;
    for (const net::Tensor& t : c.graph.tensors) tensors.push_back(net::elements(t.shape));
    for (const net::Parameter& p : c.graph.parameters) parameters.push_back(net::elements(p.shape));
    tensors_ = samples_of(tensors, numbers, 41);
    parameters_ = samples_of(parameters, numbers, 43);
  }

  Result<void> operators(const Recorder& seen) {
    for (std::size_t i = 0; i < c_.graph.operators.size(); ++i) {
      const net::Operator& op = c_.graph.operators[i];
      if (seen.gradients[at(op.output)].empty()) continue;
      const PlainTensor gradient = seen.gradient(op.output);
      std::vector<PlainTensor> inputs;
      for (const int input : op.inputs) inputs.push_back(seen.tensor(input));
      std::vector<const PlainTensor*> sources;
      for (const PlainTensor& input : inputs) sources.push_back(&input);
      if (auto ok = forward(seen, static_cast<int>(i), sources); !ok) return ok;
      const auto made =
          operator_adjoint(c_.graph, c_.values, c_.mode, static_cast<int>(i), sources, gradient);
      if (!made) return tl::make_unexpected(made.error());
      for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        if (seen.gradients[at(op.inputs[k])].empty()) continue;
        Sample& s = tensors_[at(op.inputs[k])];
        for (std::size_t j = 0; j < s.places.size(); ++j) {
          const GradientTerm term = (*made)->input(k, s.places[j]);
          s.wanted[j].add(term.value, term.size);
        }
      }
      for (std::size_t k = 0; k < op.parameters.size(); ++k) {
        Sample& s = parameters_[at(op.parameters[k])];
        for (std::size_t j = 0; j < s.places.size(); ++j) {
          const GradientTerm term = (*made)->parameter(k, s.places[j]);
          s.wanted[j].add(term.value, term.size);
        }
      }
    }
    return {};
  }

  /// Rows of what the operator wrote.
  Result<void> forward(const Recorder& seen, int i, const std::vector<const PlainTensor*>& sources) {
    const int written = c_.graph.operators[at(i)].output;
    const auto made = operator_reference(c_.graph, c_.values, c_.mode, i, sources, false);
    if (!made) return tl::make_unexpected(made.error());
    const Extents& e = (*made)->extents();
    std::vector<double> out(at(e.w)), size(out.size());
    for (const std::int64_t place : tensors_[at(written)].places) {
      const std::int64_t row = place / e.w;
      (*made)->row(row, out, size);
      for (std::int64_t k = 0; k < e.w; ++k) {
        const auto got = static_cast<double>(seen.tensors[at(written)][at(row * e.w + k)]);
        worse(std::abs(got - out[at(k)]), size[at(k)], c_.graph.operators[at(i)].name, forward_);
      }
    }
    return {};
  }

  void losses(const Recorder& seen, double got, CheckResult& result) {
    double loss = 0;
    for (std::size_t i = 0; i < c_.graph.outputs.size(); ++i) {
      const int output = c_.graph.outputs[i];
      const PlainTensor logits = seen.tensor(output);
      const std::vector<double> gradient = loss_gradient(c_, i, logits, loss);
      // A probability is a difference of numbers of the size of the mean's weight.
      const double weight = 1 / static_cast<double>(logits.extents.n * logits.extents.plane());
      Sample& s = tensors_[at(output)];
      for (std::size_t j = 0; j < s.places.size(); ++j)
        s.wanted[j].add(gradient[at(s.places[j])], std::max(weight, std::abs(gradient[at(s.places[j])])));
    }
    worse(std::abs(got - loss), std::abs(loss), "loss", result);
  }

  void compare(const Recorder& seen, CheckResult& result) const {
    for (std::size_t t = 0; t < tensors_.size(); ++t)
      if (!seen.gradients[t].empty())
        tensors_[t].compare(seen.gradients[t], "gradient by " + c_.graph.tensors[t].name, result);
    for (std::size_t p = 0; p < parameters_.size(); ++p)
      if (!seen.parameters[p].empty())
        parameters_[p].compare(seen.parameters[p], "gradient by " + c_.graph.parameters[p].name, result);
  }

  const CheckResult& forward_result() const { return forward_; }

 private:
  const TrainingCase& c_;
  std::vector<Sample> tensors_, parameters_;
  CheckResult forward_;
};

}  // namespace

Result<CheckResult> check_training(const TrainingCase& c, Executor& executor, int numbers) {
  Recorder seen(c, executor);
  if (auto ok = seen.run(); !ok) return tl::make_unexpected(ok.error());
  Recomputed wanted(c, numbers);
  if (auto ok = wanted.operators(seen); !ok) return tl::make_unexpected(ok.error());
  CheckResult result = wanted.forward_result();
  wanted.losses(seen, executor.loss(), result);
  wanted.compare(seen, result);
  return result;
}

double training_tolerance(const net::Graph& graph) {
  double terms = 1;
  for (const net::Operator& op : graph.operators) {
    const net::Shape& out = graph.tensors[at(op.output)].shape;
    terms = std::max(terms, static_cast<double>(net::elements(out)) / static_cast<double>(out[1]));
  }
  return std::max(check_tolerance(graph, net::Element::fp32), 4 * std::sqrt(terms) * 0x1.0p-24);
}

}  // namespace ridgepoint
