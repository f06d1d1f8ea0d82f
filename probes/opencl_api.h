// SPDX-License-Identifier: Apache-2.0
#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include <string>

#include "model/core/result.h"

namespace ridgepoint {

/// The functions of the ICD loader. It is opened at run time and not linked, because most machines have none:
/// linked, the whole program would not start there. It must be opened in a helper process only: the loader
/// loads every driver that is installed, and a driver may crash, hang or start threads.
struct OpenClApi {
  decltype(&clGetPlatformIDs) get_platforms = nullptr;
  decltype(&clGetPlatformInfo) platform_info = nullptr;
  decltype(&clGetDeviceIDs) get_devices = nullptr;
  decltype(&clGetDeviceInfo) device_info = nullptr;
  decltype(&clCreateContext) create_context = nullptr;
  decltype(&clReleaseContext) release_context = nullptr;
  decltype(&clCreateCommandQueue) create_queue = nullptr;  // deprecated by 2.0, but every driver has it
  decltype(&clReleaseCommandQueue) release_queue = nullptr;
  decltype(&clCreateProgramWithSource) create_program = nullptr;
  decltype(&clBuildProgram) build_program = nullptr;
  decltype(&clReleaseProgram) release_program = nullptr;
  decltype(&clCreateKernel) create_kernel = nullptr;
  decltype(&clReleaseKernel) release_kernel = nullptr;
  decltype(&clSetKernelArg) set_arg = nullptr;
  decltype(&clCreateBuffer) create_buffer = nullptr;
  decltype(&clReleaseMemObject) release_buffer = nullptr;
  decltype(&clEnqueueNDRangeKernel) enqueue_kernel = nullptr;
  decltype(&clEnqueueReadBuffer) enqueue_read = nullptr;
  decltype(&clEnqueueWriteBuffer) enqueue_write = nullptr;
  decltype(&clEnqueueFillBuffer) enqueue_fill = nullptr;
  decltype(&clEnqueueMapBuffer) enqueue_map = nullptr;
  decltype(&clEnqueueUnmapMemObject) enqueue_unmap = nullptr;
  decltype(&clGetEventProfilingInfo) event_times = nullptr;
  decltype(&clReleaseEvent) release_event = nullptr;
  decltype(&clFinish) finish = nullptr;
};

/// Opens libOpenCL.so.1. Error (unavailable): there is none, or it lacks OpenCL 1.2.
Result<OpenClApi> load_opencl();

/// "CL_OUT_OF_RESOURCES (-5)".
std::string cl_words(cl_int code);

}  // namespace ridgepoint
