// SPDX-License-Identifier: Apache-2.0
#include "probes/opencl_api.h"

#include <dlfcn.h>

#include <array>
#include <string_view>
#include <utility>

namespace ridgepoint {
namespace {

constexpr const char* kFix =
    "apt install ocl-icd-libopencl1 and the device's driver (pocl-opencl-icd, intel-opencl-icd, "
    "mesa-opencl-icd, "
    "nvidia-opencl-icd)";

template <class F>
void bind(void* library, const char* name, F& function, std::string& missing) {
  function = reinterpret_cast<F>(::dlsym(library, name));
  if (function == nullptr && missing.empty()) missing = name;
}

}  // namespace

Result<OpenClApi> load_opencl() {
  void* library = ::dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return fail(ErrorKind::unavailable, "no OpenCL loader", why == nullptr ? "" : why, kFix);
  }
  OpenClApi api;
  std::string missing;
  bind(library, "clGetPlatformIDs", api.get_platforms, missing);
  bind(library, "clGetPlatformInfo", api.platform_info, missing);
  bind(library, "clGetDeviceIDs", api.get_devices, missing);
  bind(library, "clGetDeviceInfo", api.device_info, missing);
  bind(library, "clCreateContext", api.create_context, missing);
  bind(library, "clReleaseContext", api.release_context, missing);
  bind(library, "clCreateCommandQueue", api.create_queue, missing);
  bind(library, "clReleaseCommandQueue", api.release_queue, missing);
  bind(library, "clCreateProgramWithSource", api.create_program, missing);
  bind(library, "clBuildProgram", api.build_program, missing);
  bind(library, "clReleaseProgram", api.release_program, missing);
  bind(library, "clCreateKernel", api.create_kernel, missing);
  bind(library, "clReleaseKernel", api.release_kernel, missing);
  bind(library, "clSetKernelArg", api.set_arg, missing);
  bind(library, "clCreateBuffer", api.create_buffer, missing);
  bind(library, "clReleaseMemObject", api.release_buffer, missing);
  bind(library, "clEnqueueNDRangeKernel", api.enqueue_kernel, missing);
  bind(library, "clEnqueueReadBuffer", api.enqueue_read, missing);
  bind(library, "clEnqueueWriteBuffer", api.enqueue_write, missing);
  bind(library, "clEnqueueFillBuffer", api.enqueue_fill, missing);
  bind(library, "clEnqueueMapBuffer", api.enqueue_map, missing);
  bind(library, "clEnqueueUnmapMemObject", api.enqueue_unmap, missing);
  bind(library, "clGetEventProfilingInfo", api.event_times, missing);
  bind(library, "clReleaseEvent", api.release_event, missing);
  bind(library, "clFinish", api.finish, missing);
  if (!missing.empty())
    return fail(ErrorKind::unavailable, "the OpenCL loader is too old", "it has no " + missing, kFix);
  return api;
}

std::string cl_words(cl_int code) {
  constexpr std::array<std::pair<cl_int, std::string_view>, 14> kNames = {
      {{CL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND"},
       {CL_DEVICE_NOT_AVAILABLE, "CL_DEVICE_NOT_AVAILABLE"},
       {CL_COMPILER_NOT_AVAILABLE, "CL_COMPILER_NOT_AVAILABLE"},
       {CL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
       {CL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES"},
       {CL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY"},
       {CL_PROFILING_INFO_NOT_AVAILABLE, "CL_PROFILING_INFO_NOT_AVAILABLE"},
       {CL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE"},
       {CL_INVALID_VALUE, "CL_INVALID_VALUE"},
       {CL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE"},
       {CL_INVALID_KERNEL_NAME, "CL_INVALID_KERNEL_NAME"},
       {CL_INVALID_KERNEL_ARGS, "CL_INVALID_KERNEL_ARGS"},
       {CL_INVALID_WORK_GROUP_SIZE, "CL_INVALID_WORK_GROUP_SIZE"},
       {-1001, "CL_PLATFORM_NOT_FOUND_KHR"}}};
  for (const auto& [value, name] : kNames)
    if (value == code) return std::string(name) + " (" + std::to_string(code) + ")";
  return "OpenCL error " + std::to_string(code);
}

}  // namespace ridgepoint
