// SPDX-License-Identifier: Apache-2.0
// The oneDNN 2.x API, in this file only.
#include "workloads/dnn/onednn.h"

#include <omp.h>

#include <oneapi/dnnl/dnnl.hpp>

namespace ridgepoint {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

class OnednnConv3d : public Conv3d {
 public:
  OnednnConv3d(const Conv3dShape& s, int threads, const std::vector<float>& source,
               const std::vector<float>& weights)
      : threads_(threads),
        engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        plain_({1, s.oc, s.d, s.h, s.w}, memory::data_type::f32, Tag::ncdhw) {
    omp_set_num_threads(threads_);
    const memory::data_type f32 = memory::data_type::f32;
    const memory::dims source_dims = {1, s.ic, s.d, s.h, s.w}, weight_dims = {s.oc, s.ic, s.k, s.k, s.k};
    const memory::dims pad(3, s.k / 2), stride(3, 1);
    const dnnl::convolution_forward::desc description(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        memory::desc(source_dims, f32, Tag::any), memory::desc(weight_dims, f32, Tag::any),
        memory::desc({1, s.oc, s.d, s.h, s.w}, f32, Tag::any), stride, pad, pad);
    const dnnl::convolution_forward::primitive_desc primitive(description, engine_);
    implementation_ = primitive.impl_info_str();
    convolution_ = dnnl::convolution_forward(primitive);
    destination_ = memory(primitive.dst_desc(), engine_);
    arguments_ = {
        {DNNL_ARG_SRC, reordered(source, memory::desc(source_dims, f32, Tag::ncdhw), primitive.src_desc())},
        {DNNL_ARG_WEIGHTS,
         reordered(weights, memory::desc(weight_dims, f32, Tag::oidhw), primitive.weights_desc())},
        {DNNL_ARG_DST, destination_}};
  }

  void execute() override {
    omp_set_num_threads(threads_);
    convolution_.execute(stream_, arguments_);
    stream_.wait();
  }

  std::string implementation() const override { return implementation_; }

  std::vector<float> destination() override {
    memory out(plain_, engine_);
    dnnl::reorder(destination_, out).execute(stream_, destination_, out);
    stream_.wait();
    const auto* data = static_cast<const float*>(out.get_data_handle());
    return {data, data + plain_.get_size() / sizeof(float)};
  }

 private:
  memory reordered(const std::vector<float>& data, const memory::desc& from, const memory::desc& to) {
    memory plain(from, engine_,
                 const_cast<float*>(data.data()));  // read only: it is the source of the reorder
    memory target(to, engine_);
    dnnl::reorder(plain, target).execute(stream_, plain, target);
    stream_.wait();
    return target;
  }

  int threads_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  memory::desc plain_;
  std::string implementation_;
  dnnl::convolution_forward convolution_;
  memory destination_;
  std::unordered_map<int, memory> arguments_;
};

}  // namespace

Result<std::unique_ptr<Conv3d>> make_conv3d(const Conv3dShape& shape, int threads,
                                            const std::vector<float>& source,
                                            const std::vector<float>& weights) {
  try {
    return std::make_unique<OnednnConv3d>(shape, threads, source, weights);
  } catch (const dnnl::error& e) {
    const bool memory_is_short = e.status == dnnl_out_of_memory;
    return fail(ErrorKind::unavailable, "oneDNN cannot make this convolution", e.what(),
                memory_is_short ? "choose a smaller shape" : "check the shape; see ridgepoint run --list");
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::unavailable, "there is not enough memory for this convolution", "",
                "choose a smaller shape");
  }
}

}  // namespace ridgepoint
