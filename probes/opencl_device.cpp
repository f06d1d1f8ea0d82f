// SPDX-License-Identifier: Apache-2.0
#include "probes/opencl_device.h"

#include <algorithm>
#include <chrono>

namespace ridgepoint {

ClDevice::ClDevice(const OpenClApi& api, const ClListed& listed) : api_(api), listed_(listed) {
  cl_int code = CL_SUCCESS;
  context_ = api_.create_context(nullptr, 1, &listed_.handle, nullptr, nullptr, &code);
  if (!good(code, "clCreateContext")) return;
  queue_ = api_.create_queue(context_, listed_.handle, CL_QUEUE_PROFILING_ENABLE, &code);
  good(code, "clCreateCommandQueue");
}

ClDevice::~ClDevice() {
  if (queue_ != nullptr) api_.release_queue(queue_);
  if (context_ != nullptr) api_.release_context(context_);
}

std::size_t ClDevice::group() const { return is_cpu() ? 1 : std::min<std::size_t>(256, listed_.most_items); }

std::size_t ClDevice::items() const {
  constexpr std::size_t kFew = 16;     // groups a CPU thread takes in turn
  constexpr std::size_t kMany = 2048;  // threads a GPU's unit holds
  const auto units = static_cast<std::size_t>(std::max(1.0, listed_.told.compute_units));
  const std::size_t wanted = units * (is_cpu() ? kFew : kMany);
  return (wanted + group() - 1) / group() * group();
}

ClProgram ClDevice::build(const std::string& source, const std::string& options) {
  ClProgram program(nullptr, api_.release_program);
  if (!trouble_.empty()) return program;
  const char* text = source.c_str();
  cl_int code = CL_SUCCESS;
  program.reset(api_.create_program(context_, 1, &text, nullptr, &code));
  if (good(code, "clCreateProgramWithSource"))
    good(api_.build_program(program.get(), 1, &listed_.handle, options.c_str(), nullptr, nullptr),
         "clBuildProgram");
  return program;
}

ClKernel ClDevice::kernel(const ClProgram& program, const char* name) {
  ClKernel kernel(nullptr, api_.release_kernel);
  if (!trouble_.empty()) return kernel;
  cl_int code = CL_SUCCESS;
  kernel.reset(api_.create_kernel(program.get(), name, &code));
  good(code, std::string("clCreateKernel ") + name);
  return kernel;
}

ClBuffer ClDevice::buffer(std::size_t bytes, cl_mem_flags flags) {
  ClBuffer buffer(nullptr, api_.release_buffer);
  if (!trouble_.empty()) return buffer;
  cl_int code = CL_SUCCESS;
  buffer.reset(api_.create_buffer(context_, flags, bytes, nullptr, &code));
  good(code, "clCreateBuffer of " + std::to_string(bytes) + " bytes");
  return buffer;
}

void ClDevice::argument(const ClKernel& kernel, cl_uint index, std::size_t bytes, const void* value) {
  if (trouble_.empty())
    good(api_.set_arg(kernel.get(), index, bytes, value), "clSetKernelArg " + std::to_string(index));
}

void ClDevice::enqueue(const ClKernel& kernel, std::size_t items, std::size_t group, cl_event* event) {
  if (trouble_.empty())
    good(api_.enqueue_kernel(queue_, kernel.get(), 1, nullptr, &items, &group, 0, nullptr, event),
         "clEnqueueNDRangeKernel");
}

void ClDevice::write(const ClBuffer& to, const void* from, std::size_t bytes) {
  if (trouble_.empty())
    good(api_.enqueue_write(queue_, to.get(), CL_TRUE, 0, bytes, from, 0, nullptr, nullptr),
         "clEnqueueWriteBuffer");
}

void ClDevice::read(const ClBuffer& from, void* to, std::size_t bytes, std::size_t offset) {
  if (trouble_.empty())
    good(api_.enqueue_read(queue_, from.get(), CL_TRUE, offset, bytes, to, 0, nullptr, nullptr),
         "clEnqueueReadBuffer");
}

void ClDevice::fill(const ClBuffer& buffer, cl_uint word, std::size_t bytes) {
  if (trouble_.empty())
    good(api_.enqueue_fill(queue_, buffer.get(), &word, sizeof word, 0, bytes, 0, nullptr, nullptr),
         "clEnqueueFillBuffer");
}

void* ClDevice::map(const ClBuffer& buffer, std::size_t bytes) {
  if (!trouble_.empty()) return nullptr;
  cl_int code = CL_SUCCESS;
  void* pointer = api_.enqueue_map(queue_, buffer.get(), CL_TRUE, CL_MAP_READ | CL_MAP_WRITE, 0, bytes, 0,
                                   nullptr, nullptr, &code);
  return good(code, "clEnqueueMapBuffer") ? pointer : nullptr;
}

void ClDevice::unmap(const ClBuffer& buffer, void* pointer) {
  if (trouble_.empty())
    good(api_.enqueue_unmap(queue_, buffer.get(), pointer, 0, nullptr, nullptr), "clEnqueueUnmapMemObject");
}

void ClDevice::finish() {
  if (trouble_.empty()) good(api_.finish(queue_), "clFinish");
}

std::optional<double> ClDevice::between(cl_event event, cl_profiling_info from, cl_profiling_info to) {
  cl_ulong begin = 0, end = 0;
  if (api_.event_times(event, from, sizeof begin, &begin, nullptr) != CL_SUCCESS ||
      api_.event_times(event, to, sizeof end, &end, nullptr) != CL_SUCCESS || begin == 0 || end <= begin)
    return std::nullopt;
  return static_cast<double>(end - begin) * 1e-9;
}

double ClDevice::timed(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  finish();
  const auto begin = Clock::now();
  work();
  finish();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void ClDevice::wrong(const std::string& what) {
  if (trouble_.empty()) trouble_ = what;
}

bool ClDevice::good(cl_int code, const std::string& call) {
  if (code == CL_SUCCESS) return true;
  wrong(call + " answered " + cl_words(code));
  return false;
}

}  // namespace ridgepoint
