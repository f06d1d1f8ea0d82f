// SPDX-License-Identifier: Apache-2.0
#include <omp.h>

#include <algorithm>
#include <chrono>

#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/dnn/onednn_plan_network.h"

namespace ridgepoint {
namespace {

using onednn::NetworkPlan;
using onednn::Plan;
using onednn::ValueId;

Error trouble_of(const dnnl::error& e) {
  const bool short_memory = e.status == dnnl_out_of_memory;
  return {ErrorKind::unavailable, "oneDNN refuses this network", e.what(),
          short_memory ? "choose a smaller shape" : "choose another shape or element type"};
}

class OnednnExecutor : public Executor {
 public:
  OnednnExecutor(const net::Graph& graph, const NetworkValues& values, const ExecutorOptions& options)
      : graph_(graph), values_(values), plan_(options.threads), network_(graph_, values_, options, plan_) {}

  Result<void> make(const ExecutorOptions& options) {
    if (auto ok = network_.write(); !ok) return ok;
    if (auto ok = plan_.settle(options.memory_limit_byte); !ok) return ok;
    units_ = plan_.units();
    memory_ = plan_.memory_plan();
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) set_input(i, values_.inputs[i]);
    return {};
  }

  void set_input(std::size_t input, const std::vector<float>& numbers) override {
    std::ranges::copy(numbers, plan_.data<float>(network_.input(input)));
  }

  Result<void> run_unit(std::size_t unit) override {
    omp_set_num_threads(plan_.threads());
    try {
      plan_.run_unit(unit);
      plan_.stream().wait();
      return {};
    } catch (const dnnl::error& e) {
      return tl::make_unexpected(trouble_of(e));
    }
  }

  Result<void> run() override {
    omp_set_num_threads(plan_.threads());
    try {
      for (std::size_t unit = 0; unit < units_.size(); ++unit) {
        if (Interrupt::requested())
          return fail(ErrorKind::interrupted, "the network was stopped in '" + units_[unit].name + "'", "",
                      "run it again");
        plan_.run_unit(unit);
      }
      plan_.stream().wait();
      return {};
    } catch (const dnnl::error& e) {
      return tl::make_unexpected(trouble_of(e));
    }
  }

  std::vector<float> tensor(int tensor, std::size_t unit) override {
    const auto find = [&](const std::vector<NetworkPlan::Read>& list) {
      const auto it = std::ranges::find(list, tensor, &NetworkPlan::Read::tensor);
      return it == list.end() ? -1 : it->value;
    };
    ValueId value = find(network_.reads()[unit]);
    if (value < 0) value = find(network_.writes()[unit]);
    if (value < 0) return {};
    const net::Shape& shape = graph_.tensors[static_cast<std::size_t>(tensor)].shape;
    return plan_.read(value, {shape.begin(), shape.end()});
  }

  std::vector<float> output(std::size_t output) override {
    const auto& shape = graph_.tensors[static_cast<std::size_t>(graph_.outputs[output])].shape;
    return plan_.read(network_.output(output), {shape.begin(), shape.end()});
  }

  void set_target(std::size_t output, const Target& target) override {
    const ValueId value = network_.target(output);
    std::ranges::copy(target.labels, plan_.data<std::int32_t>(value));
    std::ranges::copy(target.numbers, plan_.data<float>(value));
  }

  double loss() const override { return network_.loss(); }

  std::vector<float> parameter(int parameter) override {
    return plain(parameter, network_.master(parameter));
  }
  std::vector<float> gradient(int parameter) override {
    return plain(parameter, network_.gradient(parameter));
  }
  std::vector<float> tensor_gradient(int tensor) override {
    const ValueId value = network_.tensor_gradient(tensor);
    const net::Shape& shape = graph_.tensors[static_cast<std::size_t>(tensor)].shape;
    return value < 0 ? std::vector<float>{} : plan_.read(value, {shape.begin(), shape.end()});
  }

  void set_parameter(int parameter, const std::vector<float>& numbers) override {
    plan_.reorder_now(numbers.data(), network_.parameter_layout(parameter),
                      plan_.at(network_.master(parameter)));
  }

 private:
  std::vector<float> plain(int parameter, ValueId value) {
    if (value < 0) return {};
    const net::Shape& shape = graph_.parameters[static_cast<std::size_t>(parameter)].shape;
    std::vector<float> out(static_cast<std::size_t>(net::elements(shape)));
    plan_.read_into(value, network_.parameter_layout(parameter), out.data());
    return out;
  }

  const net::Graph graph_;
  const NetworkValues& values_;  ///< the caller's, until make() ends
  Plan plan_;
  NetworkPlan network_;
};

}  // namespace

std::optional<Error> element_trouble(net::Element element) {
  if (element == net::Element::fp32) return std::nullopt;
  const auto isa = dnnl::get_effective_cpu_isa();
  const bool bf16 = isa == dnnl::cpu_isa::avx512_core_bf16 || isa == dnnl::cpu_isa::avx512_core_amx;
  if (element == net::Element::bf16 && bf16) return std::nullopt;
  return Error{
      ErrorKind::unavailable,
      "this processor has no instructions for networks in " + std::string(name_of(element)),
      element == net::Element::bf16 ? "BF16 needs AVX-512 BF16 or AMX" : "only fp32 and bf16 run here",
      "choose fp32"};
}

AdjacentRoof matmul_roof(int threads, net::Element element, double flop) {
  using dnnl::memory;
  constexpr std::int64_t kEdge = 1024;
  constexpr double kSeconds = 0.02;
  const auto type = element == net::Element::bf16 ? memory::data_type::bf16 : memory::data_type::f32;
  const memory::desc square({kEdge, kEdge}, type, memory::format_tag::ab);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  std::vector<float> numbers(static_cast<std::size_t>(kEdge * kEdge));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(random_unit(5, i) - 0.5);
  memory plain({{kEdge, kEdge}, memory::data_type::f32, memory::format_tag::ab}, engine, numbers.data());
  dnnl::stream stream(engine);
  memory a(square, engine), b(square, engine), c(square, engine);
  dnnl::reorder(plain, a).execute(stream, plain, a);
  dnnl::reorder(plain, b).execute(stream, plain, b);
  stream.wait();
  const dnnl::matmul product(dnnl::matmul::primitive_desc({square, square, square}, engine));
  return {"matmul", "FLOP/s", flop, [=]() mutable {
            omp_set_num_threads(threads);
            const auto start = std::chrono::steady_clock::now();
            double seconds = 0, done = 0;
            while (seconds < kSeconds) {
              product.execute(stream, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}});
              stream.wait();
              done += 2.0 * kEdge * kEdge * kEdge;
              seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            }
            return done / seconds;
          }};
}

Result<std::unique_ptr<Executor>> make_executor(const net::Graph& graph, const NetworkValues& values,
                                                const ExecutorOptions& options) {
  if (auto trouble = element_trouble(options.element)) return tl::make_unexpected(*trouble);
  if (options.training && options.element != net::Element::fp32)
    return fail(ErrorKind::unavailable, "training runs in fp32 only", "", "choose fp32");
  try {
    auto made = std::make_unique<OnednnExecutor>(graph, values, options);
    if (auto ok = made->make(options); !ok) return tl::make_unexpected(ok.error());
    return made;
  } catch (const dnnl::error& e) {
    return tl::make_unexpected(trouble_of(e));
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::unavailable, "there is not enough memory for this network", "",
                "choose a smaller shape");
  }
}

}  // namespace ridgepoint
