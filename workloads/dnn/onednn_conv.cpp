// SPDX-License-Identifier: Apache-2.0
// One convolution in one direction.
#include <omp.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "workloads/dnn/conv_case.h"

namespace ridgepoint {
namespace {

using dnnl::memory;

memory::desc plain(const memory::dims& dims) {
  memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
  return {dims, memory::data_type::f32, strides};
}

memory::dims dims_of(const net::Shape& shape) { return {shape.begin(), shape.end()}; }

class OnednnConvRun : public ConvRun {
 public:
  OnednnConvRun(const ConvCase& c, Direction direction, int threads, const ConvData& data)
      : threads_(threads), engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    omp_set_num_threads(threads_);
    const memory::dims source = dims_of(c.source), destination = dims_of(c.destination);
    memory::dims weights = dims_of(c.weights), dilation;
    if (c.groups > 1) {
      weights[0] /= c.groups;
      weights.insert(weights.begin(), c.groups);
    }
    for (const std::int64_t d : c.window.dilation) dilation.push_back(d - 1);
    const auto any = [](const memory::dims& d) {
      return memory::desc(d, memory::data_type::f32, memory::format_tag::any);
    };
    const auto direct = dnnl::algorithm::convolution_direct;
    const memory::dims stride = dims_of(c.window.stride), pad = dims_of(c.window.pad);
    const dnnl::convolution_forward::primitive_desc forward(
        {direction == Direction::forward ? dnnl::prop_kind::forward_inference
                                         : dnnl::prop_kind::forward_training,
         direct, any(source), any(weights), any(destination), stride, dilation, pad, pad},
        engine_);
    if (direction == Direction::forward) {
      finish(forward, dnnl::convolution_forward(forward));
      put(DNNL_ARG_SRC, forward.src_desc(), source, data.source);
      put(DNNL_ARG_WEIGHTS, forward.weights_desc(), weights, data.weights);
      make(DNNL_ARG_DST, forward.dst_desc(), destination);
    } else if (direction == Direction::backward_data) {
      const dnnl::convolution_backward_data::primitive_desc pd(
          {direct, any(source), any(weights), any(destination), stride, dilation, pad, pad}, engine_,
          forward);
      finish(pd, dnnl::convolution_backward_data(pd));
      put(DNNL_ARG_DIFF_DST, pd.diff_dst_desc(), destination, data.destination);
      put(DNNL_ARG_WEIGHTS, pd.weights_desc(), weights, data.weights);
      make(DNNL_ARG_DIFF_SRC, pd.diff_src_desc(), source);
    } else {
      const dnnl::convolution_backward_weights::primitive_desc pd(
          {direct, any(source), any(weights), any(destination), stride, dilation, pad, pad}, engine_,
          forward);
      finish(pd, dnnl::convolution_backward_weights(pd));
      put(DNNL_ARG_SRC, pd.src_desc(), source, data.source);
      put(DNNL_ARG_DIFF_DST, pd.diff_dst_desc(), destination, data.destination);
      make(DNNL_ARG_DIFF_WEIGHTS, pd.diff_weights_desc(), weights);
    }
  }

  void execute() override {
    omp_set_num_threads(threads_);
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }
  std::string implementation() const override { return implementation_; }

  std::vector<float> result() override {
    memory out(plain(result_dims_), engine_);
    dnnl::reorder(result_, out).execute(stream_, result_, out);
    stream_.wait();
    const auto* data = static_cast<const float*>(out.get_data_handle());
    return {data, data + out.get_desc().get_size() / sizeof(float)};
  }

 private:
  template <class Descriptor>
  void finish(const Descriptor& pd, const dnnl::primitive& primitive) {
    implementation_ = pd.impl_info_str();
    primitive_ = primitive;
  }
  void put(int key, const memory::desc& desc, const memory::dims& dims, const std::vector<float>& numbers) {
    memory from(plain(dims), engine_, const_cast<float*>(numbers.data()));  // only read
    memory to(desc, engine_);
    dnnl::reorder(from, to).execute(stream_, from, to);
    stream_.wait();
    arguments_[key] = to;
  }
  void make(int key, const memory::desc& desc, const memory::dims& dims) {
    arguments_[key] = result_ = memory(desc, engine_);
    result_dims_ = dims;
  }

  int threads_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  std::string implementation_;
  std::unordered_map<int, memory> arguments_;
  memory result_;
  memory::dims result_dims_;
};

}  // namespace

Result<std::unique_ptr<ConvRun>> make_conv_run(const ConvCase& which, Direction direction, int threads,
                                               const ConvData& data) {
  try {
    return std::make_unique<OnednnConvRun>(which, direction, threads, data);
  } catch (const dnnl::error& e) {
    return fail(ErrorKind::unavailable, "oneDNN cannot make this convolution", e.what(),
                "choose another shape; see ridgepoint run --list");
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::unavailable, "there is not enough memory for this convolution", "",
                "choose a smaller shape");
  }
}

}  // namespace ridgepoint
