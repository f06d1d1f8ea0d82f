// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// Gather kernels for the best instruction set of this CPU (run-time dispatch). The elements at `count`
/// pseudo-random places of a table of mask + 1 elements (a power of two) are loaded with vector gathers and
/// added, modulo 2^32 or 2^64. Places come from one xorshift generator a lane (Marsaglia 2003), in registers,
/// so nothing but the table is read. Precondition: count is a multiple of kGatherStep.

constexpr std::size_t kGatherStep = 1024;

std::uint32_t gather_sum(const std::uint32_t* table, std::uint32_t mask, std::uint64_t seed,
                         std::size_t count);
std::uint64_t gather_sum(const std::uint64_t* table, std::uint64_t mask, std::uint64_t seed,
                         std::size_t count);

/// The same sums, one element at a time.
std::uint32_t gather_sum_plain(const std::uint32_t* table, std::uint32_t mask, std::uint64_t seed,
                               std::size_t count);
std::uint64_t gather_sum_plain(const std::uint64_t* table, std::uint64_t mask, std::uint64_t seed,
                               std::size_t count);

/// Instruction set in use: "avx512", "avx2", "sse4" (which has no gather: single loads), "neon" ...
std::string gather_isa();

}  // namespace ridgepoint
