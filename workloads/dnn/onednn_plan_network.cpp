// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_plan_network.h"

#include <algorithm>
#include <limits>

#include "model/networks/shape_rules.h"

namespace ridgepoint::onednn {

using net::OpKind;

Geometry::Geometry(const net::Window& w)
    : stride(w.stride.begin(), w.stride.end()), pad(w.pad.begin(), w.pad.end()) {
  for (const std::int64_t d : w.dilation) dilation.push_back(d - 1);
  for (std::size_t i = 0; i < w.pad_end.size(); ++i)
    pad_end.push_back(w.pad_end[i] - (i < w.grow_end.size() ? w.grow_end[i] : 0));
}

NetworkPlan::NetworkPlan(const net::Graph& graph, const NetworkValues& values, const ExecutorOptions& options,
                         Plan& plan)
    : graph_(graph),
      values_(values),
      options_(options),
      plan_(plan),
      type_(options.element == net::Element::bf16 ? memory::data_type::bf16 : memory::data_type::f32),
      tensors_(graph.tensors.size()),
      readers_(graph.tensors.size()),
      parameters_(graph.parameters.size()),
      done_(graph.operators.size(), false),
      gradients_(graph.tensors.size(), -1),
      wants_(graph.tensors.size(), false) {
  for (std::size_t i = 0; i < graph_.operators.size(); ++i) {
    const net::Operator& op = graph_.operators[i];
    bool wanted = !op.parameters.empty();
    for (const int input : op.inputs) {
      readers_[at(input)].push_back(static_cast<int>(i));
      wanted = wanted || wants_[at(input)];
    }
    wants_[at(op.output)] = wanted;
  }
  for (const int out : graph_.outputs) readers_[at(out)].push_back(std::numeric_limits<int>::max());
}

Result<void> NetworkPlan::write() {
  for (const int input : graph_.inputs) {
    input_values_.push_back(plan_.lasting(plain(dims(input)), &PlannedMemory::plain_byte));
    tensors_[at(input)] = {input_values_.back()};
  }
  for (std::size_t i = 0; i < graph_.operators.size(); ++i) {
    if (done_[i]) continue;
    if (auto ok = operation(static_cast<int>(i)); !ok) return ok;
  }
  for (std::size_t i = 0; i < graph_.outputs.size(); ++i) output_tensor(i);
  if (training()) {
    write_losses();
    write_backward();
    if (options_.training->update) write_update();
  }
  reads_.resize(plan_.units().size());
  writes_.resize(plan_.units().size());
  return {};
}

Result<void> NetworkPlan::operation(int i) {
  const net::Operator& op = graph_.operators[at(i)];
  begin(i, {i});
  switch (op.kind) {
    case OpKind::convolution:
      return convolution(i);
    case OpKind::transposed_convolution:
      return transposed_convolution(i);
    case OpKind::linear:
      return linear(i);
    case OpKind::max_pool:
    case OpKind::average_pool:
    case OpKind::global_average_pool:
      return pool(i);
    case OpKind::batch_norm:
    case OpKind::instance_norm:
      return norm(i);
    case OpKind::group_norm:
      return group_norm(i);
    case OpKind::local_response_norm:
      return response_norm(i);
    case OpKind::relu:
    case OpKind::leaky_relu:
    case OpKind::elu:
    case OpKind::sigmoid:
    case OpKind::tanh:
      return activation(i);
    case OpKind::prelu:
      return prelu(i);
    case OpKind::softmax:
      return softmax(i);
    case OpKind::add:
    case OpKind::multiply:
      return two_tensors(i);
    case OpKind::concat:
      return concat(i);
    case OpKind::resize:
      return resize(i);
    case OpKind::slice:
      return slice(i);
    case OpKind::pad:
      return pad(i);
    case OpKind::reshape:
      return reshape(i);
    case OpKind::transpose:
      return transpose(i);
    case OpKind::dropout:
      return dropout(i);
  }
  return refuse(op, "it is new here");
}

Result<void> NetworkPlan::refuse(const net::Operator& op, const std::string& why) const {
  return fail(ErrorKind::unavailable,
              "the operator '" + kind_name(op.kind) + "' of '" + printable(op.name) + "' in network '" +
                  printable(graph_.name) + "' cannot run here",
              why, "choose another network; see ridgepoint run --list");
}

void NetworkPlan::begin(int i, const std::vector<int>& operators) {
  const net::Operator& op = graph_.operators[at(i)];
  plan_.begin_unit(
      {.name = op.name, .operators = operators, .flop = 2 * static_cast<double>(net::macs_of(graph_, op))});
  reads_.resize(plan_.units().size());
  writes_.resize(plan_.units().size());
}

memory::dims NetworkPlan::dims(int tensor) const { return dims_of(graph_.tensors[at(tensor)].shape); }

ValueId NetworkPlan::relaid(ValueId value, const memory::desc& desc) {
  if (plan_.desc(value) == desc) return value;
  const ValueId to = plan_.transient(desc);
  plan_.reorder(value, to);
  return to;
}

ValueId NetworkPlan::in_layout(int tensor, const memory::desc& desc) {
  std::vector<ValueId>& known = tensors_[at(tensor)];
  for (const ValueId value : known)
    if (plan_.desc(value) == desc) {
      reads_.back().push_back({tensor, value});
      return value;
    }
  reads_.back().push_back({tensor, known.front()});
  known.push_back(relaid(known.front(), desc));
  return known.back();
}

void NetworkPlan::made(int tensor, ValueId value) {
  tensors_[at(tensor)] = {value};
  writes_.back().push_back({tensor, value});
}

bool NetworkPlan::may_overwrite(int tensor, int op, int except) const {
  const ValueId root = plan_.root(tensors_[at(tensor)].front());
  if (plan_.is_lasting(root) || saved_.contains(root)) return false;
  for (std::size_t t = 0; t < tensors_.size(); ++t) {
    const bool shares =
        std::ranges::any_of(tensors_[t], [&](ValueId value) { return plan_.root(value) == root; });
    if (!shares) continue;
    for (const int reader : readers_[t])
      if (reader > op && reader != except) return false;
  }
  return true;
}

ValueId NetworkPlan::overwrite_or_new(int tensor, ValueId source, int op) {
  const bool reuse = source == value(tensor) && may_overwrite(tensor, op);
  return reuse ? source : plan_.transient(plan_.desc(source));
}

void NetworkPlan::output_tensor(std::size_t i) {
  const int tensor = graph_.outputs[i];
  plan_.begin_unit({.name = graph_.tensors[at(tensor)].name + " (output)"});
  reads_.resize(plan_.units().size());
  writes_.resize(plan_.units().size());
  output_values_.push_back(plan_.lasting(plain(dims(tensor)), &PlannedMemory::plain_byte));
  plan_.reorder(value(tensor), output_values_.back());
}

}  // namespace ridgepoint::onednn
