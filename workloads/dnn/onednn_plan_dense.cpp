// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {

Result<void> NetworkPlan::linear(int i) {
  using Forward = dnnl::inner_product_forward;
  const net::Operator& op = graph_.operators[at(i)];
  // Trailing extents are 1, so the weight is one of (out, in, 1, ...).
  memory::dims w = dims(op.inputs[0]);
  w[0] = dims(op.output)[1];
  describe_parameter(op.parameters[0], w, plain(w));
  const Fused fused = fused_with(i, true);
  const bool biased = op.parameters.size() > 1 || fused.norm >= 0;
  const memory::desc bias_desc =
      biased ? memory::desc({w[0]}, memory::data_type::f32, Tag::a) : memory::desc();
  dnnl::primitive_attr attr = attributes();
  attr.set_post_ops(fused.post);
  const memory::desc weights_desc(w, type_, Tag::any);
  const Forward::primitive_desc pd(
      Forward::desc(forward_kind(), any(op.inputs[0]), weights_desc, bias_desc, any(op.output)), attr,
      plan_.engine());
  for (const int rider : fused.operators) done_[at(rider)] = true;
  plan_.unit().operators = fused.operators;
  const ValueId source = in_layout(op.inputs[0], pd.src_desc());
  const ValueId weights = weight(op.parameters[0], pd.weights_desc(), &fused, 0);
  const ValueId offset = bias(op, fused, w[0]);
  const ValueId out = destination(fused, pd.dst_desc(), source);
  plan_.add(
      pd, Forward(pd),
      {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_BIAS, offset}, {DNNL_ARG_DST, out}});
  made(fused.tensor, out);
  if (!training()) return {};
  save(source);
  later(i, [this, &op, pd, source, weights, weights_desc, bias_desc, biased] {
    if (wants_gradient(op.inputs[0])) {
      using Data = dnnl::inner_product_backward_data;
      const Data::primitive_desc data({any(op.inputs[0]), weights_desc, any(op.output)}, attributes(),
                                      plan_.engine(), pd);
      const ValueId gradient = plan_.transient(data.diff_src_desc());
      plan_.add(data, Data(data),
                {{DNNL_ARG_DIFF_DST, gradient_in(op.output, data.diff_dst_desc())},
                 {DNNL_ARG_WEIGHTS, relaid(weights, data.weights_desc())},
                 {DNNL_ARG_DIFF_SRC, gradient}});
      add_gradient(op.inputs[0], gradient, true);
    }
    using Weights = dnnl::inner_product_backward_weights;
    const Weights::primitive_desc back({any(op.inputs[0]), weights_desc, bias_desc, any(op.output)},
                                       attributes(), plan_.engine(), pd);
    const ValueId gradient = gradient_target(op.parameters[0], back.diff_weights_desc());
    const ValueId shift = biased ? gradient_target(op.parameters[1], back.diff_bias_desc()) : -1;
    plan_.add(back, Weights(back),
              {{DNNL_ARG_SRC, relaid(source, back.src_desc())},
               {DNNL_ARG_DIFF_DST, gradient_in(op.output, back.diff_dst_desc())},
               {DNNL_ARG_DIFF_WEIGHTS, gradient},
               {DNNL_ARG_DIFF_BIAS, shift}});
    gradient_made(op.parameters[0], gradient);
    if (biased) gradient_made(op.parameters[1], shift);
  });
  return {};
}

Result<void> NetworkPlan::softmax(int i) {
  using Forward = dnnl::softmax_forward;
  const net::Operator& op = graph_.operators[at(i)];
  // The vector code wants the axis to be the innermost one.
  const memory::dims d = dims(op.inputs[0]);
  memory::desc layout = plain(d, type_);
  if (op.axis == 1 && d.size() == 4) layout = memory::desc(d, type_, Tag::nhwc);
  if (op.axis == 1 && d.size() == 5) layout = memory::desc(d, type_, Tag::ndhwc);
  const Forward::primitive_desc pd({forward_kind(), layout, op.axis}, attributes(), plan_.engine());
  const ValueId source = in_layout(op.inputs[0], layout), out = plan_.transient(layout);
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  if (!training()) return {};
  save(out);
  later(i, [this, &op, pd, layout, out] {
    using Backward = dnnl::softmax_backward;
    const Backward::primitive_desc back({layout, layout, op.axis}, attributes(), plan_.engine(), pd);
    const ValueId gradient = plan_.transient(layout);
    plan_.add(back, Backward(back),
              {{DNNL_ARG_DST, out},
               {DNNL_ARG_DIFF_DST, gradient_in(op.output, layout)},
               {DNNL_ARG_DIFF_SRC, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  });
  return {};
}

}  // namespace ridgepoint::onednn
