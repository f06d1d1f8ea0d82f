// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

// What a way to need less memory costs in work. Pure arithmetic; sources stand at each formula.

namespace ridgepoint::memory {

/// Voxels of context on each side that one output voxel of a U-Net with `levels` poolings by two and two
/// 3^3 convolutions a stage depends on: 6 * 2^L - 4.
std::int64_t exact_halo(int levels);

/// The halo of a tile cut at a multiple of 2^L, itself such a multiple. Pooling windows that
/// straddle the radius reach up to 2 voxels beyond it, so a tile needs this one.
std::int64_t aligned_halo(int levels);

/// Work of disjoint tiles with a halo, against the volume without: prod of (t + 2h) / t over `axes`.
double tile_work(double tile, double halo, int axes = 3);

/// Windows of extent `window` over `length` with overlap share `o`: ceil((length - window) / stride) + 1.
std::int64_t windows(std::int64_t length, std::int64_t window, double overlap);

/// Voxels computed per voxel by overlapping windows in a large volume: 1 / (1 - o)^axes.
double overlap_work(double overlap, int axes = 3);

/// Share of a chain's states that stays with a checkpoint every sqrt(L) layers: 2 * sqrt(L) / L, at most 1
/// (Chen et al. 2016).
double checkpoint_share(std::int64_t layers);

/// Smallest r with C(c + r, c) >= L: how often the optimal schedule repeats a step at most (Griewank and
/// Walther 2000).
std::int64_t revolve_repetition(std::int64_t layers, std::int64_t slots);

/// Forward steps that the optimal schedule adds to reverse a chain of L steps with c stored states, the first
/// one included: r L - C(c + r, c + 1). Precondition: both at least 1.
std::int64_t revolve_steps(std::int64_t layers, std::int64_t slots);

/// Bytes that cross one cut when a volume is split, forward and backward: 2 * face * channels * halo * size
/// a convolution, summed by the caller.
double exchange_seconds(double byte, double byte_per_second, double messages, double latency_s);

/// A job that keeps `byte` on the other side of a link: both ways, hidden behind the arithmetic when
/// prefetched, else behind nothing.
double offload_seconds(double compute_s, double byte, double byte_per_second, bool prefetched);

}  // namespace ridgepoint::memory
