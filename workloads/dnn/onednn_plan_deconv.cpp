// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {
namespace {

using Forward = dnnl::deconvolution_forward;
constexpr auto kDirect = dnnl::algorithm::deconvolution_direct;

/// oneDNN wants out, in, kernel; the graph's numbers lie in, out, kernel (each behind the groups).
memory::dims weight_dims(const net::Shape& shape, std::int64_t groups) {
  memory::dims dims(shape.begin(), shape.end());
  dims[0] = shape[1];
  dims[1] = shape[0] / groups;
  if (groups > 1) dims.insert(dims.begin(), groups);
  return dims;
}

memory::desc weight_layout(const memory::dims& dims, bool grouped) {
  memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
  const std::size_t out = grouped ? 1 : 0, in = out + 1;
  const std::int64_t taps = strides[in];
  strides[out] = taps;
  strides[in] = taps * dims[out];
  return {dims, memory::data_type::f32, strides};
}

}  // namespace

Result<void> NetworkPlan::transposed_convolution(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  const Geometry g(op.window);
  const memory::dims w = weight_dims(graph_.parameters[at(op.parameters[0])].shape, op.groups);
  describe_parameter(op.parameters[0], w, weight_layout(w, op.groups > 1));
  const auto describe = [&](const Fused& fused) {
    const bool biased = op.parameters.size() > 1 || fused.norm >= 0;
    const memory::desc bias_desc =
        biased ? memory::desc({dims(op.output)[1]}, memory::data_type::f32, Tag::a) : memory::desc();
    dnnl::primitive_attr attr = attributes();
    attr.set_post_ops(fused.post);
    return Forward::primitive_desc(
        Forward::desc(forward_kind(), kDirect, any(op.inputs[0]), memory::desc(w, type_, Tag::any), bias_desc,
                      any(op.output), g.stride, g.dilation, g.pad, g.pad_end),
        attr, plan_.engine());
  };
  Fused bare;
  bare.operators = {i};
  bare.tensor = op.output;
  Fused fused = op.groups > 1 ? bare : fused_with(i, true);
  Forward::primitive_desc pd = describe(fused);
  if (is_reference(pd.impl_info_str()) && fused.post.len() > 0) {
    fused = fused_with(i, false);
    pd = describe(fused);
  }
  for (const int rider : fused.operators) done_[at(rider)] = true;
  plan_.unit().operators = fused.operators;
  const ValueId source = in_layout(op.inputs[0], pd.src_desc());
  const ValueId weights = weight(op.parameters[0], pd.weights_desc(), &fused, 1);
  const ValueId offset = bias(op, fused, dims(op.output)[1]);
  const ValueId out = destination(fused, pd.dst_desc(), source);
  plan_.add(
      pd, Forward(pd),
      {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_BIAS, offset}, {DNNL_ARG_DST, out}});
  made(fused.tensor, out);
  if (!training()) return {};
  save(source);
  later(i, [this, i, pd, source, weights] { transposed_backward(i, pd, source, weights); });
  return {};
}

void NetworkPlan::transposed_backward(int i, const Forward::primitive_desc& forward, ValueId source,
                                      ValueId weights) {
  const net::Operator& op = graph_.operators[at(i)];
  const Geometry g(op.window);
  const memory::desc w(parameters_[at(op.parameters[0])].dims, type_, Tag::any);
  const bool biased = op.parameters.size() > 1;
  const memory::desc bias_desc =
      biased ? memory::desc({dims(op.output)[1]}, memory::data_type::f32, Tag::a) : memory::desc();
  if (wants_gradient(op.inputs[0])) {
    using Data = dnnl::deconvolution_backward_data;
    const Data::primitive_desc pd(
        {kDirect, any(op.inputs[0]), w, any(op.output), g.stride, g.dilation, g.pad, g.pad_end}, attributes(),
        plan_.engine(), forward);
    const ValueId gradient = plan_.transient(pd.diff_src_desc());
    plan_.add(pd, Data(pd),
              {{DNNL_ARG_DIFF_DST, gradient_in(op.output, pd.diff_dst_desc())},
               {DNNL_ARG_WEIGHTS, relaid(weights, pd.weights_desc())},
               {DNNL_ARG_DIFF_SRC, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  }
  using Weights = dnnl::deconvolution_backward_weights;
  const Weights::primitive_desc pd(
      {kDirect, any(op.inputs[0]), w, bias_desc, any(op.output), g.stride, g.dilation, g.pad, g.pad_end},
      attributes(), plan_.engine(), forward);
  const ValueId gradient = gradient_target(op.parameters[0], pd.diff_weights_desc());
  const ValueId offset = biased ? gradient_target(op.parameters[1], pd.diff_bias_desc()) : -1;
  plan_.add(pd, Weights(pd),
            {{DNNL_ARG_SRC, relaid(source, pd.src_desc())},
             {DNNL_ARG_DIFF_DST, gradient_in(op.output, pd.diff_dst_desc())},
             {DNNL_ARG_DIFF_WEIGHTS, gradient},
             {DNNL_ARG_DIFF_BIAS, offset}});
  gradient_made(op.parameters[0], gradient);
  if (biased) gradient_made(op.parameters[1], offset);
}

}  // namespace ridgepoint::onednn
