// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/platform.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// Standard normal quantile of 90 %: 80 % lie within this many deviations of the middle.
inline constexpr double kQuantile90 = 1.2816;

/// A roof as the model uses it: what the platform can be expected to sustain, with the standard deviation of
/// its natural logarithm. A measured roof is taken as it is; a nominal one (datasheet, press, arithmetic) is
/// multiplied by a sustained share and gets a wider deviation. Constants and their sources stand in
/// roofs.cpp.
struct Roof {
  std::string key;       ///< the fact's key
  double nominal = 0;    ///< the fact's value
  double sustained = 0;  ///< nominal times the sustained share
  double sigma = 0;
  Basis basis = Basis::assumed;
};

/// Standard deviation of the logarithm that a fact's own lo..hi stands for (10 % to 90 %); 0 without an
/// interval.
double interval_sigma(const Fact& fact);

/// The fastest compute roof that may serve one of `precisions`, FLOP/s. Keys `compute.<dtype>.<isa>` without
/// a thread suffix count; `.matrix` ones only for matrix-like work (`dense`).
std::optional<Roof> compute_roof(const Facts& facts, const std::vector<std::string>& precisions, bool dense);

/// One memory level that can hold data: "dram", "hbm", "mcdram", "gddr", "lpddr", "sram" ...
struct MemoryTier {
  std::string name;
  std::optional<double> capacity_byte;
  std::optional<Roof> bandwidth;  ///< byte/s
};

/// Tiers in name order. `write_share` (written / all traffic of the stage, 0 to 1) picks the measured pattern
/// nearest to it: read 0, triad 1/3, copy 1/2. A datasheet peak serves every mix.
std::vector<MemoryTier> memory_tiers(const Facts& facts, double write_share);

/// Written bytes over all bytes.
double write_share(double read_byte, double written_byte);

}  // namespace ridgepoint
