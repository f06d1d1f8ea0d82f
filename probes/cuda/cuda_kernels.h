// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Kernels and their launches, in a header that both nvcc and the host compiler read. A launch returns at
// once; the caller synchronises and asks cudaGetLastError.

namespace ridgepoint::cuda {

enum class ChainType { fp64, fp32, fp16, bf16, int32, int8_dot };
enum class TensorType { fp16, bf16, int8 };
enum class StreamPattern { read, copy, triad };

inline constexpr unsigned kChains = 12, kUnroll = 8;
inline constexpr unsigned kIntFactor = 1664525, kIntTerm = 1013904223, kIntBytes = 0x7f81035d;
/// First value of a chain of the integer types.
constexpr std::uint32_t chain_start(std::uint32_t thread, std::uint32_t chain) {
  return thread * 2654435761U + chain * 40503U + 1;
}
/// Lanes of a thread: the two-byte types are computed in pairs.
constexpr unsigned lanes(ChainType type) {
  return type == ChainType::fp16 || type == ChainType::bf16 ? 2 : 1;
}

struct Grid {
  unsigned blocks, threads;
};

/// kUnroll * rounds steps of kChains chains a thread. Answer per thread: floating point, the largest relative
/// distance from the fixed point as a float; integers, the sum of the chains.
void launch_chains(ChainType type, Grid grid, int rounds, std::uint32_t* answer);

/// Each warp adds a * b (16 x 16 matrices, values -1 and 1) to kTiles accumulators, `rounds` times; tile t
/// starts at t + 1. Answer per warp: the sum of its tiles, 256 words (float; int for int8).
inline constexpr unsigned kTiles = 4, kTileEdge = 16;
void launch_tensor(TensorType type, Grid grid, int rounds, const void* a, const void* b,
                   std::uint32_t* answer);

/// Words of 64 random bits whose halves are floats in [1, 2), as probes/stream_data.h.
void launch_generate(Grid grid, unsigned long long* out, unsigned long long seed, unsigned long long words);
/// `vectors` of 16 bytes. read: `out` gets one 64-bit sum a thread. triad: in + 3 * other, as floats.
void launch_stream(StreamPattern pattern, Grid grid, const void* in, const void* other, void* out,
                   unsigned long long vectors);
void launch_nothing();

}  // namespace ridgepoint::cuda
