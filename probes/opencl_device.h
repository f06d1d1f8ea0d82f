// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "probes/accelerator.h"
#include "probes/opencl_api.h"

namespace ridgepoint {

/// A device as the loader lists it.
struct ClListed {
  cl_device_id handle = nullptr;
  Accelerator told;
  std::string extensions;
  std::size_t native_fp64 = 1, native_fp32 = 1, native_fp16 = 1,
              native_int32 = 1;                 ///< SIMD lanes of a work item
  bool fused_fp32 = false, fused_fp16 = false;  ///< has a multiply-add of one rounding
  std::size_t most_items = 1;                   ///< of a work group

  bool has(const std::string& extension) const;
};

/// All devices of all platforms, in the loader's order. Error (unavailable): no platform, or none has a
/// device.
Result<std::vector<ClListed>> list_devices(const OpenClApi& api);

using ClBuffer = std::unique_ptr<std::remove_pointer_t<cl_mem>, decltype(&clReleaseMemObject)>;
using ClProgram = std::unique_ptr<std::remove_pointer_t<cl_program>, decltype(&clReleaseProgram)>;
using ClKernel = std::unique_ptr<std::remove_pointer_t<cl_kernel>, decltype(&clReleaseKernel)>;

/// One device in use: context, in-order queue. The first call that the driver refuses is kept in `trouble`;
/// later calls do nothing, so that measuring code needs no early returns. Check it before a figure is
/// believed.
class ClDevice {
 public:
  ClDevice(const OpenClApi& api, const ClListed& listed);
  ~ClDevice();
  ClDevice(const ClDevice&) = delete;
  ClDevice& operator=(const ClDevice&) = delete;

  const ClListed& listed() const { return listed_; }
  bool is_cpu() const { return listed_.told.type == AcceleratorType::cpu; }
  /// Work items that fill the device, in groups of group(). On a CPU an item is a whole thread's work.
  std::size_t items() const;
  std::size_t group() const;

  ClProgram build(const std::string& source, const std::string& options);
  ClKernel kernel(const ClProgram& program, const char* name);
  ClBuffer buffer(std::size_t bytes, cl_mem_flags flags = CL_MEM_READ_WRITE);

  template <class... A>
  void arguments(const ClKernel& kernel, const A&... values) {
    cl_uint index = 0;
    // NOLINTNEXTLINE(bugprone-sizeof-expression): the size of a handle, which is a pointer
    (argument(kernel, index++, sizeof(A), &values), ...);
  }
  void enqueue(const ClKernel& kernel, std::size_t items, std::size_t group, cl_event* event = nullptr);
  void write(const ClBuffer& to, const void* from, std::size_t bytes);  ///< returns when done
  void read(const ClBuffer& from, void* to, std::size_t bytes, std::size_t offset = 0);
  void fill(const ClBuffer& buffer, cl_uint word, std::size_t bytes);
  void* map(const ClBuffer& buffer, std::size_t bytes);
  void unmap(const ClBuffer& buffer, void* pointer);
  void finish();
  /// Seconds between two moments of a finished command; nothing where the device's clock does not count.
  std::optional<double> between(cl_event event, cl_profiling_info from, cl_profiling_info to);
  void release(cl_event event) { api_.release_event(event); }

  /// Host wall seconds from before `work` until the queue is empty.
  double timed(const std::function<void()>& work);

  const std::string& trouble() const { return trouble_; }
  void wrong(const std::string& what);  ///< an answer that is not right is trouble too

 private:
  void argument(const ClKernel& kernel, cl_uint index, std::size_t bytes, const void* value);
  bool good(cl_int code, const std::string& call);

  const OpenClApi& api_;
  const ClListed& listed_;
  cl_context context_ = nullptr;
  cl_command_queue queue_ = nullptr;
  std::string trouble_;
};

}  // namespace ridgepoint
