// SPDX-License-Identifier: Apache-2.0
// Memory bandwidth, launch latency and host link of a CUDA device.
#include <cmath>
#include <cstring>

#include "model/core/format.h"
#include "model/core/random.h"
#include "probes/cuda/cuda_cells.h"
#include "probes/stream_data.h"

namespace ridgepoint::cuda {
namespace {

constexpr std::uint64_t kSeedA = 11, kSeedB = 12;
constexpr int kLaunches = 100, kSmallCopies = 100;
constexpr std::size_t kVector = 16;

class Streams {
 public:
  Streams(Device& device, double array_byte)
      : device_(device),
        vectors_(static_cast<std::size_t>(array_byte) / kVector),
        bytes_(vectors_ * kVector),
        a_(device.memory(bytes_)),
        b_(device.memory(bytes_)),
        c_(device.memory(bytes_)),
        sums_(device.memory(device.threads() * 8)) {}

  double bytes() const { return static_cast<double>(bytes_); }
  double read() { return run(StreamPattern::read, sums_, 1); }
  double copy() { return run(StreamPattern::copy, c_, 2); }
  double triad() { return run(StreamPattern::triad, c_, 3); }

  /// Makes the data, then runs each pattern once over a spoilt destination and checks what it wrote.
  void prepare() {
    const auto make = [&](const DeviceMemory& m, std::uint64_t seed) {
      device_.timed([&] {
        launch_generate(device_.grid(), static_cast<unsigned long long*>(m.get()), seed, bytes_ / 8);
      });
    };
    make(a_, kSeedA);
    make(b_, kSeedB);
    device_.fill(sums_, 0xff, device_.threads() * 8);
    read();
    check(sum_is_right(), "read");
    device_.fill(c_, 0xff, bytes_);
    copy();
    check(written_is_right(0), "copy");
    device_.fill(c_, 0xff, bytes_);
    triad();
    check(written_is_right(3), "triad");
  }

 private:
  double run(StreamPattern pattern, const DeviceMemory& out, double arrays) {
    const double seconds = device_.timed(
        [&] { launch_stream(pattern, device_.grid(), a_.get(), b_.get(), out.get(), vectors_); });
    return device_.trouble().empty() ? arrays * bytes() / seconds : 0;
  }

  void check(bool right, const std::string& pattern) {
    if (!right) device_.wrong("the " + pattern + " loop gave a wrong answer");
  }

  bool sum_is_right() {
    std::vector<std::uint64_t> sums(device_.threads());
    device_.copy(sums.data(), sums_.get(), sums.size() * 8, cudaMemcpyDeviceToHost);
    std::uint64_t got = 0;
    for (const std::uint64_t s : sums) got += s;
    return got == stream_sum(kSeedA, bytes_ / 8);
  }

  bool written_is_right(float factor) {
    return stream_pages_right(bytes_, {.first = kSeedA, .second = kSeedB, .factor = factor},
                              [&](float* page, std::size_t offset, std::size_t n) {
                                device_.copy(page, static_cast<const char*>(c_.get()) + offset, n,
                                             cudaMemcpyDeviceToHost);
                              });
  }

  Device& device_;
  std::size_t vectors_, bytes_;
  DeviceMemory a_, b_, c_, sums_;
};

class Link {
 public:
  Link(Device& device, std::size_t bytes)
      : device_(device),
        bytes_(bytes),
        remote_(device.memory(bytes)),
        pinned_(device.pinned(bytes)),
        pageable_(bytes) {
    random_fill(pageable_, 21);
  }

  /// There and back in both kinds, whole contents compared.
  void prepare() {
    if (!device_.trouble().empty()) return;
    std::memcpy(pinned_.get(), pageable_.data(), bytes_);
    for (const void* from :
         {static_cast<const void*>(pageable_.data()), static_cast<const void*>(pinned_.get())}) {
      device_.fill(remote_, 0, bytes_);
      device_.copy(remote_.get(), from, bytes_, cudaMemcpyHostToDevice);
      std::vector<unsigned char> back(bytes_);
      device_.copy(back.data(), remote_.get(), bytes_, cudaMemcpyDeviceToHost);
      if (back != pageable_) device_.wrong("what was sent to the device came back changed");
    }
    std::memset(pinned_.get(), 0, bytes_);
    device_.copy(pinned_.get(), remote_.get(), bytes_, cudaMemcpyDeviceToHost);
    if (device_.trouble().empty() && std::memcmp(pinned_.get(), pageable_.data(), bytes_) != 0)
      device_.wrong("what the device sent into pinned memory is wrong");
  }

