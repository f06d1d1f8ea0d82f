// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/onednn_plan.h"

#include <omp.h>

#include <algorithm>
#include <numeric>

#include "model/core/format.h"
#include "model/core/text.h"

namespace ridgepoint::onednn {
namespace {

constexpr std::size_t kLine = 64;

std::size_t rounded(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

}  // namespace

bool is_reference(const std::string& implementation) {
  return starts_with(implementation, "ref") || implementation.find("+ref") != std::string::npos ||
         implementation.find(":ref") != std::string::npos;
}

memory::desc plain(const memory::dims& dims, memory::data_type type) {
  memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
  return {dims, type, strides};
}

bool is_dense(const memory::desc& desc) {
  std::size_t numbers = 1;
  for (int i = 0; i < desc.data.ndims; ++i) numbers *= static_cast<std::size_t>(desc.data.padded_dims[i]);
  return desc.data.offset0 == 0 && desc.get_size() == numbers * memory::data_type_size(desc.data_type());
}

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

Plan::Plan(int threads) : threads_(threads), engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
  omp_set_num_threads(threads_);
}

ValueId Plan::transient(const memory::desc& desc) {
  const auto id = static_cast<ValueId>(values_.size());
  values_.push_back({desc, id, false, -1, -1, 0, memory(desc, engine_, DNNL_MEMORY_NONE)});
  return id;
}

ValueId Plan::lasting(const memory::desc& desc, double PlannedMemory::*account) {
  const auto id = static_cast<ValueId>(values_.size());
  values_.push_back({desc, id, true, -1, -1, 0, memory(desc, engine_)});
  memory_.*account += static_cast<double>(desc.get_size());
  return id;
}

ValueId Plan::view(ValueId of, const memory::desc& desc) {
  const auto id = static_cast<ValueId>(values_.size());
  void* at_once = is_lasting(of) ? at(of).get_data_handle() : DNNL_MEMORY_NONE;
  values_.push_back({desc, root(of), false, -1, -1, 0, memory(desc, engine_, at_once)});
  return id;
}

ValueId Plan::scratchpad(const memory::desc& desc) { return desc.get_size() == 0 ? -1 : transient(desc); }

void Plan::begin_unit(Unit unit) {
  units_.push_back(std::move(unit));
  unit_begin_.push_back(steps_.size());
}

void Plan::use(ValueId value) {
  Value& owner = values_[index(root(value))];
  const auto step = static_cast<int>(steps_.size());
  if (owner.first < 0) owner.first = step;
  owner.last = step;
  units_.back().byte += static_cast<double>(desc(value).get_size());
}

void Plan::note(const std::string& implementation) {
  Unit& u = units_.back();
  if (is_reference(implementation)) u.reference = true;
  if (u.implementation.find(implementation) != std::string::npos) return;
  u.implementation += (u.implementation.empty() ? "" : ", ") + implementation;
}

void Plan::add_step(const dnnl::primitive& primitive, Arguments arguments,
                    const std::string& implementation) {
  std::erase_if(arguments, [](const auto& argument) { return argument.second < 0; });
  Step step{primitive, {}, {}};
  for (const auto& [key, value] : arguments) {
    use(value);
    step.arguments.emplace(key, at(value));
  }
  note(implementation);
  steps_.push_back(std::move(step));
}

void Plan::add_native(std::string name, std::vector<ValueId> uses, std::function<void()> work) {
  for (const ValueId value : uses)
    if (value >= 0) use(value);
  note(name);
  steps_.push_back({{}, std::move(work), {}});
}

void Plan::reorder(ValueId from, ValueId to) {
  const dnnl::reorder::primitive_desc pd(engine_, desc(from), engine_, desc(to), attributes());
  add(pd, dnnl::reorder(pd), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

void Plan::reorder_now(const float* from, const memory::desc& layout, memory& to) {
  memory source(layout, engine_, const_cast<float*>(from));  // only read
  dnnl::reorder(source, to).execute(stream_, source, to);
  stream_.wait();
}

std::vector<float> Plan::read(ValueId value, const memory::dims& dims) {
  const memory::desc layout = plain(dims);
  std::vector<float> out(layout.get_size() / sizeof(float));
  read_into(value, layout, out.data());
  return out;
}

void Plan::read_into(ValueId value, const memory::desc& layout, float* to) {
  memory target(layout, engine_, to);
  dnnl::reorder(at(value), target).execute(stream_, at(value), target);
  stream_.wait();
}

/// Largest first, each at the lowest place that no value of an overlapping lifetime holds.
std::size_t Plan::place_transients() {
  std::vector<std::size_t> order(values_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) {
    return index(values_[i].root) != i || values_[i].lasting || values_[i].first < 0;
  });
  const auto bytes = [&](std::size_t i) { return rounded(values_[i].desc.get_size()); };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return bytes(a) > bytes(b); });
  std::vector<std::size_t> placed;  // by offset
  std::size_t end = 0;
  for (const std::size_t i : order) {
    Value& v = values_[i];
    for (const std::size_t p : placed) {
      const Value& other = values_[p];
      if (other.last < v.first || other.first > v.last) continue;
      if (v.offset + bytes(i) <= other.offset) break;
      v.offset = std::max(v.offset, other.offset + bytes(p));
    }
    const auto behind =
        std::ranges::upper_bound(placed, v.offset, {}, [&](std::size_t p) { return values_[p].offset; });
    placed.insert(behind, i);
    end = std::max(end, v.offset + bytes(i));
    memory_.unshared_byte += static_cast<double>(bytes(i));
  }
  return end;
}

Result<void> Plan::settle(double memory_limit_byte) {
  const std::size_t bytes = std::max(kLine, place_transients());
  memory_.arena_byte = static_cast<double>(bytes);
  if (memory_.total() > memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "this network needs " + show_bytes(memory_.total()) + " at this shape",
                "the limit is " + show_bytes(memory_limit_byte), "choose a smaller shape or give --memory");
  auto made = Buffer::make(bytes);
  if (!made) return tl::make_unexpected(made.error());
  arena_ = std::move(*made);
  char* start = arena_->as<char>();
  for (Value& v : values_) {
    const Value& owner = values_[index(v.root)];
    if (!owner.lasting && owner.first >= 0) v.bound.set_data_handle(start + owner.offset);
  }
  return {};
}

void Plan::run_unit(std::size_t unit) {
  const std::size_t end = unit + 1 < unit_begin_.size() ? unit_begin_[unit + 1] : steps_.size();
  for (std::size_t i = unit_begin_[unit]; i < end; ++i)
    if (steps_[i].native)
      steps_[i].native();
    else
      steps_[i].primitive.execute(stream_, steps_[i].arguments);
}

}  // namespace ridgepoint::onednn
