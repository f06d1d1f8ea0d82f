// SPDX-License-Identifier: Apache-2.0
// The executor beside oneDNN called directly: the MLPerf 3D U-Net's inference written by hand with the same
// primitives, each tensor in memory of its own. Both run in turns in this process, unit by unit and end to
// end; the answers are compared first.
//
//   onednn.peer [--extent 64] [--threads 2] [--rounds 9] [--json]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/networks/library.h"
#include "workloads/dnn/executor.h"

namespace {

using namespace ridgepoint;  // NOLINT(google-build-using-namespace)
using dnnl::memory;
using Tag = memory::format_tag;
using Clock = std::chrono::steady_clock;
constexpr auto kFloat = memory::data_type::f32;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::ranges::sort(v);
  return v[v.size() / 2];
}

struct Call {
  std::string name;  ///< of the operator
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
};

/// Convolutions, transposed ones, norms with relu, joins: what this network has.
class Direct {
 public:
  Direct(const net::Graph& graph, const NetworkValues& values)
      : graph_(graph), values_(values), engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
      memory input(plain(shape(graph.inputs[i])), engine_);
      std::ranges::copy(values.inputs[i], static_cast<float*>(input.get_data_handle()));
      tensors_[graph.inputs[i]] = input;
    }
    for (const net::Operator& op : graph.operators) add(op);
    memory out(plain(shape(graph.outputs[0])), engine_);
    reorder("output", tensors_[graph.outputs[0]], out);
    output_ = out;
  }

  const std::vector<Call>& calls() const { return calls_; }
  void run(std::size_t call) { calls_[call].primitive.execute(stream_, calls_[call].arguments); }
  void run() {
    for (std::size_t i = 0; i < calls_.size(); ++i) run(i);
    wait();
  }
  void wait() { stream_.wait(); }
  std::vector<float> output() {
    const auto* data = static_cast<const float*>(output_.get_data_handle());
    return {data, data + net::elements(graph_.tensors[static_cast<std::size_t>(graph_.outputs[0])].shape)};
  }

 private:
  memory::dims shape(int tensor) const {
    const net::Shape& s = graph_.tensors[static_cast<std::size_t>(tensor)].shape;
    return {s.begin(), s.end()};
  }
  static memory::desc plain(const memory::dims& d) { return {d, kFloat, Tag::ncdhw}; }
  memory::desc any(int tensor) const { return {shape(tensor), kFloat, Tag::any}; }

  void reorder(const std::string& name, memory& from, memory& to) {
    calls_.push_back({name, dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}});
  }
  memory in_layout(const net::Operator& op, const memory::desc& desc) {
    memory& now = tensors_[op.inputs[0]];
    if (now.get_desc() == desc) return now;
    memory to(desc, engine_);
    reorder(op.name, now, to);
    return to;
  }
  memory weights(int parameter, const memory::desc& from, const memory::desc& to) {
    auto* data = const_cast<float*>(values_.parameters[static_cast<std::size_t>(parameter)].data());
    memory source(from, engine_, data), target(to, engine_);
    dnnl::reorder(source, target).execute(stream_, source, target);
    stream_.wait();
    return target;
  }

  template <class Primitive>
  void convolution(const net::Operator& op, dnnl::algorithm algorithm, bool transposed) {
    const net::Shape& w = graph_.parameters[static_cast<std::size_t>(op.parameters[0])].shape;
    memory::dims d(w.begin(), w.end());
    if (transposed) std::swap(d[0], d[1]);
    const memory::dims stride(op.window.stride.begin(), op.window.stride.end()),
        pad(op.window.pad.begin(), op.window.pad.end());
    const memory::desc vector({d[0]}, kFloat, Tag::a);
    const bool biased = op.parameters.size() > 1;
    const typename Primitive::desc description(
        dnnl::prop_kind::forward_inference, algorithm, any(op.inputs[0]), memory::desc(d, kFloat, Tag::any),
        biased ? vector : memory::desc(), any(op.output), stride, pad, pad);
    const typename Primitive::primitive_desc pd(description, engine_);
    Call call{op.name, Primitive(pd), {}};
    call.arguments[DNNL_ARG_SRC] = in_layout(op, pd.src_desc());
    call.arguments[DNNL_ARG_WEIGHTS] = weights(
        op.parameters[0], memory::desc(d, kFloat, transposed ? Tag::iodhw : Tag::oidhw), pd.weights_desc());
    if (biased) call.arguments[DNNL_ARG_BIAS] = weights(op.parameters[1], vector, vector);
    tensors_[op.output] = call.arguments[DNNL_ARG_DST] = memory(pd.dst_desc(), engine_);
    calls_.push_back(std::move(call));
  }

  void norm(const net::Operator& op) {
    using Flags = dnnl::normalization_flags;
    memory& x = tensors_[op.inputs[0]];
    const dnnl::batch_normalization_forward::primitive_desc pd(
        {dnnl::prop_kind::forward_inference, x.get_desc(), static_cast<float>(op.epsilon),
         Flags::use_scale | Flags::use_shift | Flags::fuse_norm_relu},
        engine_);
    const memory::desc vector({shape(op.output)[1]}, kFloat, Tag::a);
    calls_.push_back({op.name,
                      dnnl::batch_normalization_forward(pd),
                      {{DNNL_ARG_SRC, x},
                       {DNNL_ARG_DST, x},
                       {DNNL_ARG_SCALE, weights(op.parameters[0], vector, vector)},
                       {DNNL_ARG_SHIFT, weights(op.parameters[1], vector, vector)}}});
    tensors_[op.output] = x;
  }

  void join(const net::Operator& op) {
    std::vector<memory::desc> descs;
    Call call{op.name, {}, {}};
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      descs.push_back(tensors_[op.inputs[k]].get_desc());
      call.arguments[DNNL_ARG_MULTIPLE_SRC + static_cast<int>(k)] = tensors_[op.inputs[k]];
    }
    const dnnl::concat::primitive_desc pd(op.axis, descs, engine_);
    call.primitive = dnnl::concat(pd);
    tensors_[op.output] = call.arguments[DNNL_ARG_DST] = memory(pd.dst_desc(), engine_);
    calls_.push_back(std::move(call));
  }

  void add(const net::Operator& op) {
    if (op.kind == net::OpKind::convolution)
      convolution<dnnl::convolution_forward>(op, dnnl::algorithm::convolution_direct, false);
    else if (op.kind == net::OpKind::transposed_convolution)
      convolution<dnnl::deconvolution_forward>(op, dnnl::algorithm::deconvolution_direct, true);
    else if (op.kind == net::OpKind::instance_norm)
      norm(op);
    else if (op.kind == net::OpKind::concat)
      join(op);
    else
      tensors_[op.output] = tensors_[op.inputs[0]];  // relu: done with the norm
  }

  const net::Graph& graph_;
  const NetworkValues& values_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  std::unordered_map<int, memory> tensors_;
  std::vector<Call> calls_;
  memory output_;
};

