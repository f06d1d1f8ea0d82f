// SPDX-License-Identifier: Apache-2.0
// Peak arithmetic of an OpenCL device: chains on registers, a kernel a type.
#include <algorithm>
#include <cmath>
#include <functional>

#include "probes/opencl_cells.h"
#include "probes/opencl_kernels.h"

namespace ridgepoint {
namespace {

constexpr double kSampleSeconds = 0.008;
constexpr int kLeastRounds = 16;  // 128 steps: 0.75^128 < 1e-15, so the chains have arrived
constexpr cl_uint kFactor = 1664525, kTerm = 1013904223, kBytes = 0x7f81035d;

/// One type: how its kernel is written, called and checked.
struct Chains {
  std::string key, unit;
  std::string source;
  std::size_t lanes = 1, lane_byte = 4;
  double operations = 2;  ///< a step and lane
  cl_uint first = 0, second = 0;
  /// Is the answer of all lanes right after so many steps?
  std::function<bool(const std::vector<unsigned char>&, std::uint64_t)> right;
};

template <class T>
bool near_fixed_point(const std::vector<unsigned char>& raw, double tolerance) {
  const T* far = reinterpret_cast<const T*>(raw.data());
  return std::all_of(far, far + raw.size() / sizeof(T),
                     [&](T x) { return static_cast<double>(x) <= tolerance; });  // a NaN is not
}

/// Halves are compared as their bits: non-negative halves are in the order of their patterns. 0x2800 is 1/32.
bool near_fixed_point_half(const std::vector<unsigned char>& raw) {
  const auto* far = reinterpret_cast<const std::uint16_t*>(raw.data());
  return std::all_of(far, far + raw.size() / 2, [](std::uint16_t x) { return x <= 0x2800; });
}

/// Every lane of an item has the same chains, so the sum over an item's chains is the answer of each.
bool sums_are(const std::vector<unsigned char>& raw, std::size_t lanes, std::size_t items_checked,
              const std::function<std::uint32_t(std::uint32_t)>& end) {
  const auto* got = reinterpret_cast<const std::uint32_t*>(raw.data());
  const std::size_t items = raw.size() / 4 / lanes;
  const std::size_t step = std::max<std::size_t>(1, items / items_checked);
  for (std::size_t item = 0; item < items; item += step) {
    std::uint32_t want = 0;
    for (unsigned k = 0; k < kClChains; ++k) want += end(chain_start(static_cast<unsigned>(item), k));
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if (got[item * lanes + lane] != want) return false;
  }
  return true;
}

Chains float_type(const std::string& key, const std::string& scalar, std::size_t lanes, std::size_t lane_byte,
                  bool fused) {
  Chains c{key, "flop/s", float_chains_source(scalar, lanes, fused), lanes, lane_byte, 2, 48, 52, {}};
  if (scalar == "half")
    c.right = [](const auto& raw, std::uint64_t) { return near_fixed_point_half(raw); };
  else if (scalar == "double")
    c.right = [](const auto& raw, std::uint64_t) { return near_fixed_point<double>(raw, 1e-13); };
  else
    c.right = [](const auto& raw, std::uint64_t) { return near_fixed_point<float>(raw, 1e-5); };
  return c;
}

std::vector<Chains> types_of(const ClListed& d) {
  std::vector<Chains> types;
  types.push_back(float_type("fp32", "float", d.native_fp32, 4, d.fused_fp32));
  if (d.has("cl_khr_fp64")) types.push_back(float_type("fp64", "double", d.native_fp64, 8, true));
  if (d.has("cl_khr_fp16")) types.push_back(float_type("fp16", "half", d.native_fp16, 2, d.fused_fp16));
  types.push_back({"int32", "op/s", int32_chains_source(d.native_int32), d.native_int32, 4, 2, kFactor, kTerm,
                   [lanes = d.native_int32](const auto& raw, std::uint64_t steps) {
                     return sums_are(raw, lanes, raw.size(), repeated({kFactor, kTerm}, steps));
                   }});
  if (d.has("cl_khr_integer_dot_product"))
    types.push_back({"int8_dot", "op/s", int8_chains_source(), 1, 4, 8, kBytes, 0,
                     [](const auto& raw, std::uint64_t steps) {
                       constexpr std::size_t kItems = 2;  // the host walks these chains step by step
                       return sums_are(raw, 1, kItems, [&](std::uint32_t x) {
                         for (std::uint64_t i = 0; i < steps; ++i) x = dot_step(x, kBytes);
                         return x;
                       });
                     }});
  return types;
}

/// A kernel that is ready to be timed.
class ChainLoop {
 public:
  ChainLoop(ClDevice& device, Chains type)
      : device_(device),
        type_(std::move(type)),
        program_(device.build(type_.source, "")),
        kernel_(device.kernel(program_, "chains")),
        answer_(device.items() * type_.lanes * type_.lane_byte),
        out_(device.buffer(answer_.size())) {}

  /// Rounds that take about kSampleSeconds, found by doubling; checks every answer on the way.
  void calibrate() {
    rounds_ = kLeastRounds;
    run();  // a CPU driver compiles at the first launch
    while (device_.trouble().empty() && run() < kSampleSeconds / 2 && rounds_ < (1 << 28)) rounds_ *= 2;
  }

  double rate() {
    const double seconds = run();
    const double work = type_.operations * static_cast<double>(device_.items() * type_.lanes * kClChains) *
                        static_cast<double>(steps());
    return device_.trouble().empty() ? work / seconds : 0;
  }

 private:
  std::uint64_t steps() const { return static_cast<std::uint64_t>(rounds_) * kClUnroll; }

  double run() {
    device_.fill(out_, 0x7fc07fc0, answer_.size());  // a NaN in every type: an old answer cannot pass
    device_.arguments(kernel_, out_.get(), static_cast<cl_int>(rounds_), type_.first, type_.second);
    const double seconds = device_.timed([&] { device_.enqueue(kernel_, device_.items(), device_.group()); });
    device_.read(out_, answer_.data(), answer_.size());
    if (device_.trouble().empty() && !type_.right(answer_, steps()))
      device_.wrong("the " + type_.key + " chains gave a wrong answer");
    return seconds;
  }

  ClDevice& device_;
  Chains type_;
  ClProgram program_;
  ClKernel kernel_;
  std::vector<unsigned char> answer_;
  ClBuffer out_;
  int rounds_ = kLeastRounds;
};

}  // namespace

std::vector<Cell> compute_cells(ClDevice& device, const std::string& source, bool every_type) {
  std::vector<Cell> cells;
  for (Chains& type : types_of(device.listed())) {
    if (!every_type && type.key != "fp32" && type.key != "fp64") continue;
    const std::string key = device.listed().told.key("compute." + type.key), unit = type.unit;
    const std::string how = source + "12 chains in registers, " + std::to_string(type.lanes) +
                            (type.lanes == 1 ? " lane" : " lanes") + " a work item";
    auto loop = std::make_shared<ChainLoop>(device, std::move(type));
    loop->calibrate();
    cells.push_back({key, unit, how, [loop] { return loop->rate(); }});
  }
  return cells;
}

}  // namespace ridgepoint
