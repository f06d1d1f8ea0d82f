// SPDX-License-Identifier: Apache-2.0
// What OpenCL devices tell about themselves.
#include <algorithm>

#include "model/core/text.h"
#include "probes/opencl_device.h"

namespace ridgepoint {
namespace {

std::string device_text(const OpenClApi& api, cl_device_id device, cl_device_info what) {
  std::size_t size = 0;
  if (api.device_info(device, what, 0, nullptr, &size) != CL_SUCCESS || size == 0) return {};
  std::string text(size, '\0');
  if (api.device_info(device, what, size, text.data(), nullptr) != CL_SUCCESS) return {};
  return printable(trim(text.c_str()));
}

template <class T>
T device_value(const OpenClApi& api, cl_device_id device, cl_device_info what, T otherwise) {
  T value{};
  return api.device_info(device, what, sizeof value, &value, nullptr) == CL_SUCCESS ? value : otherwise;
}

AcceleratorType type_of(cl_device_type bits) {
  if ((bits & CL_DEVICE_TYPE_GPU) != 0) return AcceleratorType::gpu;
  if ((bits & CL_DEVICE_TYPE_ACCELERATOR) != 0) return AcceleratorType::accelerator;
  return (bits & CL_DEVICE_TYPE_CPU) != 0 ? AcceleratorType::cpu : AcceleratorType::other;
}

ClListed describe(const OpenClApi& api, cl_device_id handle, std::size_t number) {
  const auto count = [&](cl_device_info what) {
    return static_cast<double>(device_value<cl_uint>(api, handle, what, 0));
  };
  const auto bytes = [&](cl_device_info what) {
    return static_cast<double>(device_value<cl_ulong>(api, handle, what, 0));
  };
  const auto lanes = [&](cl_device_info what) {
    return std::max<std::size_t>(1, device_value<cl_uint>(api, handle, what, 1));
  };
  ClListed d;
  d.handle = handle;
  d.told.id = "opencl" + std::to_string(number);
  d.told.name = device_text(api, handle, CL_DEVICE_NAME);
  d.told.vendor = device_text(api, handle, CL_DEVICE_VENDOR);
  d.told.driver = device_text(api, handle, CL_DRIVER_VERSION);
  if (const std::string version = device_text(api, handle, CL_DEVICE_VERSION); !version.empty())
    d.told.driver += (d.told.driver.empty() ? "" : ", ") + version;
  d.told.type = type_of(device_value<cl_device_type>(api, handle, CL_DEVICE_TYPE, 0));
  d.told.compute_units = count(CL_DEVICE_MAX_COMPUTE_UNITS);
  d.told.clock_hz = count(CL_DEVICE_MAX_CLOCK_FREQUENCY) * 1e6;
  d.told.memory_byte = bytes(CL_DEVICE_GLOBAL_MEM_SIZE);
  d.told.max_alloc_byte = bytes(CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  d.told.host_memory =
      d.told.type == AcceleratorType::cpu ||
      device_value<cl_bool>(api, handle, CL_DEVICE_HOST_UNIFIED_MEMORY, CL_FALSE) != CL_FALSE;
  const auto fused = [&](cl_device_info what) {
    return (device_value<cl_device_fp_config>(api, handle, what, 0) & CL_FP_FMA) != 0;
  };
  constexpr cl_device_info kHalfConfig = 0x1033;  // CL_DEVICE_HALF_FP_CONFIG of cl_ext.h
  d.fused_fp32 = fused(CL_DEVICE_SINGLE_FP_CONFIG);
  d.fused_fp16 = fused(kHalfConfig);
  d.extensions = device_text(api, handle, CL_DEVICE_EXTENSIONS);
  d.native_fp64 = lanes(CL_DEVICE_NATIVE_VECTOR_WIDTH_DOUBLE);
  d.native_fp32 = lanes(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT);
  d.native_fp16 = lanes(CL_DEVICE_NATIVE_VECTOR_WIDTH_HALF);
  d.native_int32 = lanes(CL_DEVICE_NATIVE_VECTOR_WIDTH_INT);
  d.most_items =
      std::max<std::size_t>(1, device_value<std::size_t>(api, handle, CL_DEVICE_MAX_WORK_GROUP_SIZE, 1));
  return d;
}

std::vector<cl_device_id> devices_of(const OpenClApi& api, cl_platform_id platform) {
  cl_uint count = 0;
  if (api.get_devices(platform, CL_DEVICE_TYPE_ALL, 0, nullptr, &count) != CL_SUCCESS) return {};
  std::vector<cl_device_id> devices(count);
  if (count == 0 ||
      api.get_devices(platform, CL_DEVICE_TYPE_ALL, count, devices.data(), nullptr) != CL_SUCCESS)
    return {};
  return devices;
}

constexpr const char* kDriver =
    "apt install pocl-opencl-icd (the processors), intel-opencl-icd, mesa-opencl-icd or nvidia-opencl-icd; "
    "in a container pass the device and /etc/OpenCL/vendors through";

}  // namespace

bool ClListed::has(const std::string& extension) const {
  const auto words = split(extensions, ' ');
  return std::ranges::find(words, extension) != words.end();
}

Result<std::vector<ClListed>> list_devices(const OpenClApi& api) {
  constexpr cl_int kNoPlatform = -1001;
  cl_uint count = 0;
  const cl_int code = api.get_platforms(0, nullptr, &count);
  if (code == kNoPlatform || (code == CL_SUCCESS && count == 0))
    return fail(ErrorKind::unavailable, "no OpenCL platform", "no driver is installed", kDriver);
  std::vector<cl_platform_id> platforms(count);
  if (code != CL_SUCCESS || api.get_platforms(count, platforms.data(), nullptr) != CL_SUCCESS)
    return fail(ErrorKind::unavailable, "no OpenCL platform", cl_words(code), kDriver);
  std::vector<ClListed> all;
  for (const cl_platform_id platform : platforms)
    for (const cl_device_id device : devices_of(api, platform))
      all.push_back(describe(api, device, all.size()));
  if (all.empty())
    return fail(ErrorKind::unavailable, "no OpenCL device", "the drivers found nothing to drive", kDriver);
  return all;
}

}  // namespace ridgepoint
