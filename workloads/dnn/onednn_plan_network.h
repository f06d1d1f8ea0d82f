// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "workloads/dnn/onednn_plan.h"

namespace ridgepoint::onednn {

/// Writes a graph into a Plan, operator by operator. In training every operator leaves behind how its
/// gradients are made, and backward() calls that in reverse order.
class NetworkPlan {
 public:
  NetworkPlan(const net::Graph& graph, const NetworkValues& values, const ExecutorOptions& options,
              Plan& plan);

  /// The whole network, or the first operator that cannot run.
  Result<void> write();

  struct Read {
    int tensor = 0;
    ValueId value = -1;
  };
  /// Where each unit finds its inputs and leaves its output.
  const std::vector<std::vector<Read>>& reads() const { return reads_; }
  const std::vector<std::vector<Read>>& writes() const { return writes_; }
  ValueId input(std::size_t i) const { return input_values_[i]; }
  ValueId output(std::size_t i) const { return output_values_[i]; }
  ValueId master(int parameter) const { return parameters_[at(parameter)].master; }
  ValueId gradient(int parameter) const { return parameters_[at(parameter)].gradient; }
  ValueId tensor_gradient(int tensor) const { return gradients_[at(tensor)]; }
  memory::dims parameter_dims(int parameter) const { return parameters_[at(parameter)].dims; }
  memory::desc parameter_layout(int parameter) const { return parameters_[at(parameter)].layout; }
  double loss() const { return loss_; }
  ValueId target(std::size_t output) const { return target_values_[output]; }

 private:
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  struct ParameterState {
    memory::dims dims;    ///< as oneDNN sees it
    memory::desc layout;  ///< of the caller's plain numbers
    std::map<std::string, std::vector<std::pair<memory::desc, ValueId>>>
        ready;                           ///< inference, by what is folded in
    ValueId master = -1, gradient = -1;  ///< training
    bool gradient_begun = false;
  };

  // onednn_plan_network.cpp
  Result<void> operation(int op);
  Result<void> refuse(const net::Operator& op, const std::string& why) const;
  void begin(int op, const std::vector<int>& operators);
  memory::dims dims(int tensor) const;
  memory::dims dims_of(const net::Shape& shape) const { return {shape.begin(), shape.end()}; }
  memory::desc any(int tensor) const { return {dims(tensor), type_, Tag::any}; }
  ValueId value(int tensor) { return tensors_[at(tensor)].front(); }
  /// The tensor in that layout: what exists, or a reorder.
  ValueId in_layout(int tensor, const memory::desc& desc);
  /// What its maker wrote, or plain where that is a part of something else.
  ValueId dense(int tensor) {
    return is_dense(plan_.desc(value(tensor))) ? in_layout(tensor, plan_.desc(value(tensor)))
                                               : plain_value(tensor);
  }
  ValueId relaid(ValueId value, const memory::desc& desc);
  ValueId plain_value(int tensor) { return in_layout(tensor, plain(dims(tensor), type_)); }
  ValueId plain_fp32(int tensor) { return in_layout(tensor, plain(dims(tensor))); }
  /// `tensor` is now `value`; ends the unit's operators.
  void made(int tensor, ValueId value);
  bool may_overwrite(int tensor, int op, int except = -1) const;
  /// Its input's memory when that may go, else new memory.
  ValueId overwrite_or_new(int tensor, ValueId source, int op);
  void save(ValueId value) { saved_.insert(plan_.root(value)); }
  bool training() const { return options_.training.has_value(); }
  dnnl::prop_kind forward_kind() const {
    return training() ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  }
  void output_tensor(std::size_t i);

  // Fusion: onednn_plan_fusion.cpp
  struct Fused {
    std::vector<int> operators;  ///< host first
    int norm = -1;               ///< batch norm folded into the weights
    int sum = -1;                ///< the other operand, a tensor
    int sum_op = -1;
    dnnl::post_ops post;
    int tensor = 0;  ///< what the host now writes
  };
  Fused fused_with(int op, bool post_ops) const;
  bool append(Fused& fused, int op) const;
  std::vector<int> riders_of(int op) const;
  /// The memory that the host of `fused` writes: new, or that of the operand which is added.
  ValueId destination(const Fused& fused, const memory::desc& desc, ValueId source);

