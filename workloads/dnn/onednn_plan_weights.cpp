// SPDX-License-Identifier: Apache-2.0
// Weights: laid out once for inference, kept in one master layout for training.
#include <cmath>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {

void NetworkPlan::describe_parameter(int parameter, const memory::dims& dims, const memory::desc& layout) {
  ParameterState& p = parameters_[at(parameter)];
  p.dims = dims;
  p.layout = layout;
}

std::vector<float> NetworkPlan::factors(const Fused& fused, std::vector<float>* shifts) const {
  std::vector<float> factors;
  if (fused.norm < 0) return factors;
  const net::Operator& op = graph_.operators[at(fused.norm)];
  const std::vector<float>&scale = values_.parameters[at(op.parameters[0])],
        &shift = values_.parameters[at(op.parameters[1])];
  for (std::size_t c = 0; c < scale.size(); ++c) {
    const double variance = static_cast<double>(values_.variance[at(fused.norm)][c]);
    const double factor = static_cast<double>(scale[c]) / std::sqrt(variance + op.epsilon);
    factors.push_back(static_cast<float>(factor));
    if (shifts != nullptr)
      shifts->push_back(static_cast<float>(static_cast<double>(shift[c]) -
                                           static_cast<double>(values_.mean[at(fused.norm)][c]) * factor));
  }
  return factors;
}

/// `plain`: out, in, ... when outputs_axis is 0; in, out, ... when it is 1 (one group).
static std::vector<float> scaled(std::vector<float> plain, const std::vector<float>& factors,
                                 std::int64_t inner, std::int64_t outputs) {
  for (std::size_t i = 0; i < plain.size(); ++i)
    plain[i] *= factors[i / static_cast<std::size_t>(inner) % static_cast<std::size_t>(outputs)];
  return plain;
}

ValueId NetworkPlan::weight(int parameter, const memory::desc& desc, const Fused* fused,
                            std::int64_t outputs_axis) {
  if (training()) return master_of(parameter, desc);
  ParameterState& p = parameters_[at(parameter)];
  const std::vector<float> f = fused == nullptr ? std::vector<float>{} : factors(*fused, nullptr);
  auto& ready = p.ready[f.empty() ? "" : std::to_string(fused->norm)];
  for (const auto& [layout, value] : ready)
    if (layout == desc) return value;
  const ValueId value = plan_.lasting(desc, &PlannedMemory::weight_byte);
  const std::vector<float>& numbers = values_.parameters[at(parameter)];
  if (f.empty()) {
    plan_.reorder_now(numbers.data(), p.layout, plan_.at(value));
  } else {
    const net::Shape& shape = graph_.parameters[at(parameter)].shape;
    const auto outputs = static_cast<std::int64_t>(f.size());
    const std::int64_t inner = net::elements(shape) / shape[0] / (outputs_axis == 1 ? shape[1] : 1);
    plan_.reorder_now(scaled(numbers, f, inner, outputs).data(), p.layout, plan_.at(value));
  }
  ready.emplace_back(desc, value);
  return value;
}

ValueId NetworkPlan::lasting_vector(const std::vector<float>& numbers) {
  const memory::desc layout({static_cast<std::int64_t>(numbers.size())}, memory::data_type::f32, Tag::a);
  const ValueId value = plan_.lasting(layout, &PlannedMemory::weight_byte);
  plan_.reorder_now(numbers.data(), layout, plan_.at(value));
  return value;
}

ValueId NetworkPlan::vector_parameter(int parameter, std::int64_t repeat) {
  const std::vector<float>& once = values_.parameters[at(parameter)];
  const memory::dims dims = {static_cast<std::int64_t>(once.size())};
  describe_parameter(parameter, dims, memory::desc(dims, memory::data_type::f32, Tag::a));
  if (training()) return master_of(parameter, parameters_[at(parameter)].layout);
  std::vector<float> numbers;
  for (std::int64_t i = 0; i < repeat; ++i) numbers.insert(numbers.end(), once.begin(), once.end());
  return lasting_vector(numbers);
}

ValueId NetworkPlan::bias(const net::Operator& op, const Fused& fused, std::int64_t channels) {
  const bool own = op.parameters.size() > 1;
  if (fused.norm < 0) return own ? vector_parameter(op.parameters[1]) : -1;
  std::vector<float> shifts;
  const std::vector<float> f = factors(fused, &shifts);
  for (std::size_t c = 0; own && c < at(channels); ++c)
    shifts[c] += values_.parameters[at(op.parameters[1])][c] * f[c];
  return lasting_vector(shifts);
}

ValueId NetworkPlan::master_of(int parameter, const memory::desc& desc) {
  ParameterState& p = parameters_[at(parameter)];
  if (p.master >= 0) return relaid(p.master, desc);
  p.master = plan_.lasting(desc, &PlannedMemory::weight_byte);
  p.gradient = plan_.lasting(desc, &PlannedMemory::update_byte);
  plan_.reorder_now(values_.parameters[at(parameter)].data(), p.layout, plan_.at(p.master));
  return p.master;
}

ValueId NetworkPlan::gradient_target(int parameter, const memory::desc& desc) {
  const ParameterState& p = parameters_[at(parameter)];
  return !p.gradient_begun && plan_.desc(p.gradient) == desc ? p.gradient : plan_.transient(desc);
}

void NetworkPlan::gradient_made(int parameter, ValueId value) {
  ParameterState& p = parameters_[at(parameter)];
  if (value != p.gradient && !p.gradient_begun) plan_.reorder(value, p.gradient);
  if (value != p.gradient && p.gradient_begun) {
    const ValueId more = relaid(value, plan_.desc(p.gradient));
    const memory::desc& desc = plan_.desc(p.gradient);
    const dnnl::binary::primitive_desc pd({dnnl::algorithm::binary_add, desc, desc, desc}, attributes(),
                                          plan_.engine());
    plan_.add(pd, dnnl::binary(pd),
              {{DNNL_ARG_SRC_0, p.gradient}, {DNNL_ARG_SRC_1, more}, {DNNL_ARG_DST, p.gradient}});
  }
  p.gradient_begun = true;
}

}  // namespace ridgepoint::onednn
