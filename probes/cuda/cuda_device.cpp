// SPDX-License-Identifier: Apache-2.0
#include "probes/cuda/cuda_device.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

namespace ridgepoint::cuda {
namespace {

std::string words_of(cudaError_t code) {
  return std::string(cudaGetErrorName(code)) + ": " + cudaGetErrorString(code);
}

std::string version_words() {
  int driver = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return {};
  return "CUDA " + std::to_string(driver / 1000) + "." + std::to_string(driver % 1000 / 10);
}

Listed describe(int index, const std::string& driver) {
  Listed d;
  d.index = index;
  d.told.id = "cuda" + std::to_string(index);
  d.told.vendor = "NVIDIA";
  d.told.driver = driver;
  d.told.type = AcceleratorType::gpu;
  const auto attribute = [&](cudaDeviceAttr what) {
    int value = 0;
    return cudaDeviceGetAttribute(&value, what, index) == cudaSuccess ? value : 0;
  };
  d.capability =
      attribute(cudaDevAttrComputeCapabilityMajor) * 10 + attribute(cudaDevAttrComputeCapabilityMinor);
  d.told.compute_units = attribute(cudaDevAttrMultiProcessorCount);
  d.told.clock_hz = attribute(cudaDevAttrClockRate) * 1e3;
  d.told.host_memory = attribute(cudaDevAttrIntegrated) != 0;
  cudaDeviceProp told{};
  if (cudaGetDeviceProperties(&told, index) == cudaSuccess) {
    d.told.name = told.name;
    d.told.memory_byte = static_cast<double>(told.totalGlobalMem);
  }
  std::array<char, 32> pci{};
  if (cudaDeviceGetPCIBusId(pci.data(), static_cast<int>(pci.size()) - 1, index) == cudaSuccess)
    d.pci = pci.data();
  std::ranges::transform(d.pci, d.pci.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return d;
}

}  // namespace

Result<std::vector<Listed>> list_devices() {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  if (code != cudaSuccess || count == 0)
    return fail(ErrorKind::unavailable, "no CUDA device", code == cudaSuccess ? "" : words_of(code),
                "install the NVIDIA driver and check nvidia-smi; in a container pass the device through "
                "(--gpus all)");
  std::vector<Listed> devices;
  const std::string driver = version_words();
  for (int i = 0; i < count; ++i) devices.push_back(describe(i, driver));
  return devices;
}

Device::Device(const Listed& listed) : listed_(listed) { good(cudaSetDevice(listed.index), "cudaSetDevice"); }

Grid Device::grid() const {
  constexpr unsigned kThreads = 256, kBlocks = 8;  // 2048 threads a multiprocessor
  return {static_cast<unsigned>(std::max(1.0, listed_.told.compute_units)) * kBlocks, kThreads};
}

DeviceMemory Device::memory(std::size_t bytes) {
  void* memory = nullptr;
  if (trouble_.empty()) good(cudaMalloc(&memory, bytes), "cudaMalloc of " + std::to_string(bytes) + " bytes");
  return DeviceMemory(memory);
}

PinnedMemory Device::pinned(std::size_t bytes) {
  void* memory = nullptr;
  if (trouble_.empty())
    good(cudaMallocHost(&memory, bytes), "cudaMallocHost of " + std::to_string(bytes) + " bytes");
  return PinnedMemory(memory);
}

void Device::copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (trouble_.empty()) good(cudaMemcpy(to, from, bytes, kind), "cudaMemcpy");
}

void Device::fill(const DeviceMemory& memory, int byte, std::size_t bytes) {
  if (trouble_.empty()) good(cudaMemset(memory.get(), byte, bytes), "cudaMemset");
}

void Device::finish() {
  if (trouble_.empty()) good(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

double Device::timed(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  finish();
  const auto begin = Clock::now();
  if (trouble_.empty()) work();
  finish();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  if (trouble_.empty()) good(cudaGetLastError(), "a kernel's launch");
  return seconds;
}

void Device::wrong(const std::string& what) {
  if (trouble_.empty()) trouble_ = what;
}

bool Device::good(cudaError_t code, const std::string& call) {
  if (code == cudaSuccess) return true;
  wrong(call + " answered " + words_of(code));
  return false;
}

}  // namespace ridgepoint::cuda