  void* host(bool pinned) { return pinned ? pinned_.get() : pageable_.data(); }
  double send(bool pinned) {
    return static_cast<double>(bytes_) /
           device_.timed([&] { device_.copy(remote_.get(), host(pinned), bytes_, cudaMemcpyHostToDevice); });
  }
  double fetch(bool pinned) {
    return static_cast<double>(bytes_) /
           device_.timed([&] { device_.copy(host(pinned), remote_.get(), bytes_, cudaMemcpyDeviceToHost); });
  }
  /// Seconds of one blocking copy of four bytes.
  double small(bool to_device) {
    return device_.timed([&] {
      for (int i = 0; i < kSmallCopies; ++i)
        to_device ? device_.copy(remote_.get(), pinned_.get(), 4, cudaMemcpyHostToDevice)
                  : device_.copy(pinned_.get(), remote_.get(), 4, cudaMemcpyDeviceToHost);
    }) / kSmallCopies;
  }

 private:
  Device& device_;
  std::size_t bytes_;
  DeviceMemory remote_;
  PinnedMemory pinned_;
  std::vector<unsigned char> pageable_;
};

}  // namespace

std::vector<Cell> bandwidth_cells(Device& device, const AcceleratorSizes& sizes, const std::string& source) {
  auto streams = std::make_shared<Streams>(device, sizes.array_byte);
  streams->prepare();
  const std::string how =
      source + "arrays of " + show_bytes(streams->bytes()) + ", random data, bytes of the loop";
  const auto cell = [&](const std::string& pattern, double (Streams::*run)()) {
    return Cell{device.listed().told.key("memory.bandwidth." + pattern), "byte/s", how,
                [streams, run] { return (streams.get()->*run)(); }};
  };
  return {cell("read", &Streams::read), cell("copy", &Streams::copy), cell("triad", &Streams::triad)};
}

std::vector<Cell> launch_cells(Device& device, const std::string& source) {
  const Accelerator& told = device.listed().told;
  device.timed(launch_nothing);  // the first loads the kernel
  return {{told.key("launch.latency"), "s", source + "empty kernel, launch to finished, host clock",
           [&device] {
             return device.timed([&] {
               for (int i = 0; i < kLaunches; ++i) launch_nothing(), device.finish();
             }) / kLaunches;
           }},
          {told.key("launch.interval"), "s", source + "empty kernels one behind the other, host clock",
           [&device] {
             return device.timed([&] {
               for (int i = 0; i < kLaunches; ++i) launch_nothing();
             }) / kLaunches;
           }}};
}

std::vector<Cell> link_cells(Device& device, const AcceleratorSizes& sizes, const std::string& source) {
  auto link = std::make_shared<Link>(device, static_cast<std::size_t>(sizes.transfer_byte));
  link->prepare();
  const Accelerator& told = device.listed().told;
  const std::string what =
      source + (told.host_memory ? "within the host's memory, " : "") + "blocking copies of ";
  const std::string large = what + show_bytes(sizes.transfer_byte) + ", ";
  std::vector<Cell> cells;
  for (const bool pinned : {true, false}) {
    const std::string kind = pinned ? "pinned" : "pageable";
    cells.push_back({told.key("link.to_device." + kind), "byte/s", large + kind,
                     [link, pinned] { return link->send(pinned); }});
    cells.push_back({told.key("link.from_device." + kind), "byte/s", large + kind,
                     [link, pinned] { return link->fetch(pinned); }});
  }
  cells.push_back(
      {told.key("link.to_device.latency"), "s", what + "4 bytes", [link] { return link->small(true); }});
  cells.push_back(
      {told.key("link.from_device.latency"), "s", what + "4 bytes", [link] { return link->small(false); }});
  return cells;
}

}  // namespace ridgepoint::cuda
