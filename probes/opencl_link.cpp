// SPDX-License-Identifier: Apache-2.0
// Launch latency and the link between host and OpenCL device.
#include <cstring>

#include "model/core/format.h"
#include "probes/opencl_cells.h"
#include "probes/opencl_kernels.h"
#include "probes/stream_data.h"

namespace ridgepoint {
namespace {

constexpr int kLaunches = 100, kSmallCopies = 100;

struct Nothing {
  ClProgram program;
  ClKernel kernel;
  ClBuffer unused;
};

/// Seconds from the host's call to the kernel's start, by the device's own clock, of one launch; 0 = not
/// told.
double queued_to_start(ClDevice& device, const Nothing& nothing) {
  cl_event event = nullptr;
  device.enqueue(nothing.kernel, device.group(), device.group(), &event);
  device.finish();
  if (event == nullptr) return 0;
  const auto seconds = device.between(event, CL_PROFILING_COMMAND_QUEUED, CL_PROFILING_COMMAND_START);
  device.release(event);
  return seconds.value_or(0);
}

/// Host memory in both kinds and the device's copy.
class Link {
 public:
  Link(ClDevice& device, std::size_t bytes)
      : device_(device),
        bytes_(bytes),
        remote_(device.buffer(bytes)),
        pinned_buffer_(device.buffer(bytes, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR)),
        pinned_(static_cast<unsigned char*>(device.map(pinned_buffer_, bytes))),
        pageable_(bytes) {
    random_fill(pageable_, 21);
  }
  ~Link() {
    if (pinned_ != nullptr) device_.unmap(pinned_buffer_, pinned_);
    device_.finish();
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// There and back in both kinds, whole contents compared.
  void prepare() {
    if (pinned_ == nullptr) return;
    std::memcpy(pinned_, pageable_.data(), bytes_);
    for (unsigned char* from : {pageable_.data(), pinned_}) {
      device_.fill(remote_, 0, bytes_);
      device_.write(remote_, from, bytes_);
      std::vector<unsigned char> back(bytes_);
      device_.read(remote_, back.data(), bytes_);
      if (back != pageable_) device_.wrong("what was sent to the device came back changed");
    }
    std::memset(pinned_, 0, bytes_);
    device_.read(remote_, pinned_, bytes_);
    if (device_.trouble().empty() && std::memcmp(pinned_, pageable_.data(), bytes_) != 0)
      device_.wrong("what the device sent into pinned memory is wrong");
  }

  double send(bool pinned) {
    return rate(device_.timed([&] { device_.write(remote_, pinned ? pinned_ : pageable_.data(), bytes_); }));
  }
  double fetch(bool pinned) {
    return rate(device_.timed([&] { device_.read(remote_, pinned ? pinned_ : pageable_.data(), bytes_); }));
  }
  /// Seconds of one blocking copy of four bytes.
  double small(bool to_device) {
    return device_.timed([&] {
      for (int i = 0; i < kSmallCopies; ++i)
        to_device ? device_.write(remote_, pinned_, 4) : device_.read(remote_, pinned_, 4);
    }) / kSmallCopies;
  }

 private:
  double rate(double seconds) const { return static_cast<double>(bytes_) / seconds; }

  ClDevice& device_;
  std::size_t bytes_;
  ClBuffer remote_, pinned_buffer_;
  unsigned char* pinned_;
  std::vector<unsigned char> pageable_;
};

}  // namespace

std::vector<Cell> launch_cells(ClDevice& device, const std::string& source) {
  ClProgram program = device.build(stream_source(device.is_cpu()), "");
  ClKernel kernel = device.kernel(program, "nothing");
  auto nothing = std::make_shared<Nothing>(Nothing{std::move(program), std::move(kernel), device.buffer(64)});
  device.arguments(nothing->kernel, nothing->unused.get());
  const auto launch = [&device, nothing] { device.enqueue(nothing->kernel, device.group(), device.group()); };
  const Accelerator& told = device.listed().told;
  std::vector<Cell> cells;
  cells.push_back({told.key("launch.latency"), "s", source + "empty kernel, enqueue to finished, host clock",
                   [&device, launch] {
                     return device.timed([&] {
                       for (int i = 0; i < kLaunches; ++i) launch(), device.finish();
                     }) / kLaunches;
                   }});
  cells.push_back({told.key("launch.interval"), "s",
                   source + "empty kernels one behind the other, host clock", [&device, launch] {
                     return device.timed([&] {
                       for (int i = 0; i < kLaunches; ++i) launch();
                     }) / kLaunches;
                   }});
  queued_to_start(device, *nothing);          // the first may compile
  if (queued_to_start(device, *nothing) > 0)  // absent where the profiling clock does not count
    cells.push_back({told.key("launch.queued_to_start"), "s", source + "empty kernel, profiling events",
                     [&device, nothing] { return queued_to_start(device, *nothing); }});
  return cells;
}

std::vector<Cell> link_cells(ClDevice& device, const AcceleratorSizes& sizes, const std::string& source) {
  auto link = std::make_shared<Link>(device, static_cast<std::size_t>(sizes.transfer_byte));
  link->prepare();
  const Accelerator& told = device.listed().told;
  const std::string what =
      source + (told.host_memory ? "within the host's memory, " : "") + "blocking copies of ";
  const std::string large = what + show_bytes(sizes.transfer_byte) + ", ";
  return {
      {told.key("link.to_device.pinned"), "byte/s", large + "CL_MEM_ALLOC_HOST_PTR",
       [link] { return link->send(true); }},
      {told.key("link.to_device.pageable"), "byte/s", large + "ordinary memory",
       [link] { return link->send(false); }},
      {told.key("link.from_device.pinned"), "byte/s", large + "CL_MEM_ALLOC_HOST_PTR",
       [link] { return link->fetch(true); }},
      {told.key("link.from_device.pageable"), "byte/s", large + "ordinary memory",
       [link] { return link->fetch(false); }},
      {told.key("link.to_device.latency"), "s", what + "4 bytes", [link] { return link->small(true); }},
      {told.key("link.from_device.latency"), "s", what + "4 bytes", [link] { return link->small(false); }}};
}

}  // namespace ridgepoint
