// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ridgepoint {

/// Elements of an array of a stream kernel: a multiple of this, so that no kernel has a remainder loop, up to
/// vectors of 2048 bits.
constexpr std::size_t kStreamGrain = 512;

/// Arrays of n doubles, 64-byte aligned; n is a multiple of kStreamGrain. The kernel goes over them `passes`
/// times.
struct StreamArgs {
  const double* a = nullptr;
  const double* b = nullptr;
  double* c = nullptr;
  std::size_t n = 0;
  double factor = 0;
  std::int64_t passes = 1;
  std::uint64_t parity = 0;  ///< out: of `read`: exclusive or of all words of the last pass
};

/// One pattern for the best instruction set of this CPU (run-time dispatch). Bytes are those of the loop.
struct StreamKernel {
  std::string name;
  int loads, stores;              ///< arrays read and written: 8 bytes an element each
  void (*cached)(StreamArgs&);    ///< ordinary stores: memory reads a line before it is written
  void (*streamed)(StreamArgs&);  ///< non-temporal stores: memory only writes; null where nothing is written
  /// What c[k] must be.
  double (*expected)(const StreamArgs&, std::size_t k);

  double bytes_per_element() const { return 8.0 * (loads + stores); }
  /// With the lines that ordinary stores read before they write them.
  double bus_bytes_per_element() const { return 8.0 * (loads + 2 * stores); }
};

/// read (exclusive or of the words of a), write (c = factor), copy (c = a), scale (c = factor a), add (c = a
/// + b), triad (c = a + factor b).
const std::vector<StreamKernel>& stream_kernels();

/// The read kernel with `adds` dependent additions beside every kStreamClockLoads vector loads: see
/// CycleChain.
struct StreamClock {
  int adds;
  void (*read)(StreamArgs&);
};
constexpr int kStreamClockLoads = 8;
const std::vector<StreamClock>& stream_clocks();

/// Instruction set of the kernels here ("avx512", "avx2", "sse4", "neon" ...) and bytes of its vectors.
std::string stream_isa();
std::size_t stream_vector_bytes();

/// Reads n doubles, once: exclusive or of their words, and the same by a plain loop to check it.
std::uint64_t read_parity(const double* words, std::size_t n);
std::uint64_t plain_parity(const double* words, std::size_t n);

/// Are the answers right? Runs every kernel once, ordinary and streamed, and compares each `step`th element,
/// to one rounding; what was read exactly. Empty, or the name of the pattern that was wrong.
std::string wrong_stream_kernel(StreamArgs args, std::size_t step);

}  // namespace ridgepoint
