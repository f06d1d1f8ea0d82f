// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "probes/accelerator.h"
#include "probes/cuda/cuda_kernels.h"

namespace ridgepoint::cuda {

/// A device with what decides which cells it has.
struct Listed {
  Accelerator told;
  int index = 0;
  int capability = 0;  ///< major * 10 + minor
  std::string pci;     ///< "0000:01:00.0"
};

/// Error (unavailable): no driver or no device, in the driver's words.
Result<std::vector<Listed>> list_devices();

struct Release {
  void operator()(void* memory) const { cudaFree(memory); }
};
struct ReleasePinned {
  void operator()(void* memory) const { cudaFreeHost(memory); }
};
using DeviceMemory = std::unique_ptr<void, Release>;
using PinnedMemory = std::unique_ptr<void, ReleasePinned>;

/// The device in use (cudaSetDevice). The first call that fails is kept in `trouble`; later calls do nothing.
class Device {
 public:
  explicit Device(const Listed& listed);

  const Listed& listed() const { return listed_; }
  /// Fills every multiprocessor.
  Grid grid() const;
  std::size_t threads() const { return std::size_t{grid().blocks} * grid().threads; }

  DeviceMemory memory(std::size_t bytes);
  PinnedMemory pinned(std::size_t bytes);
  void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);  ///< returns when done
  void fill(const DeviceMemory& memory, int byte, std::size_t bytes);
  void finish();
  /// Host wall seconds from before `work` until the device is idle; a refused launch is trouble.
  double timed(const std::function<void()>& work);

  const std::string& trouble() const { return trouble_; }
  void wrong(const std::string& what);

 private:
  bool good(cudaError_t code, const std::string& call);

  const Listed& listed_;
  std::string trouble_;
};

}  // namespace ridgepoint::cuda