struct Words {
  long extent = 64, rounds = 9;
  int threads = 2;
  bool json = false;
};

Words read_words(int count, char** words) {
  Words w;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto next = [&] { return i + 1 < count ? std::atol(words[++i]) : 0; };
    if (word == "--json") w.json = true;
    if (word == "--extent") w.extent = next();
    if (word == "--threads") w.threads = static_cast<int>(next());
    if (word == "--rounds") w.rounds = next();
  }
  return w;
}

/// Ours and theirs by operator name, seconds of each round.
struct Pair {
  std::vector<double> ours, theirs;
  double ratio() const {
    std::vector<double> r;
    for (std::size_t i = 0; i < ours.size(); ++i) r.push_back(ours[i] / theirs[i]);
    return median(r);
  }
};

void time_units(Executor& executor, std::unordered_map<std::string, Pair>& by_name) {
  std::unordered_map<std::string, double> sums;
  for (std::size_t u = 0; u < executor.units().size(); ++u) {
    const auto start = Clock::now();
    (void)executor.run_unit(u);
    sums[executor.units()[u].name] += seconds_since(start);
  }
  for (const auto& [name, s] : sums) by_name[name].ours.push_back(s);
}

void time_calls(Direct& direct, std::unordered_map<std::string, Pair>& by_name) {
  std::unordered_map<std::string, double> sums;
  for (std::size_t c = 0; c < direct.calls().size(); ++c) {
    const auto start = Clock::now();
    direct.run(c);
    direct.wait();
    sums[direct.calls()[c].name] += seconds_since(start);
  }
  for (const auto& [name, s] : sums) by_name[name].theirs.push_back(s);
}

}  // namespace

int main(int count, char** words) {
  const Words w = read_words(count, words);
  const auto graph = build_network("mlperf-3d-unet-kits19", {1, 1, w.extent, w.extent, w.extent});
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().what.c_str()), 2;
  const NetworkValues values = random_values(*graph, 1);
  auto executor = make_executor(*graph, values, {.threads = w.threads, .memory_limit_byte = 64e9});
  if (!executor) return std::fprintf(stderr, "%s\n", executor.error().what.c_str()), 3;
  Direct direct(*graph, values);
  direct.run();
  if (!(*executor)->run()) return 1;
  const std::vector<float> a = (*executor)->output(0), b = direct.output();
  float worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  if (!(worst < 1e-3F)) return std::fprintf(stderr, "answers differ by %g\n", static_cast<double>(worst)), 1;

  std::unordered_map<std::string, Pair> by_name;
  Pair whole;
  for (long round = 0; round < w.rounds; ++round)
    for (int turn = 0; turn < 2; ++turn) {
      const bool ours = (round + turn) % 2 == 0;
      const auto start = Clock::now();
      if (ours && !(*executor)->run()) return 1;
      if (!ours) direct.run();
      (ours ? whole.ours : whole.theirs).push_back(seconds_since(start));
      if (ours)
        time_units(**executor, by_name);
      else
        time_calls(direct, by_name);
    }
  if (w.json) {
    std::printf(
        "{\"end_to_end\": {\"ours_s\": %.6g, \"direct_s\": %.6g, \"ratio\": %.5g}, \"worst_difference\": "
        "%.3g}\n",
        median(whole.ours), median(whole.theirs), whole.ratio(), static_cast<double>(worst));
    return whole.ratio() <= 1.03 ? 0 : 1;
  }
  std::printf("%-14s %12s %12s %8s\n", "operator", "ours", "direct", "ratio");
  for (const net::Operator& op : graph->operators) {
    const auto it = by_name.find(op.name);
    if (it == by_name.end() || it->second.ours.empty() || it->second.theirs.empty()) continue;
    const double ours = median(it->second.ours), theirs = median(it->second.theirs);
    if (theirs < 1e-3) continue;
    std::printf("%-14s %9.3f ms %9.3f ms %8.4f\n", op.name.c_str(), 1e3 * ours, 1e3 * theirs,
                it->second.ratio());
  }
  std::printf("%-14s %9.3f ms %9.3f ms %8.4f   answers differ by %.2g at most\n", "end to end",
              1e3 * median(whole.ours), 1e3 * median(whole.theirs), whole.ratio(),
              static_cast<double>(worst));
  return whole.ratio() <= 1.03 ? 0 : 1;
}
