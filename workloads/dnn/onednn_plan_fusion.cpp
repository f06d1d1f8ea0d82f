// SPDX-License-Identifier: Apache-2.0
// What rides on a convolution or a linear layer: a batch norm in its weights, a sum and activations behind
// it.
#include <algorithm>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {

using net::OpKind;

std::vector<int> NetworkPlan::riders_of(int op) const {
  std::vector<int> riders;
  if (training() || !options_.fuse) return riders;
  for (std::size_t i = at(op); i < graph_.operators.size(); ++i)
    if (graph_.operators[i].fused_into == op) riders.push_back(static_cast<int>(i));
  return riders;
}

bool NetworkPlan::append(Fused& fused, int i) const {
  const net::Operator& op = graph_.operators[at(i)];
  const auto eltwise = [&](dnnl::algorithm algorithm, double alpha) {
    fused.post.append_eltwise(1, algorithm, static_cast<float>(alpha), 0);
    return true;
  };
  switch (op.kind) {
    case OpKind::relu:
      return eltwise(dnnl::algorithm::eltwise_relu, 0);
    case OpKind::leaky_relu:
      return eltwise(dnnl::algorithm::eltwise_relu, op.slope);
    case OpKind::elu:
      return eltwise(dnnl::algorithm::eltwise_elu, op.slope);
    case OpKind::sigmoid:
      return eltwise(dnnl::algorithm::eltwise_logistic, 0);
    case OpKind::tanh:
      return eltwise(dnnl::algorithm::eltwise_tanh, 0);
    case OpKind::batch_norm:
      // Into the weights, so nothing may come between.
      if (fused.norm >= 0 || fused.post.len() > 0 || op.parameters.empty()) return false;
      fused.norm = i;
      return true;
    case OpKind::add: {
      const int other = op.inputs[op.inputs[0] == fused.tensor ? 1 : 0];
      const net::Shape& shape = graph_.tensors[at(other)].shape;
      // oneDNN adds to what lies in the destination before anything else.
      if (fused.post.len() > 0 || shape != graph_.tensors[at(op.output)].shape || tensors_[at(other)].empty())
        return false;
      fused.sum = other;
      fused.sum_op = i;
      fused.post.append_sum(1);
      return true;
    }
    default:
      return false;
  }
}

NetworkPlan::Fused NetworkPlan::fused_with(int op, bool post_ops) const {
  Fused fused;
  fused.operators = {op};
  fused.tensor = graph_.operators[at(op)].output;
  for (const int rider : riders_of(op)) {
    const net::Operator& r = graph_.operators[at(rider)];
    if (std::ranges::find(r.inputs, fused.tensor) == r.inputs.end()) break;
    if ((!post_ops && r.kind != OpKind::batch_norm) || !append(fused, rider)) break;
    fused.operators.push_back(rider);
    fused.tensor = r.output;
  }
  return fused;
}

ValueId NetworkPlan::destination(const Fused& fused, const memory::desc& desc, ValueId source) {
  if (fused.sum < 0) return plan_.transient(desc);
  const ValueId other = value(fused.sum);
  reads_.back().push_back({fused.sum, other});
  // Not onto what the host itself still reads.
  if (plan_.root(other) != plan_.root(source) && plan_.desc(other) == desc &&
      may_overwrite(fused.sum, fused.operators.front(), fused.sum_op))
    return other;
  const ValueId to = plan_.transient(desc);
  plan_.reorder(other, to);
  return to;
}

}  // namespace ridgepoint::onednn
