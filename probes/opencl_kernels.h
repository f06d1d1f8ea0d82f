// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ridgepoint {

/// Chains of one work item and steps a round: what the loops in the text below really do.
inline constexpr std::size_t kClChains = 12, kClUnroll = 8;

/// "float16": an OpenCL vector type, or the scalar for one lane.
std::string cl_vector(const std::string& scalar, std::size_t lanes);

/// Kernel `chains` (out, rounds, a, b, fixed): multiply-add chains on registers of one floating-point type.
/// Each lane answers with the largest distance of its chains from the fixed point. Not `fused`: the device
/// has no multiply-add of one rounding, so mad.
std::string float_chains_source(const std::string& scalar, std::size_t lanes, bool fused);

/// Kernel `chains` (out, rounds, a, b): x * a + b on 32-bit integers; lane answers with the sum of its
/// chains.
std::string int32_chains_source(std::size_t lanes);

/// Kernel `chains` (out, rounds, y): x + dot(x, y) over the four bytes of a word
/// (cl_khr_integer_dot_product).
std::string int8_chains_source();

/// First value of a chain of the integer kernels.
constexpr unsigned chain_start(unsigned item, unsigned chain) {
  return item * 2654435761U + chain * 40503U + 1;
}

/// Kernels `generate`, `sum`, `copy`, `triad`, `nothing`. `contiguous`: a work item walks its own block
/// (CPU); otherwise neighbours read neighbouring words (GPU).
std::string stream_source(bool contiguous);

}  // namespace ridgepoint
