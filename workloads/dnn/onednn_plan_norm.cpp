// SPDX-License-Identifier: Apache-2.0
// Norms. oneDNN 2.6 has batch norm only: N x C instances are viewed as a batch of one with N C channels.
#include <cmath>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {
namespace {

using Flags = dnnl::normalization_flags;

/// The layout of 1 x (N C) x ... over the same bytes; nothing where the channels do not fill their blocks.
std::optional<memory::desc> instances(const memory::desc& desc, const memory::dims& dims,
                                      memory::data_type type) {
  memory::dims joined = dims;
  joined[1] *= joined[0];
  joined[0] = 1;
  const bool flat = dims.size() == 4;
  for (const auto& [tag, block] :
       {std::pair{flat ? Tag::nChw16c : Tag::nCdhw16c, 16}, std::pair{flat ? Tag::nChw8c : Tag::nCdhw8c, 8},
        std::pair{flat ? Tag::nchw : Tag::ncdhw, 1}})
    if (dims[1] % block == 0 && memory::desc(dims, type, tag) == desc) return memory::desc(joined, type, tag);
  return std::nullopt;
}

}  // namespace

Result<void> NetworkPlan::norm(int i) {
  using Forward = dnnl::batch_normalization_forward;
  const net::Operator& op = graph_.operators[at(i)];
  const int x = op.inputs[0];
  const memory::dims d = dims(x);
  const bool each = op.kind == net::OpKind::instance_norm && d[0] > 1;
  if (each && d.size() < 4) return refuse(op, "instances of fewer than two axes have no rule");
  memory::desc desc = plan_.desc(dense(x)), layout = desc;
  if (each) {
    if (!instances(desc, d, type_)) desc = plain(d, type_);
    layout = *instances(desc, d, type_);
  }
  const bool affine = !op.parameters.empty(), gathered = op.kind == net::OpKind::batch_norm && !training();
  const auto channels = layout.dims()[1];
  Flags flags = affine ? Flags::use_scale | Flags::use_shift : Flags::none;
  if (gathered) flags |= Flags::use_global_stats;
  int written = op.output;
  const std::vector<int> riders = riders_of(i);
  if (!riders.empty() && graph_.operators[at(riders[0])].kind == net::OpKind::relu) {
    flags |= Flags::fuse_norm_relu;
    done_[at(riders[0])] = true;
    plan_.unit().operators.push_back(riders[0]);
    written = graph_.operators[at(riders[0])].output;
  }
  const auto epsilon = static_cast<float>(op.epsilon);
  const Forward::primitive_desc pd({forward_kind(), layout, epsilon, flags}, attributes(), plan_.engine());

  ValueId source = in_layout(x, desc);
  const bool reuse = !training() && source == value(x) && may_overwrite(x, i);
  ValueId out = reuse ? source : plan_.transient(desc);
  const ValueId whole = out;
  if (each) {
    source = plan_.view(source, layout);
    out = plan_.view(out, layout);
  }
  const memory::desc statistics({channels}, memory::data_type::f32, Tag::a);
  ValueId mean = -1, variance = -1;
  if (gathered) {
    mean = lasting_vector(values_.mean[at(i)]);
    variance = lasting_vector(values_.variance[at(i)]);
  } else if (training()) {
    mean = plan_.transient(statistics);
    variance = plan_.transient(statistics);
  }
  // One scale a channel; the view of instances wants one an instance and channel.
  ValueId scale = -1, shift = -1;
  if (affine) {
    scale = vector_parameter(op.parameters[0], channels / d[1]);
    shift = vector_parameter(op.parameters[1], channels / d[1]);
    if (each && training()) {
      scale = repeated(scale, d[0]);
      shift = repeated(shift, d[0]);
    }
  }
  plan_.add(pd, Forward(pd),
            {{DNNL_ARG_SRC, source},
             {DNNL_ARG_MEAN, mean},
             {DNNL_ARG_VARIANCE, variance},
             {DNNL_ARG_SCALE, scale},
             {DNNL_ARG_SHIFT, shift},
             {DNNL_ARG_DST, out}});
  made(written, whole);
  if (!training()) return {};
  save(source);
  later(i, [this, i, pd, state = NormState{desc, layout, source, mean, variance, scale, shift}] {
    norm_backward(i, pd, state);
  });
  return {};
}

