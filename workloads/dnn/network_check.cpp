// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/network_check.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// One unit: its first operator, and the others which read one place of what came before.
class UnitReference {
 public:
  UnitReference(const net::Graph& graph, const NetworkValues& values, const ReferenceMode& mode,
                const Unit& unit, std::map<int, PlainTensor>& inputs)
      : values_(values) {
    for (std::size_t k = 0; k < unit.operators.size(); ++k) {
      const net::Operator& op = graph.operators[at(unit.operators[k])];
      if (k > 0) {
        PlainTensor& between = inputs[graph.operators[at(unit.operators[k - 1])].output];
        between.extents = extents_of(graph.tensors[at(op.output)].shape);
        between.data.resize(at(between.extents.all()));
        between_.push_back(&between);
      }
      std::vector<const PlainTensor*> sources;
      for (const int input : op.inputs) sources.push_back(&inputs[input]);
      auto made = operator_reference(graph, values, mode, unit.operators[k], sources, false);
      if (!made) {
        trouble_ = made.error();
        return;
      }
      chain_.push_back(std::move(*made));
    }
  }

  const std::optional<Error>& trouble() const { return trouble_; }

  void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const {
    chain_[0]->row(index, out, size);
    std::vector<double> unused(out.size());
    for (std::size_t k = 1; k < chain_.size(); ++k) {
      double* place = between_[k - 1]->data.data() + index * static_cast<std::int64_t>(out.size());
      const std::vector<double> value = out, before = size;
      std::ranges::copy(value, place);
      chain_[k]->row(index, out, unused);
      std::ranges::copy(before, place);  // what the sizes become
      chain_[k]->row(index, unused, size);
    }
  }

 private:
  const NetworkValues& values_;
  std::vector<std::unique_ptr<OperatorReference>> chain_;
  std::vector<PlainTensor*> between_;
  std::optional<Error> trouble_;
};

PlainTensor plain_tensor(const net::Graph& graph, Executor& executor, int tensor, std::size_t unit) {
  const std::vector<float> numbers = executor.tensor(tensor, unit);
  return {extents_of(graph.tensors[at(tensor)].shape), {numbers.begin(), numbers.end()}};
}

}  // namespace

Result<CheckResult> check_forward(const net::Graph& graph, const NetworkValues& values, Executor& executor,
                                  const ReferenceMode& mode, int rows) {
  CheckResult result;
  for (std::size_t u = 0; u < executor.units().size(); ++u) {
    const Unit& unit = executor.units()[u];
    const bool checked = unit.phase == Phase::forward && !unit.operators.empty();
    std::map<int, PlainTensor> inputs;
    for (std::size_t k = 0; checked && k < unit.operators.size(); ++k)
      for (const int input : graph.operators[at(unit.operators[k])].inputs) {
        const bool inner = k > 0 && input == graph.operators[at(unit.operators[k - 1])].output;
        if (!inner) inputs[input] = plain_tensor(graph, executor, input, u);
      }
    if (auto ok = executor.run_unit(u); !ok) return tl::make_unexpected(ok.error());
    if (!checked) continue;
    const int written = graph.operators[at(unit.operators.back())].output;
    const std::vector<float> got = executor.tensor(written, u);
    const UnitReference reference(graph, values, mode, unit, inputs);
    if (reference.trouble()) return tl::make_unexpected(*reference.trouble());
    const Extents e = extents_of(graph.tensors[at(written)].shape);
    std::vector<double> out(at(e.w)), size(out.size());
    for (int k = 0; k < rows; ++k) {
      std::int64_t row = k == 0 ? 0 : e.rows() - 1;
      if (k > 1)
        row = static_cast<std::int64_t>(random_bits(u, at(k)) % static_cast<std::uint64_t>(e.rows()));
      reference.row(row, out, size);
      ++result.rows;
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double error = std::abs(static_cast<double>(got[at(row * e.w) + i]) - out[i]);
        const double relative = error == 0 ? 0 : error / std::max(size[i], 1e-30);
        if (relative > result.worst || std::isnan(relative)) {
          result.worst = std::isnan(relative) ? HUGE_VAL : relative;
          result.where = unit.name;
        }
      }
    }
  }
  return result;
}

double check_bytes(const net::Graph& graph) {
  constexpr double kEach = 12;  // a double and the float it came from
  double most = 0;
  for (const net::Operator& op : graph.operators) {
    auto numbers = static_cast<double>(2 * net::elements(graph.tensors[at(op.output)].shape));
    for (const int input : op.inputs)
      numbers += static_cast<double>(net::elements(graph.tensors[at(input)].shape));
    most = std::max(most, kEach * numbers);
  }
  return most;
}

double check_tolerance(const net::Graph& graph, net::Element element) {
  double taps = 1;
  for (const net::Operator& op : graph.operators)
    if (!op.parameters.empty()) {
      const net::Shape& shape = graph.parameters[at(op.parameters[0])].shape;
      taps = std::max(taps, static_cast<double>(net::elements(shape)) / static_cast<double>(shape[0]));
    }
  const double single = 4 * std::sqrt(taps) * 0x1.0p-24;
  return element == net::Element::fp32 ? single : single + 0x1.0p-7;
}

}  // namespace ridgepoint
