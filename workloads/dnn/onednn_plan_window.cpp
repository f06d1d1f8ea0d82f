// SPDX-License-Identifier: Apache-2.0
// Pools, resizes and the local response norm.
#include <algorithm>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {
namespace {

net::Window window_of(const net::Operator& op, const memory::dims& in, const memory::dims& out) {
  net::Window w = op.window;
  if (op.kind == net::OpKind::global_average_pool) {
    const std::size_t axes = in.size() - 2;
    w.kernel.assign(in.begin() + 2, in.end());
    w.stride = w.dilation = net::Shape(axes, 1);
    w.pad = w.pad_end = w.grow_end = net::Shape(axes, 0);
  }
  // The last window may stick out: then the padding behind is as long as it needs.
  for (std::size_t i = 0; w.ceil && i < w.kernel.size(); ++i) {
    const std::int64_t reach = w.dilation[i] * (w.kernel[i] - 1) + 1;
    w.pad_end[i] = std::max(w.pad_end[i], (out[i + 2] - 1) * w.stride[i] + reach - in[i + 2] - w.pad[i]);
  }
  return w;
}

}  // namespace

Result<void> NetworkPlan::pool(int i) {
  using Forward = dnnl::pooling_v2_forward;
  const net::Operator& op = graph_.operators[at(i)];
  const net::Window w = window_of(op, dims(op.inputs[0]), dims(op.output));
  if (op.kind == net::OpKind::average_pool && w.include_pad && w.pad_end != op.window.pad_end)
    return refuse(op, "an average that counts padding, with a window that sticks out, has no rule");
  const Geometry g(w);
  const memory::dims kernel = dims_of(w.kernel);
  auto algorithm = dnnl::algorithm::pooling_max;
  if (op.kind != net::OpKind::max_pool)
    algorithm = w.include_pad ? dnnl::algorithm::pooling_avg_include_padding
                              : dnnl::algorithm::pooling_avg_exclude_padding;
  const ValueId from = dense(op.inputs[0]);
  const memory::desc source_desc = plan_.desc(from);
  const Forward::primitive_desc pd({forward_kind(), algorithm, source_desc, any(op.output), g.stride, kernel,
                                    g.dilation, g.pad, g.pad_end},
                                   attributes(), plan_.engine());
  const ValueId source = in_layout(op.inputs[0], pd.src_desc()), out = plan_.transient(pd.dst_desc());
  const bool indexed = training() && op.kind == net::OpKind::max_pool;
  const ValueId places = indexed ? plan_.transient(pd.workspace_desc()) : -1;
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, out}, {DNNL_ARG_WORKSPACE, places}});
  made(op.output, out);
  if (!training()) return {};
  later(i, [this, &op, pd, algorithm, g, kernel, places] {
    using Backward = dnnl::pooling_v2_backward;
    const Backward::primitive_desc back(
        {algorithm, pd.src_desc(), pd.dst_desc(), g.stride, kernel, g.dilation, g.pad, g.pad_end},
        attributes(), plan_.engine(), pd);
    const ValueId gradient = plan_.transient(pd.src_desc());
    plan_.add(back, Backward(back),
              {{DNNL_ARG_DIFF_DST, gradient_in(op.output, pd.dst_desc())},
               {DNNL_ARG_WORKSPACE, places},
               {DNNL_ARG_DIFF_SRC, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  });
  return {};
}

Result<void> NetworkPlan::resize(int i) {
  using Forward = dnnl::resampling_forward;
  const net::Operator& op = graph_.operators[at(i)];
  const memory::dims in = dims(op.inputs[0]), to = dims(op.output);
  if (op.linear_interpolation && op.grid != net::ResizeGrid::half_pixel)
    return refuse(op, "oneDNN's linear resampling reads at half-pixel places only");
  for (std::size_t axis = 2; !op.linear_interpolation && axis < in.size(); ++axis)
    if (to[axis] % in[axis] != 0)
      return refuse(op, "nearest resampling runs at whole factors only, where all conventions agree");
  const auto algorithm =
      op.linear_interpolation ? dnnl::algorithm::resampling_linear : dnnl::algorithm::resampling_nearest;
  const Forward::primitive_desc pd(
      Forward::desc(forward_kind(), algorithm, plan_.desc(dense(op.inputs[0])), any(op.output)), attributes(),
      plan_.engine());
  const ValueId source = in_layout(op.inputs[0], pd.src_desc()), out = plan_.transient(pd.dst_desc());
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  if (!training()) return {};
  later(i, [this, &op, pd, algorithm] {
    using Backward = dnnl::resampling_backward;
    const Backward::primitive_desc back({algorithm, pd.src_desc(), pd.dst_desc()}, attributes(),
                                        plan_.engine(), pd);
    const ValueId gradient = plan_.transient(pd.src_desc());
    plan_.add(back, Backward(back),
              {{DNNL_ARG_DIFF_DST, gradient_in(op.output, pd.dst_desc())}, {DNNL_ARG_DIFF_SRC, gradient}});
    add_gradient(op.inputs[0], gradient, true);
  });
  return {};
}

Result<void> NetworkPlan::response_norm(int i) {
  using Forward = dnnl::lrn_forward;
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const net::Response& r = op.response;
  const ValueId source = dense(op.inputs[0]);
  const memory::desc desc = plan_.desc(source);
  const Forward::primitive_desc pd(
      {forward_kind(), dnnl::algorithm::lrn_across_channels, desc, r.size, static_cast<float>(r.alpha),
       static_cast<float>(r.beta), static_cast<float>(r.bias)},
      attributes(), plan_.engine());
  const ValueId out = plan_.transient(desc);
  plan_.add(pd, Forward(pd), {{DNNL_ARG_SRC, in_layout(op.inputs[0], desc)}, {DNNL_ARG_DST, out}});
  made(op.output, out);
  return {};
}

}  // namespace ridgepoint::onednn
