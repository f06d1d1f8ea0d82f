// SPDX-License-Identifier: Apache-2.0
// Memory bandwidth of an OpenCL device: read, copy and triad over random data.
#include "model/core/format.h"
#include "probes/opencl_cells.h"
#include "probes/opencl_kernels.h"
#include "probes/stream_data.h"

namespace ridgepoint {
namespace {

constexpr std::uint64_t kSeedA = 11, kSeedB = 12;
constexpr float kFactor = 3;

/// The three arrays and their kernels.
class Streams {
 public:
  Streams(ClDevice& device, double array_byte)
      : device_(device),
        program_(device.build(stream_source(device.is_cpu()), "")),
        generate_(device.kernel(program_, "generate")),
        sum_(device.kernel(program_, "sum")),
        copy_(device.kernel(program_, "copy")),
        triad_(device.kernel(program_, "triad")),
        vector_byte_(device.is_cpu() ? 64 : 16),
        per_item_(static_cast<std::size_t>(array_byte) / (device.items() * vector_byte_) / 4 * 4),
        bytes_(per_item_ * device.items() * vector_byte_),
        a_(device.buffer(bytes_)),
        b_(device.buffer(bytes_)),
        c_(device.buffer(bytes_)),
        partial_(device.buffer(device.items() * vector_byte_)) {
    if (per_item_ == 0) device_.wrong("the device allows too little memory for the bandwidth loops");
  }

  double bytes() const { return static_cast<double>(bytes_); }

  double read() {
    device_.arguments(sum_, a_.get(), partial_.get(), cl_ulong{per_item_});
    return run(sum_, 1);
  }
  double copy() {
    device_.arguments(copy_, a_.get(), c_.get(), cl_ulong{per_item_});
    return run(copy_, 2);
  }
  double triad() {
    device_.arguments(triad_, a_.get(), b_.get(), c_.get(), cl_float{kFactor}, cl_ulong{per_item_});
    return run(triad_, 3);
  }

  /// Makes the data, then runs each pattern once over a spoilt destination and checks what it wrote.
  void prepare() {
    const cl_ulong words = per_item_ * vector_byte_ / sizeof(cl_ulong);
    device_.arguments(generate_, a_.get(), cl_ulong{kSeedA}, words);
    device_.enqueue(generate_, device_.items(), device_.group());
    device_.arguments(generate_, b_.get(), cl_ulong{kSeedB}, words);
    device_.enqueue(generate_, device_.items(), device_.group());
    device_.fill(partial_, 0, device_.items() * vector_byte_);
    read();
    check(sum_is_right(), "read");
    spoil_and([&] { copy(); });
    check(written_is_right(0), "copy");
    spoil_and([&] { triad(); });
    check(written_is_right(kFactor), "triad");
  }

 private:
  double run(const ClKernel& kernel, double arrays) {
    const double seconds = device_.timed([&] { device_.enqueue(kernel, device_.items(), device_.group()); });
    return device_.trouble().empty() ? arrays * bytes() / seconds : 0;
  }

  template <class Work>
  void spoil_and(const Work& work) {
    device_.fill(c_, 0xbf800000, bytes_);
    work();
  }

  void check(bool right, const std::string& pattern) {
    if (!right) device_.wrong("the " + pattern + " loop gave a wrong answer");
  }

  bool sum_is_right() {
    std::vector<std::uint64_t> partial(device_.items() * vector_byte_ / 8);
    device_.read(partial_, partial.data(), partial.size() * 8);
    std::uint64_t got = 0;
    for (const std::uint64_t p : partial) got += p;
    return got == stream_sum(kSeedA, bytes_ / 8);
  }

  bool written_is_right(float factor) {
    return stream_pages_right(
        bytes_, {.first = kSeedA, .second = kSeedB, .factor = factor},
        [&](float* page, std::size_t offset, std::size_t bytes) { device_.read(c_, page, bytes, offset); });
  }

  ClDevice& device_;
  ClProgram program_;
  ClKernel generate_, sum_, copy_, triad_;
  std::size_t vector_byte_, per_item_, bytes_;
  ClBuffer a_, b_, c_, partial_;
};

}  // namespace

std::vector<Cell> bandwidth_cells(ClDevice& device, const AcceleratorSizes& sizes,
                                  const std::string& source) {
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

}  // namespace ridgepoint
