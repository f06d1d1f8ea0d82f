// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ridgepoint {

/// Bandwidth kernels for the best instruction set of this CPU (run-time dispatch). Arrays are 64-byte
/// aligned, n is a multiple of 64 elements. Stores are non-temporal, so there is no write-allocate traffic:
/// the bytes of the loop are the bytes of the memory bus.

/// Sum of a[0..n): 8n bytes read. The sum is returned so that the loads cannot be removed.
double stream_read(const double* a, std::size_t n);
/// c[i] = a[i]: 8n read, 8n written.
void stream_copy(const double* a, double* c, std::size_t n);
/// c[i] = a[i] + s * b[i]: 16n read, 8n written, 2n flop.
void stream_triad(const double* a, const double* b, double s, double* c, std::size_t n);

/// Instruction set the three kernels use here: "avx512", "avx2", "sse4", "neon" ...
std::string stream_isa();

}  // namespace ridgepoint