void NetworkPlan::norm_backward(int i, const dnnl::batch_normalization_forward::primitive_desc& forward,
                                const NormState& state) {
  using Backward = dnnl::batch_normalization_backward;
  const net::Operator& op = graph_.operators[at(i)];
  const bool affine = !op.parameters.empty();
  const std::int64_t instances = state.layout.dims()[1] / state.desc.dims()[1];
  const memory::desc statistics({state.layout.dims()[1]}, memory::data_type::f32, Tag::a);
  const Backward::primitive_desc pd(
      {dnnl::prop_kind::backward, state.layout, state.layout, static_cast<float>(op.epsilon),
       affine ? Flags::use_scale | Flags::use_shift : Flags::none},
      attributes(), plan_.engine(), forward);
  const ValueId out_gradient = gradient_in(op.output, state.desc), gradient = plan_.transient(state.desc);
  const auto target = [&](std::size_t k) {
    if (!affine) return -1;
    return instances > 1 ? plan_.transient(statistics) : gradient_target(op.parameters[k], statistics);
  };
  const ValueId scales = target(0), shifts = target(1);
  plan_.add(pd, Backward(pd),
            {{DNNL_ARG_SRC, state.source},
             {DNNL_ARG_MEAN, state.mean},
             {DNNL_ARG_VARIANCE, state.variance},
             {DNNL_ARG_SCALE, state.scale},
             {DNNL_ARG_SHIFT, state.shift},  // unused, and 2.6 refuses to run without it
             {DNNL_ARG_DIFF_DST, instances > 1 ? plan_.view(out_gradient, state.layout) : out_gradient},
             {DNNL_ARG_DIFF_SRC, instances > 1 ? plan_.view(gradient, state.layout) : gradient},
             {DNNL_ARG_DIFF_SCALE, scales},
             {DNNL_ARG_DIFF_SHIFT, shifts}});
  if (affine) {
    gradient_made(op.parameters[0], instances > 1 ? folded(scales, instances) : scales);
    gradient_made(op.parameters[1], instances > 1 ? folded(shifts, instances) : shifts);
  }
  add_gradient(op.inputs[0], gradient, true);
}

ValueId NetworkPlan::repeated(ValueId vector, std::int64_t times) {
  const std::int64_t n = plan_.desc(vector).dims()[0];
  const ValueId out = plan_.transient(memory::desc({n * times}, memory::data_type::f32, Tag::a));
  plan_.add_native("repeat", {vector, out}, [this, vector, out, n, times] {
    for (std::int64_t k = 0; k < n * times; ++k) plan_.data<float>(out)[k] = plan_.data<float>(vector)[k % n];
  });
  return out;
}

ValueId NetworkPlan::folded(ValueId vector, std::int64_t times) {
  const std::int64_t n = plan_.desc(vector).dims()[0] / times;
  const ValueId out = plan_.transient(memory::desc({n}, memory::data_type::f32, Tag::a));
  plan_.add_native("fold", {vector, out}, [this, vector, out, n, times] {
    for (std::int64_t k = 0; k < n; ++k) {
      float sum = 0;
      for (std::int64_t t = 0; t < times; ++t) sum += plan_.data<float>(vector)[t * n + k];
      plan_.data<float>(out)[k] = sum;
    }
  });
  return out;
}

Result<void> NetworkPlan::group_norm(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const memory::dims d = dims(op.inputs[0]);
  const ValueId source = plain_fp32(op.inputs[0]), out = plan_.transient(plain(d));
  const std::int64_t groups = d[0] * op.groups, group = d[1] / op.groups,
                     plane = net::elements(d) / d[0] / d[1];
  const ValueId scale = op.parameters.empty() ? -1 : vector_parameter(op.parameters[0]);
  const ValueId shift = op.parameters.empty() ? -1 : vector_parameter(op.parameters[1]);
  const double epsilon = op.epsilon;
  plan_.add_native("loop", {source, scale, shift, out}, [=, this] {
    const auto *x = plan_.data<float>(source), *scales = scale < 0 ? nullptr : plan_.data<float>(scale),
               *shifts = shift < 0 ? nullptr : plan_.data<float>(shift);
    auto* y = plan_.data<float>(out);
    const std::int64_t n = group * plane;
#pragma omp parallel for
    for (std::int64_t g = 0; g < groups; ++g) {
      double sum = 0, squares = 0;
      for (std::int64_t k = 0; k < n; ++k) sum += static_cast<double>(x[g * n + k]);
      const double mean = sum / static_cast<double>(n);
      for (std::int64_t k = 0; k < n; ++k) {
        const double v = static_cast<double>(x[g * n + k]) - mean;
        squares += v * v;
      }
      const double factor = 1 / std::sqrt(squares / static_cast<double>(n) + epsilon);
      for (std::int64_t k = 0; k < n; ++k) {
        const std::int64_t c = g % (groups / d[0]) * group + k / plane;
        const double a = scales == nullptr ? factor : factor * static_cast<double>(scales[c]);
        const double b = shifts == nullptr ? 0 : static_cast<double>(shifts[c]);
        y[g * n + k] = static_cast<float>((static_cast<double>(x[g * n + k]) - mean) * a + b);
      }
    }
  });
  made(op.output, relaid(out, plain(d, type_)));
  return {};
}

}  // namespace ridgepoint::onednn
