// SPDX-License-Identifier: Apache-2.0
// The loss, the walk back, the update of the weights.
#include <algorithm>
#include <numeric>

#include "model/core/team.h"
#include "model/networks/shape_rules.h"
#include "workloads/dnn/onednn_plan_network.h"
#include "workloads/dnn/update.h"

namespace ridgepoint::onednn {

void NetworkPlan::add_gradient(int tensor, ValueId value, bool fresh) {
  if (!wants_[at(tensor)]) return;
  ValueId& known = gradients_[at(tensor)];
  if (known < 0) {
    known = value;
    return;
  }
  memory::desc desc = plan_.desc(value);
  if (!is_dense(desc)) desc = is_dense(plan_.desc(known)) ? plan_.desc(known) : plain(dims(tensor));
  const ValueId more = relaid(value, desc), other = relaid(known, desc);
  const ValueId sum = fresh || more != value ? more : plan_.transient(desc);
  const dnnl::binary::primitive_desc pd({dnnl::algorithm::binary_add, desc, desc, desc}, attributes(),
                                        plan_.engine());
  plan_.add(pd, dnnl::binary(pd), {{DNNL_ARG_SRC_0, more}, {DNNL_ARG_SRC_1, other}, {DNNL_ARG_DST, sum}});
  known = sum;
}

void NetworkPlan::write_losses() {
  for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
    const int tensor = graph_.outputs[i];
    plan_.begin_unit({.name = "loss of " + graph_.tensors[at(tensor)].name, .phase = Phase::loss});
    const ValueId logits = output_values_[i];
    const Extents e = extents_of(graph_.tensors[at(tensor)].shape);
    const LossKind kind = options_.training->loss;
    const std::int64_t numbers = kind == LossKind::cross_entropy ? e.n * e.plane() : e.all();
    const auto type = kind == LossKind::cross_entropy ? memory::data_type::s32 : memory::data_type::f32;
    target_values_.push_back(
        plan_.lasting(memory::desc({numbers}, type, Tag::a), &PlannedMemory::plain_byte));
    const ValueId target = target_values_.back(), gradient = plan_.transient(plan_.desc(logits));
    const int threads = plan_.threads();
    const bool first = i == 0;
    plan_.add_native("loop", {logits, target, gradient}, [=, this] {
      const LossInput<float> in{kind,
                                e,
                                kind == LossKind::cross_entropy ? plan_.data<std::int32_t>(target) : nullptr,
                                kind == LossKind::cross_entropy ? nullptr : plan_.data<float>(target),
                                plan_.data<float>(logits),
                                plan_.data<float>(gradient)};
      std::vector<double> parts(static_cast<std::size_t>(threads) * 8);
#pragma omp parallel for
      for (int t = 0; t < threads; ++t) {
        const Share s = share_of(static_cast<std::size_t>(e.n * e.plane()), t, threads);
        parts[static_cast<std::size_t>(t) * 8] =
            loss_part(in, static_cast<std::int64_t>(s.begin), static_cast<std::int64_t>(s.end));
      }
      loss_ = std::accumulate(parts.begin(), parts.end(), first ? 0.0 : loss_);
    });
    add_gradient(tensor, gradient, false);
  }
}

void NetworkPlan::write_backward() {
  for (std::size_t i = backward_.size(); i-- > 0;) {
    const net::Operator& op = graph_.operators[at(backward_[i].op)];
    if (gradients_[at(op.output)] < 0) continue;  // nobody's loss depends on it
    const double macs = 2 * static_cast<double>(net::macs_of(graph_, op));
    plan_.begin_unit({.name = op.name + " (backward)",
                      .phase = Phase::backward,
                      .operators = {backward_[i].op},
                      .flop = macs * (wants_[at(op.inputs[0])] ? 2 : 1)});
    backward_[i].write();
  }
}

void NetworkPlan::write_update() {
  const TrainingOptions& t = *options_.training;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    ParameterState& state = parameters_[p];
    if (state.master < 0 || !state.gradient_begun) continue;
    const memory::desc desc = plan_.desc(state.master);
    plan_.begin_unit({.name = graph_.parameters[p].name + " (update)", .phase = Phase::update});
    const ValueId first = zeroed(desc), second = t.optimizer == Optimizer::adam ? zeroed(desc) : -1;
    const auto n = static_cast<std::int64_t>(desc.get_size() / sizeof(float));
    const bool last = p + 1 == parameters_.size();
    plan_.add_native("loop", {state.master, state.gradient, first, second},
                     [=, this, master = state.master, gradient = state.gradient] {
                       const UpdateInput in{plan_.data<float>(master), plan_.data<float>(gradient),
                                            plan_.data<float>(first),
                                            second < 0 ? nullptr : plan_.data<float>(second), n};
                       update_weights(t, in, step_ + 1);
                       if (last) ++step_;
                     });
  }
}

ValueId NetworkPlan::zeroed(const memory::desc& desc) {
  const ValueId value = plan_.lasting(desc, &PlannedMemory::update_byte);
  std::fill_n(plan_.data<char>(value), desc.get_size(), 0);
  return value;
}

}  // namespace ridgepoint::onednn
