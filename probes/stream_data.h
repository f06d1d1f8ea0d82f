// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

// The random data of the accelerators' loops, and how their answers are checked on the host.

namespace ridgepoint {

/// 64 random bits whose halves are floats in [1, 2), so that integer and floating-point loops share the data.
constexpr std::uint64_t stream_word(std::uint64_t random) {
  return (random & 0x007fffff007fffffULL) | 0x3f8000003f800000ULL;
}

/// Sum of the first `words` words, modulo 2^64.
std::uint64_t stream_sum(std::uint64_t seed, std::size_t words);

/// What a loop should have written: the floats of `first`, plus `factor` times those of `second`.
struct StreamWant {
  std::uint64_t first = 0, second = 0;
  float factor = 0;
};

/// Is what was written right in the first page, the last, and 64 random ones? `fetch(to, offset, bytes)`
/// reads it back. A copy exactly, a triad to the rounding of its multiply-add. Precondition: bytes >= 4096.
bool stream_pages_right(std::size_t bytes, const StreamWant& want,
                        const std::function<void(float*, std::size_t, std::size_t)>& fetch);

/// Random bytes. Precondition: a multiple of eight.
void random_fill(std::vector<unsigned char>& bytes, std::uint64_t seed);

}  // namespace ridgepoint
