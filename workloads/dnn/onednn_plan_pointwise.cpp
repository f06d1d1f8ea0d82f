// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {
namespace {

using dnnl::algorithm;

struct Eltwise {
  algorithm forward, backward;  ///< the latter reads the result, so that forward may write over its input
  double alpha = 0;
};

Eltwise eltwise_of(const net::Operator& op) {
  switch (op.kind) {
    case net::OpKind::leaky_relu:
      return {algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, op.slope};
    case net::OpKind::elu:
      return {algorithm::eltwise_elu, algorithm::eltwise_elu_use_dst_for_bwd, op.slope};
    case net::OpKind::sigmoid:
      return {algorithm::eltwise_logistic, algorithm::eltwise_logistic_use_dst_for_bwd, 0};
    case net::OpKind::tanh:
      return {algorithm::eltwise_tanh, algorithm::eltwise_tanh_use_dst_for_bwd, 0};
    default:
      return {algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, 0};
  }
}

}  // namespace

Result<void> NetworkPlan::activation(int i) {
  using Forward = dnnl::eltwise_forward;
  const net::Operator& op = graph_.operators[at(i)];
  const Eltwise e = eltwise_of(op);
  if (op.kind == net::OpKind::leaky_relu && op.slope < 0) return refuse(op, "its slope is negative");
  const ValueId source = dense(op.inputs[0]);
  const memory::desc desc = plan_.desc(source);
  const auto kind = training() ? e.backward : e.forward;
  const auto alpha = static_cast<float>(e.alpha);
  const Forward::primitive_desc pd({forward_kind(), kind, desc, alpha, 0}, attributes(), plan_.engine());
  const ValueId out = overwrite_or_new(op.inputs[0], source, i);
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  if (!training()) return {};
  save(out);
  later(i, [this, &op, pd, kind, desc, alpha, out] {
    using Backward = dnnl::eltwise_backward;
    const Backward::primitive_desc back({kind, desc, desc, alpha, 0}, attributes(), plan_.engine(), pd);
    const ValueId gradient = plan_.transient(desc);
    plan_.add(back, Backward(back),
              {{DNNL_ARG_DST, out},
               {DNNL_ARG_DIFF_DST, gradient_in(op.output, desc)},
               {DNNL_ARG_DIFF_SRC, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  });
  return {};
}

Result<void> NetworkPlan::prelu(int i) {
  using Forward = dnnl::prelu_forward;
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const ValueId source = dense(op.inputs[0]);
  const memory::desc desc = plan_.desc(source);
  memory::dims w(dims(op.inputs[0]).size(), 1);
  w[1] = graph_.parameters[at(op.parameters[0])].shape[0];
  describe_parameter(op.parameters[0], w, plain(w));
  const Forward::primitive_desc pd({forward_kind(), desc, memory::desc(w, type_, Tag::any)}, attributes(),
                                   plan_.engine());
  const ValueId weights = weight(op.parameters[0], pd.weights_desc(), nullptr, 0);
  const ValueId out = plan_.transient(desc);
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  return {};
}

Result<void> NetworkPlan::two_tensors(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  int a = op.inputs[0], b = op.inputs[1];
  if (dims(a) != dims(op.output)) std::swap(a, b);
  const bool equal = dims(a) == dims(b);
  if (dims(a) != dims(op.output)) return refuse(op, "both operands are repeated along an axis");
  if (training() && (!equal || op.kind == net::OpKind::multiply))
    return refuse(op, "it has no backward pass here");
  const ValueId first = dense(a);
  const memory::desc desc = plan_.desc(first);
  const ValueId second = equal ? in_layout(b, desc) : plain_value(b);
  std::vector<int> riders = op.kind == net::OpKind::add ? riders_of(i) : std::vector<int>{};
  dnnl::primitive_attr attr = attributes();
  Fused fused;
  fused.tensor = op.output;
  if (!riders.empty() && append(fused, riders.front())) {
    attr.set_post_ops(fused.post);
    done_[at(riders.front())] = true;
    plan_.unit().operators.push_back(riders.front());
    fused.tensor = graph_.operators[at(riders.front())].output;
  }
  const auto kind = op.kind == net::OpKind::add ? algorithm::binary_add : algorithm::binary_mul;
  const dnnl::binary::primitive_desc pd({kind, desc, plan_.desc(second), desc}, attr, plan_.engine());
  const ValueId out = overwrite_or_new(a, first, i);
  plan_.add(pd, dnnl::binary(pd), {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, second}, {DNNL_ARG_DST, out}});
  made(fused.tensor, out);
  if (!training()) return {};
  later(i, [this, a, b, &op] {
    const ValueId gradient = gradients_[at(op.output)];
    add_gradient(a, gradient, false);
    add_gradient(b, gradient, false);
  });
  return {};
}

Result<void> NetworkPlan::dropout(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  const ValueId source = dense(op.inputs[0]);
  const memory::desc desc = plan_.desc(source);
  if (!training()) {
    made(op.output, source);
    return {};
  }
  memory::dims m = dims(op.inputs[0]);
  if (op.whole_channels) std::fill(m.begin() + 2, m.end(), 1);
  const ValueId mask = plan_.transient(plain(m));
  const auto n = static_cast<std::size_t>(plan_.desc(mask).get_size() / sizeof(float));
  const double share = op.slope;
  plan_.add_native("mask", {mask}, [this, i, mask, n, share] {
    auto* data = plan_.data<float>(mask);
#pragma omp parallel for
    for (std::size_t k = 0; k < n; ++k)
      data[k] = static_cast<float>(dropout_factor(options_.seed, step_, i, k, share));
  });
  const ValueId factor = op.whole_channels ? mask : relaid(mask, desc);
  save(factor);
  const dnnl::binary::primitive_desc pd({algorithm::binary_mul, desc, plan_.desc(factor), desc}, attributes(),
                                        plan_.engine());
  const ValueId out = plan_.transient(desc);
  plan_.add(pd, dnnl::binary(pd), {{DNNL_ARG_SRC_0, source}, {DNNL_ARG_SRC_1, factor}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  later(i, [this, &op, pd, desc, factor] {
    const ValueId gradient = plan_.transient(desc);
    plan_.add(
        pd, dnnl::binary(pd),
        {{DNNL_ARG_SRC_0, gradient_in(op.output, desc)}, {DNNL_ARG_SRC_1, factor}, {DNNL_ARG_DST, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  });
  return {};
}

}  // namespace ridgepoint::onednn