  // Weights: onednn_plan_weights.cpp
  void describe_parameter(int parameter, const memory::dims& dims, const memory::desc& layout);
  ValueId weight(int parameter, const memory::desc& desc, const Fused* fused, std::int64_t outputs_axis);
  ValueId vector_parameter(int parameter, std::int64_t repeat = 1);
  ValueId bias(const net::Operator& op, const Fused& fused, std::int64_t channels);
  std::vector<float> factors(const Fused& fused, std::vector<float>* shifts) const;
  ValueId lasting_vector(const std::vector<float>& numbers);
  ValueId gradient_target(int parameter, const memory::desc& desc);
  void gradient_made(int parameter, ValueId value);
  ValueId master_of(int parameter, const memory::desc& desc);

  // Operators
  Result<void> convolution(int op);  // onednn_plan_conv.cpp
  void convolution_backward(int op, const dnnl::convolution_forward::primitive_desc& pd, ValueId source,
                            ValueId weights);
  Result<void> transposed_convolution(int op);  // onednn_plan_deconv.cpp
  void transposed_backward(int op, const dnnl::deconvolution_forward::primitive_desc& pd, ValueId source,
                           ValueId weights);
  Result<void> linear(int op);  // onednn_plan_dense.cpp
  Result<void> softmax(int op);
  Result<void> pool(int op);  // onednn_plan_window.cpp
  Result<void> resize(int op);
  Result<void> response_norm(int op);
  Result<void> norm(int op);  // onednn_plan_norm.cpp
  struct NormState {
    memory::desc desc, layout;  ///< of the tensor, and as the primitive sees it
    ValueId source = -1, mean = -1, variance = -1, scale = -1, shift = -1;
  };
  void norm_backward(int op, const dnnl::batch_normalization_forward::primitive_desc& forward,
                     const NormState& state);
  Result<void> group_norm(int op);
  ValueId repeated(ValueId vector, std::int64_t times);
  ValueId folded(ValueId vector, std::int64_t times);
  Result<void> activation(int op);  // onednn_plan_pointwise.cpp
  Result<void> prelu(int op);
  Result<void> two_tensors(int op);
  Result<void> dropout(int op);
  Result<void> concat(int op);  // onednn_plan_moves.cpp
  Result<void> slice(int op);
  Result<void> pad(int op);
  Result<void> reshape(int op);
  Result<void> transpose(int op);

  // Training: onednn_plan_training.cpp
  bool wants_gradient(int tensor) const { return wants_[at(tensor)]; }
  /// Called in reverse order; `op`'s output gradient exists by then.
  void later(int op, std::function<void()> backward) { backward_.push_back({op, std::move(backward)}); }
  /// The gradient of `tensor` in that layout.
  ValueId gradient_in(int tensor, const memory::desc& desc) { return relaid(gradients_[at(tensor)], desc); }
  /// `fresh`: nobody else knows this value, so it may be added to.
  void add_gradient(int tensor, ValueId value, bool fresh);
  void write_losses();
  void write_backward();
  void write_update();
  ValueId zeroed(const memory::desc& desc);

  const net::Graph& graph_;
  const NetworkValues& values_;
  ExecutorOptions options_;
  Plan& plan_;
  memory::data_type type_;
  std::vector<std::vector<ValueId>> tensors_;  ///< the layouts that exist; the first is what its maker wrote
  std::vector<std::vector<int>> readers_;
  std::vector<ParameterState> parameters_;
  std::vector<bool> done_;  ///< operators that went into another one
  std::set<ValueId> saved_;
  std::vector<ValueId> input_values_, output_values_;
  std::vector<std::vector<Read>> reads_, writes_;
  struct Late {
    int op = 0;
    std::function<void()> write;
  };
  std::vector<Late> backward_;
  std::vector<ValueId> gradients_;
  std::vector<bool> wants_;
  std::vector<ValueId> target_values_;
  double loss_ = 0;
  std::int64_t step_ = 0;
};

inline std::string kind_name(net::OpKind kind) { return std::string(name_of(kind)); }

/// Dilations, strides and paddings in oneDNN's words.
struct Geometry {
  memory::dims stride, dilation, pad, pad_end;
  explicit Geometry(const net::Window& w);
};

}  // namespace ridgepoint::onednn
