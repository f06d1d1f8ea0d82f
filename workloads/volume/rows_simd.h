// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

// The inner loops of resampling and filtering, for the best instruction set of this CPU (run-time dispatch).

namespace ridgepoint {

/// out[i] = sum over k < taps of weights[k] * rows[k][i], i < n.
void combine_rows(const float* const* rows, const float* weights, std::size_t taps, std::size_t n,
                  float* out);

/// out[i] = sum over k < taps of weights[k][i] * row[indices[k][i]], i < n. No index is 2^31 or more.
void gather_row(const float* row, const std::int32_t* const* indices, const float* const* weights,
                std::size_t taps, std::size_t n, float* out);

/// row[i] += factor * before[i], i < n.
void add_scaled(float* row, const float* before, float factor, std::size_t n);

/// row[i] = factor * (after[i] - gain * row[i]), i < n.
void from_next(float* row, const float* after, float factor, float gain, std::size_t n);

/// out[i] = clamp(scale * in[i] + shift, 0, 1), i < n. `in` need not be aligned.
void window_int16(const std::byte* in, float scale, float shift, std::size_t n, float* out);

std::string rows_isa();

}  // namespace ridgepoint
