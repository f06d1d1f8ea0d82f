// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/core/buffer.h"
#include "workloads/dnn/executor.h"

// Primitives in the order in which they run, and the memory between them. The oneDNN 2.x API, in the files
// onednn*.cpp only; its exceptions are caught in onednn_executor.cpp.

namespace ridgepoint::onednn {

using dnnl::memory;
using Tag = memory::format_tag;
/// Index of a block of memory with a layout; -1: none.
using ValueId = int;
using Arguments = std::vector<std::pair<int, ValueId>>;

/// oneDNN's slow reference implementation?
bool is_reference(const std::string& implementation);
/// Row-major layout of `dims`.
memory::desc plain(const memory::dims& dims, memory::data_type type = memory::data_type::f32);

/// Does the layout fill its memory? A part of another tensor does not.
bool is_dense(const memory::desc& desc);

/// Values live from the first step that uses them to the last one; those that never live together share
/// memory in one arena. Lasting values have memory of their own.
class Plan {
 public:
  explicit Plan(int threads);

  const dnnl::engine& engine() const { return engine_; }
  dnnl::stream& stream() { return stream_; }
  int threads() const { return threads_; }

  ValueId transient(const memory::desc& desc);
  /// `account`: the field of PlannedMemory that pays.
  ValueId lasting(const memory::desc& desc, double PlannedMemory::*account);
  /// Other words for the same bytes.
  ValueId view(ValueId of, const memory::desc& desc);
  ValueId root(ValueId value) const { return values_[index(value)].root; }
  bool is_lasting(ValueId value) const { return values_[index(root(value))].lasting; }
  const memory::desc& desc(ValueId value) const { return values_[index(value)].desc; }
  memory& at(ValueId value) { return values_[index(value)].bound; }
  template <class T>
  T* data(ValueId value) {
    return static_cast<T*>(at(value).get_data_handle());
  }

  void begin_unit(Unit unit);
  Unit& unit() { return units_.back(); }
  /// One primitive, with a scratchpad that lives for this step only. Its attributes must say that the caller
  /// brings the scratchpad: attributes().
  template <class Descriptor, class Primitive>
  void add(const Descriptor& pd, const Primitive& primitive, Arguments arguments) {
    arguments.emplace_back(DNNL_ARG_SCRATCHPAD, scratchpad(pd.scratchpad_desc()));
    add_step(primitive, std::move(arguments), pd.impl_info_str());
  }
  /// A loop of ours that uses these values.
  void add_native(std::string name, std::vector<ValueId> uses, std::function<void()> work);
  void reorder(ValueId from, ValueId to);

  /// Fixes the places of all transients and makes the arena.
  Result<void> settle(double memory_limit_byte);
  void run_unit(std::size_t unit);
  std::vector<Unit>& units() { return units_; }
  const PlannedMemory& memory_plan() const { return memory_; }

  /// Now, while planning: for weights.
  void reorder_now(const float* from, const memory::desc& layout, memory& to);
  /// Any value as plain FP32 of these dims.
  std::vector<float> read(ValueId value, const memory::dims& dims);
  void read_into(ValueId value, const memory::desc& layout, float* to);

 private:
  struct Value {
    memory::desc desc;
    ValueId root = -1;
    bool lasting = false;
    int first = -1, last = -1;  ///< steps
    std::size_t offset = 0;
    memory bound;
  };
  struct Step {
    dnnl::primitive primitive;
    std::function<void()> native;
    std::unordered_map<int, memory> arguments;
  };
  static std::size_t index(ValueId value) { return static_cast<std::size_t>(value); }
  ValueId scratchpad(const memory::desc& desc);
  void add_step(const dnnl::primitive& primitive, Arguments arguments, const std::string& implementation);
  void note(const std::string& implementation);
  void use(ValueId value);
  std::size_t place_transients();

  int threads_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  std::vector<Value> values_;
  std::vector<Step> steps_;
  std::vector<Unit> units_;
  std::vector<std::size_t> unit_begin_;
  PlannedMemory memory_;
  std::optional<Buffer> arena_;
};

/// Attributes with the caller's scratchpad.
dnnl::primitive_attr attributes();

}  // namespace ridgepoint::onednn
