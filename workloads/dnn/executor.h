// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "workloads/dnn/loss.h"
#include "workloads/dnn/network_values.h"
#include "workloads/kernel.h"

// Whole networks through oneDNN: planned once, then run again and again.

namespace ridgepoint {

enum class Optimizer { sgd, adam };

struct TrainingOptions {
  LossKind loss = LossKind::cross_entropy;
  Optimizer optimizer = Optimizer::sgd;
  double rate = 0.01;
  double momentum = 0.9;  ///< of sgd; adam's first moment
  double second = 0.999;  ///< adam's second moment
  double epsilon = 1e-8;  ///< adam
  bool update = true;     ///< false: gradients only
};

struct ExecutorOptions {
  int threads = 1;
  net::Element element = net::Element::fp32;  ///< of activations and weights; sums are FP32
  bool fuse = true;                           ///< obey Operator::fused_into
  double memory_limit_byte = 4e9;
  std::uint64_t seed = 1;  ///< of dropout
  std::optional<TrainingOptions> training = {};
};

enum class Phase { forward, loss, backward, update };

constexpr auto names(Phase) {
  return enum_names<Phase>({{Phase::forward, "forward"},
                            {Phase::loss, "loss"},
                            {Phase::backward, "backward"},
                            {Phase::update, "update"}});
}

/// What runs between two readings of the clock: an operator with what was fused into it, or a re-layout.
struct Unit {
  std::string name;
  Phase phase = Phase::forward;
  std::vector<int> operators = {};  ///< of the graph; the last one's output is what the unit writes
  std::string implementation = {};  ///< oneDNN's names, for example "jit:avx512_core"
  bool reference = false;           ///< one of them is oneDNN's slow reference
  double flop = 0;                  ///< 2 a multiply-accumulate of convolutions and linear layers, else 0
  double byte = 0;                  ///< of all memory that its primitives read and write, once each
};

/// Bytes set aside for one plan.
struct PlannedMemory {
  double arena_byte = 0;     ///< tensors and scratchpads that share one area by their lifetimes
  double unshared_byte = 0;  ///< what the arena would be if nothing shared memory
  double weight_byte = 0;    ///< in the layouts used
  double update_byte = 0;    ///< gradients, momenta
  double plain_byte = 0;     ///< inputs, outputs, targets as the caller sees them
  double total() const { return arena_byte + weight_byte + update_byte + plain_byte; }
};

class Executor {
 public:
  virtual ~Executor() = default;
  const std::vector<Unit>& units() const { return units_; }
  const PlannedMemory& memory() const { return memory_; }

  virtual void set_input(std::size_t input, const std::vector<float>& plain) = 0;
  /// Runs one unit; units in order are one inference or one training step.
  virtual Result<void> run_unit(std::size_t unit) = 0;
  /// All units; ends early, with an `interrupted` error, when the user asks.
  virtual Result<void> run() = 0;
  /// A tensor of the graph in plain layout: an input of `unit` when that is about to run, its output when it
  /// has just run. Outputs of the network stay after a run.
  virtual std::vector<float> tensor(int tensor, std::size_t unit) = 0;
  virtual std::vector<float> output(std::size_t output) = 0;

  // Training only.
  virtual void set_target(std::size_t output, const Target& target) = 0;
  virtual double loss() const = 0;
  virtual std::vector<float> parameter(int parameter) = 0;
  /// Of the step that has just run. Empty where the loss does not depend on the parameter.
  virtual std::vector<float> gradient(int parameter) = 0;
  /// The loss by a tensor of the graph, in plain layout, when the backward unit of its maker is about to run;
  /// later that memory holds something else. Empty where the loss does not depend on weights behind it.
  virtual std::vector<float> tensor_gradient(int tensor) = 0;
  virtual void set_parameter(int parameter, const std::vector<float>& plain) = 0;

 protected:
  std::vector<Unit> units_;
  PlannedMemory memory_;
};

/// Refuses (`unavailable`) what it cannot run, by the operator's name, and plans above the memory limit.
Result<std::unique_ptr<Executor>> make_executor(const net::Graph& graph, const NetworkValues& values,
                                                const ExecutorOptions& options);

/// Why this processor cannot compute in `element`; nothing when it can.
std::optional<Error> element_trouble(net::Element element);

/// A square matrix product through oneDNN on as many threads, FLOP/s: what dense layers are judged by.
AdjacentRoof matmul_roof(int threads, net::Element element, double flop);

}  // namespace ridgepoint
