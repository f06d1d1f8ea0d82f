// SPDX-License-Identifier: Apache-2.0
// Operators that move numbers. Views stay views where the layout allows it.
#include <cstring>

#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint::onednn {
namespace {

/// A part of `desc`; where its blocks do not allow that, nothing.
std::optional<memory::desc> part_of(const memory::desc& desc, const memory::dims& dims,
                                    const memory::dims& starts) {
  try {
    return desc.submemory_desc(dims, starts);
  } catch (const dnnl::error&) {
    return std::nullopt;
  }
}

}  // namespace

Result<void> NetworkPlan::concat(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  std::vector<memory::desc> descs;
  Arguments arguments;
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    const ValueId part = value(op.inputs[k]);
    const ValueId typed = plan_.desc(part).data.data_type == memory::convert_to_c(type_)
                              ? in_layout(op.inputs[k], plan_.desc(part))
                              : plain_value(op.inputs[k]);
    descs.push_back(plan_.desc(typed));
    arguments.emplace_back(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(k), typed);
  }
  const dnnl::concat::primitive_desc pd(op.axis, descs, plan_.engine(), attributes());
  const ValueId out = plan_.transient(pd.dst_desc());
  arguments.emplace_back(DNNL_ARG_DST, out);
  plan_.add(pd, dnnl::concat(pd), std::move(arguments));
  made(op.output, out);
  if (!training()) return {};
  later(i, [this, &op] {
    ValueId whole = gradients_[at(op.output)];
    memory::dims starts(dims(op.output).size(), 0);
    for (const int input : op.inputs) {
      auto part = part_of(plan_.desc(whole), dims(input), starts);
      if (!part) {
        whole = relaid(whole, plain(dims(op.output)));
        part = part_of(plan_.desc(whole), dims(input), starts);
      }
      if (wants_gradient(input)) add_gradient(input, plan_.view(whole, *part), false);
      starts[at(op.axis)] += dims(input)[at(op.axis)];
    }
  });
  return {};
}

Result<void> NetworkPlan::slice(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const memory::dims starts = dims_of(op.starts);
  ValueId whole = value(op.inputs[0]);
  auto part = part_of(plan_.desc(whole), dims(op.output), starts);
  if (!part) {
    whole = plain_value(op.inputs[0]);
    part = part_of(plan_.desc(whole), dims(op.output), starts);
  } else {
    in_layout(op.inputs[0], plan_.desc(whole));
  }
  made(op.output, plan_.view(whole, *part));
  return {};
}

Result<void> NetworkPlan::pad(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const ValueId source = value(op.inputs[0]), out = plan_.transient(plain(dims(op.output), type_));
  in_layout(op.inputs[0], plan_.desc(source));
  const std::size_t bytes = plan_.desc(out).get_size();
  plan_.add_native("zero", {out}, [this, out, bytes] { std::memset(plan_.data<char>(out), 0, bytes); });
  const auto part = part_of(plan_.desc(out), dims(op.inputs[0]), dims_of(op.starts));
  plan_.reorder(source, plan_.view(out, *part));
  made(op.output, out);
  return {};
}

Result<void> NetworkPlan::reshape(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  const ValueId source = plain_value(op.inputs[0]);
  made(op.output, plan_.view(source, plain(dims(op.output), type_)));
  if (!training()) return {};
  later(i, [this, &op] {
    const ValueId gradient = gradient_in(op.output, plain(dims(op.output)));
    add_gradient(op.inputs[0], plan_.view(gradient, plain(dims(op.inputs[0]))), false);
  });
  return {};
}

Result<void> NetworkPlan::transpose(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  if (training()) return refuse(op, "it has no backward pass here");
  const ValueId source = plain_value(op.inputs[0]);
  const memory::dims in = dims(op.inputs[0]);
  memory::dims strides(in.size(), 1), turned(in.size());
  for (std::size_t axis = in.size() - 1; axis-- > 0;) strides[axis] = strides[axis + 1] * in[axis + 1];
  for (std::size_t axis = 0; axis < in.size(); ++axis) turned[axis] = strides[at(op.order[axis])];
  const ValueId view = plan_.view(source, memory::desc(dims(op.output), type_, turned));
  const ValueId out = plan_.transient(plain(dims(op.output), type_));
  plan_.reorder(view, out);
  made(op.output, out);
  return {};
}

}  // namespace ridgepoint::onednn
