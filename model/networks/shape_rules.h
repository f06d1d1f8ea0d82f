// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/result.h"
#include "model/networks/graph.h"

// Shapes of results, and the limits that keep every sum of the measures inside 64 bits.

namespace ridgepoint::net {

/// Every list with one number a spatial axis, in range, pad_end filled. `axes` counts batch and channels too.
Result<Window> full_window(const Window& window, std::size_t axes);

Result<Shape> conv_shape(const Shape& in, const Window& window, std::int64_t channels, std::int64_t groups);
Result<Shape> transposed_shape(const Shape& in, const Window& window, std::int64_t channels,
                               std::int64_t groups);
Result<Shape> pool_shape(const Shape& in, const Window& window);
/// NumPy's rule for shapes of the same number of axes.
Result<Shape> broadcast_shape(const Shape& a, const Shape& b);

/// At least one number, no more than 2^50, every extent positive.
Result<void> check_extents(const Shape& shape);
/// All operators together: no more than 2^57 numbers moved, 2^59 multiply-accumulates.
Result<void> check_sums(const Graph& graph);

/// Multiply-accumulates of one operator, forward; 0 for all but convolutions and linear layers.
/// Saturates at 2^60.
std::int64_t macs_of(const Graph& graph, const Operator& op);

}  // namespace ridgepoint::net
